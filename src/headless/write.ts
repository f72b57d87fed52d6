/** Files are written whole or not at all: under a name of their own beside the place they go to, and then renamed. */
import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { OutputError } from "./failure";
import { FOLDER_REASONS, fileError, refuseAddress } from "./files";

/** Process ids are those of one machine, and a folder may be shared by several. */
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const PART = /^\.sftgan-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{8}\.part$/;

/** A name for a file that is being written, which says by whom. */
const partName = () => `.sftgan-${HOST}-${process.pid}-${randomUUID().slice(0, 8)}.part`;

/** A file system error about a place that is written to. */
const unwritable = (path: string, error: unknown, reasons?: typeof FOLDER_REASONS): Error =>
  new OutputError(fileError(path, error, reasons).message, { cause: error });

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Makes a folder and those it lies in, one by one: Node's own `recursive` never ends where a file system, such as /proc, says
 * that the folder a new one would lie in does not exist. Throws an error that names the folder.
 */
async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isFolder(at)) && at !== dirname(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.reverse())
    try {
      await mkdir(folder);
    } catch (error) {
      if (!(await isFolder(folder))) throw unwritable(folder, error, FOLDER_REASONS); // else another program was first
    }
}

/** File systems without hard links say one of these. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES"];

/** Gives `from` the name `to`, which nothing has. Rejects with EEXIST where something has it meanwhile. */
async function place(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await (await open(to, "wx")).close();
    await rename(from, to).catch(async (failed) => {
      await rm(to, { force: true });
      throw failed;
    });
  }
  await rm(from, { force: true });
}

/** The path that is written: where `path` is a link, what it leads to. */
const targetOf = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/**
 * Writes a file: nobody ever finds half of it. Makes the folder it is in; where `path` is a link, what it leads to is
 * written. `mayReplace` is asked last: it says whether something is there, and throws where that must stay; what appears
 * after it found nothing is not replaced without being asked about.
 */
export async function writeWhole(
  path: string,
  content: Uint8Array | string,
  mayReplace: (path: string) => Promise<boolean>,
): Promise<void> {
  refuseAddress(path);
  const target = await targetOf(path);
  await makeFolder(dirname(target));
  const temporary = join(dirname(target), partName());
  try {
    await writeFile(temporary, content, { flag: "wx", flush: true });
    for (let there = await mayReplace(path); ; there = await mayReplace(path))
      try {
        return await (there ? rename(temporary, target) : place(temporary, target));
      } catch (error) {
        if (there || (error as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(path, error);
      }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw (error as NodeJS.ErrnoException).code === undefined ? error : unwritable(path, error);
  }
}

/**
 * Finds out before anything is computed whether a file can be written at `path`, without making it or its folders. Throws an
 * error that names what is in the way: a name that is too long, a folder that takes no files.
 */
export async function tryWriting(path: string): Promise<void> {
  refuseAddress(path);
  const names: string[] = [];
  const target = await targetOf(path);
  let folder = target;
  do {
    names.push(basename(folder));
    folder = dirname(folder);
  } while (!(await isFolder(folder)) && folder !== dirname(folder));
  for (const place of [target, ...names.map((name) => join(folder, name))])
    await stat(place).catch((error: NodeJS.ErrnoException) => {
      if (!["ENOENT", "ENOTDIR", "ELOOP"].includes(error.code ?? "")) throw unwritable(path, error);
    });
  const first = join(folder, names.at(-1)!);
  const there = names.length > 1 ? await found(first) : undefined; // looked at once: another picture's result may just be making it
  if (there === "folder") return tryWriting(path);
  if (there) throw unwritable(first, Object.assign(new Error(), { code: "EEXIST" }));
  const temporary = join(folder, partName());
  try {
    await (await open(temporary, "wx")).close();
    await rm(temporary);
  } catch (error) {
    throw names.length > 1 ? unwritable(first, error, FOLDER_REASONS) : unwritable(path, error, FOLDER_OF_FILE);
  }
}

const FOLDER_OF_FILE: typeof FOLDER_REASONS = {
  ...FOLDER_REASONS,
  ENOENT: "cannot be made, for its folder takes no files: choose another place",
};

/** What is at a path; undefined: nothing. */
const found = (path: string): Promise<"folder" | "other" | undefined> =>
  stat(path).then(
    (there) => (there.isDirectory() ? "folder" : "other"),
    (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? undefined : "other"),
  );

/** Takes away what writers on this machine that are no more left unfinished in the folder that the file `path` goes to. */
export async function removeParts(path: string): Promise<void> {
  const folder = dirname(await targetOf(path));
  for (const name of await readdir(folder).catch(() => [])) {
    const [, host, pid] = PART.exec(name) ?? [];
    if (host === HOST && !isAlive(Number(pid))) await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
