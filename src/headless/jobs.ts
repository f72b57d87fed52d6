/** Which pictures `sftgan upscale` enlarges, and into which files. */
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join, parse, resolve } from "node:path";
import { glob } from "tinyglobby";
import { refusalOfAddress } from "./files";
import { PICTURE_TYPES } from "./output";
import { UsageError } from "./usage";

export interface Job {
  readonly from: string;
  readonly to: string;
}

const READ = [".png", ".jpg", ".jpeg", ".webp", ".avif"];

const kindOf = async (path: string): Promise<"file" | "folder" | undefined> => {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? "folder" : "file");
};

/**
 * One picture goes to the file OUT, or into the folder OUT; several go into the folder OUT as <same name>.png. An input is a
 * file, a folder (its pictures; not those in folders inside it) or a glob pattern. Throws UsageError where there is nothing to
 * enlarge, or OUT cannot take it.
 */
export async function jobsOf(inputs: readonly string[], out: string): Promise<Job[]> {
  const sentence = [...inputs, out].map(refusalOfAddress).find(Boolean);
  if (sentence) throw new UsageError(sentence);
  const found = await Promise.all(inputs.map(pictures));
  const files = [...new Set(found.flatMap(({ files }) => files))];
  const one = inputs.length === 1 && found[0]!.single;
  const ending = extname(out).toLowerCase();
  const kind = await kindOf(out);
  if (one && kind !== "folder" && ending !== "" && !/[/\\]$/.test(out)) {
    if (!PICTURE_TYPES[ending])
      throw new UsageError(
        `OUT "${out}" ends in "${ending}": the ending must be one of ${Object.keys(PICTURE_TYPES).join(", ")}`,
      );
    return [{ from: files[0]!, to: out }];
  }
  if (kind === "file" || (PICTURE_TYPES[ending] && kind !== "folder"))
    throw new UsageError(
      one
        ? `OUT "${out}" is a file with no picture's ending: end it in one of ${Object.keys(PICTURE_TYPES).join(", ")}, or give a folder`
        : `OUT "${out}" names a file, and the pictures of a folder, a pattern or several IN need a folder: give a folder`,
    );
  return files.map((from) => ({ from, to: join(out, `${parse(from).name}.png`) }));
}

async function pictures(input: string): Promise<{ readonly files: string[]; readonly single: boolean }> {
  const kind = await kindOf(input);
  if (kind === "file") return { files: [input], single: true };
  if (kind === "folder") {
    const names = (await readdir(input, { withFileTypes: true }))
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith(".") && READ.includes(extname(entry.name).toLowerCase()))
      .map((entry) => entry.name)
      .sort();
    if (names.length === 0)
      throw new UsageError(`the folder "${input}" holds no picture (${READ.join(", ")}): give another folder`);
    return { files: names.map((name) => join(input, name)), single: false };
  }
  if (!/[*?[\]{}!]/.test(input)) throw new UsageError(`"${input}" does not exist: give a picture, a folder or a pattern`);
  const files = (await glob(input, { expandDirectories: false, onlyFiles: true })).sort();
  if (files.length === 0)
    throw new UsageError(`no file fits the pattern "${input}": give a picture, a folder or another pattern`);
  return { files, single: false };
}

/** Why a job cannot be done as it stands: it would write over its own picture, or over another job's result. */
export function clash(job: Job, jobs: readonly Job[]): string | undefined {
  if (jobs.some(({ from }) => resolve(from) === resolve(job.to)))
    return `its result would replace the picture "${job.to}": choose another OUT`;
  const first = jobs.find(({ to }) => resolve(to).toLowerCase() === resolve(job.to).toLowerCase());
  if (first && first !== job)
    return `its result would have the same name as that of "${basename(first.from)}", ${basename(job.to)}: rename one of them`;
  return undefined;
}
