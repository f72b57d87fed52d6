/** Which pictures `sftgan upscale` enlarges, and into which files. */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, parse, resolve } from "node:path";
import { glob } from "tinyglobby";
import { ALL_PICTURE_ENDINGS, PICTURE_ENDINGS } from "../codec/inspect";
import { readBytes, refusalOfAddress } from "./files";
import { PICTURE_TYPES } from "./output";
import { recipeHashIn } from "./own";
import { identity } from "./replace";
import { UsageError } from "./usage";

export interface Job {
  readonly from: string;
  readonly to: string;
}

/** Those that are not read, such as a phone's .heic, too: none is left out of a folder without a word. */
const isPictureName = (name: string) => ALL_PICTURE_ENDINGS.includes(extname(name).toLowerCase());

const kindOf = async (path: string): Promise<"file" | "folder" | undefined> => {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? "folder" : "file");
};

/** What to do, and how many pictures in OUT are not enlarged, being results themselves. */
export interface Plan {
  readonly jobs: readonly Job[];
  readonly results: number;
}

/**
 * One picture goes to the file OUT, or into the folder OUT; several go into the folder OUT as <same name>.png. An input is a
 * file, a folder (its pictures; not those in folders inside it) or a glob pattern. Throws UsageError where there is nothing to
 * enlarge, or OUT cannot take it.
 */
export async function planOf(inputs: readonly string[], out: string): Promise<Plan> {
  const message = [...inputs, out].map((path) => refusalOfAddress(path) ?? refusalOfDash(path)).find(Boolean);
  if (message) throw new UsageError(message);
  const found = await Promise.all(inputs.map(pictures));
  const byPath = new Map(found.flatMap(({ files }) => files.map((file) => [resolve(file), file])));
  const files = [...byPath.values()];
  const one = inputs.length === 1 && found[0]!.single;
  const ending = extname(out).toLowerCase();
  const kind = await kindOf(out);
  if (one && kind !== "folder" && ending !== "" && !/[/\\]$/.test(out)) {
    if (!PICTURE_TYPES[ending])
      throw new UsageError(
        `OUT "${out}" ends in "${ending}": the ending must be one of ${Object.keys(PICTURE_TYPES).join(", ")}`,
      );
    return { jobs: [{ from: files[0]!, to: out }], results: 0 };
  }
  if (kind === "file" || (PICTURE_TYPES[ending] && kind !== "folder"))
    throw new UsageError(
      one
        ? `OUT "${out}" is a file with no picture's ending: end it in one of ${Object.keys(PICTURE_TYPES).join(", ")}, or give a folder`
        : `OUT "${out}" names a file, and the pictures of a folder, a pattern or several IN need a folder: give a folder`,
    );
  const asked = new Set(found.flatMap(({ files, single }) => (single ? files.map((file) => resolve(file)) : [])));
  const listed = await withoutResults(
    files.filter((file) => !asked.has(resolve(file))),
    out,
  );
  const kept = new Set(listed);
  const sources = files.filter((file) => kept.has(file) || asked.has(resolve(file)));
  if (sources.length === 0)
    throw new UsageError(`every picture in "${out}" is a result of this program: give pictures that are not`);
  return { jobs: named(sources, out), results: files.length - sources.length };
}

/** A message where a path is what other programs call standard input and output. */
const refusalOfDash = (path: string): string | undefined =>
  path === "-"
    ? 'pictures are read from files and written to files: name one in place of "-", or "./-" for a file of that name'
    : undefined;

async function pictures(input: string): Promise<{ readonly files: string[]; readonly single: boolean }> {
  const kind = await kindOf(input);
  if (kind === "file") return { files: [input], single: true };
  if (kind === "folder") {
    const names = (await readdir(input, { withFileTypes: true }))
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith(".") && isPictureName(entry.name))
      .map((entry) => entry.name)
      .sort();
    if (names.length === 0)
      throw new UsageError(`the folder "${input}" holds no picture (${PICTURE_ENDINGS.join(", ")}): give another folder`);
    return { files: names.map((name) => join(input, name)), single: false };
  }
  if (!/[*?[\]{}!]/.test(input)) throw new UsageError(`"${input}" does not exist: give a picture, a folder or a pattern`);
  const files = (await glob(input, { expandDirectories: false, onlyFiles: true })).sort();
  if (files.length === 0)
    throw new UsageError(`no file fits the pattern "${input}": give a picture, a folder or another pattern`);
  return { files, single: false };
}

/** Names that are one name to a file system that knows no case, or writes accents otherwise. */
const folded = (name: string) => name.normalize("NFC").toLowerCase();

/**
 * A result for each picture: <its name>.png. Where several would have one name, or OUT holds pictures that are enlarged under
 * it, each keeps its ending before ".png"; where that is the same too, it has a number.
 */
function named(files: readonly string[], out: string): Job[] {
  const plain = files.map((from) => `${parse(from).name}.png`);
  const counts = new Map<string, number>();
  for (const name of plain) counts.set(folded(name), (counts.get(folded(name)) ?? 0) + 1);
  const isHere = folderIs(out);
  const sources = new Set(files.filter(isHere).map((from) => folded(basename(from))));
  const isFree = (name: string) => counts.get(folded(name)) === 1 && !sources.has(folded(name));
  const taken = new Set([...sources, ...plain.filter(isFree).map(folded)]);
  const last = new Map<string, number>();
  return files.map((from, i) => {
    if (isFree(plain[i]!)) return { from, to: join(out, plain[i]!) };
    const whole = basename(from);
    let number = last.get(folded(whole)) ?? 1;
    const name = () => (number === 1 ? `${whole}.png` : `${whole}-${number}.png`);
    while (taken.has(folded(name()))) number++;
    taken.add(folded(name()));
    last.set(folded(whole), number);
    return { from, to: join(out, name()) };
  });
}

/** Whether a file lies in the folder `out`, by whatever name. */
function folderIs(out: string): (file: string) => boolean {
  const wanted = identity(out);
  const known = new Map<string, boolean>();
  return (file) => {
    const folder = dirname(file);
    if (!known.has(folder)) known.set(folder, wanted !== undefined && identity(folder) === wanted);
    return known.get(folder)!;
  };
}

/** Where OUT is the folder the pictures are in, the results of an earlier run lie among them: those are left out. */
async function withoutResults(files: readonly string[], out: string): Promise<string[]> {
  const isHere = folderIs(out);
  const kept: string[] = [];
  for (const file of files) {
    const bytes = isHere(file) ? await readBytes(file).catch(() => undefined) : undefined; // what is wrong is said when it is enlarged
    if (!bytes || (await recipeHashIn(bytes)) === undefined) kept.push(file);
  }
  return kept;
}
