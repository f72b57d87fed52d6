/** Files by path: read whole, written whole or not at all. */
import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist: check its name",
  ENOTDIR: "lies in something that is not a folder: check its path",
  EACCES: "may not be opened: check its permissions",
  EPERM: "may not be opened: check its permissions",
  EROFS: "lies on a disk that cannot be written: choose another place",
  ENOSPC: "does not fit on the disk: make room, or choose another place",
  EISDIR: "is a folder: give a file",
  NOT_REGULAR: "is a pipe or a device and no regular file: give a regular file",
  EEXIST: "is a file where a folder is needed: choose another place",
  ENAMETOOLONG: "has a name that is too long: choose a shorter one",
  ERR_FS_FILE_TOO_LARGE: "is larger than 2 GB: give a smaller file",
};

/** Bytes of the largest file that is read. */
const LARGEST = 2 ** 31 - 1;

/** A file system error as a sentence that names the file. */
export function fileError(path: string, error: unknown, reasons: typeof REASONS = REASONS): Error {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const reason = reasons[code] ?? `cannot be used (${(error as Error).message}): choose another`;
  return new Error(`"${path}" ${reason}`, { cause: error });
}

/** A sentence where what is given for a path is an address, such as a web page's: nothing is fetched, and nothing sent. */
export const refusalOfAddress = (path: string): string | undefined =>
  /^[a-z][a-z\d+.-]*:\/\//i.test(path)
    ? `"${path}" is an address, and files are read from disk and written there: download it, and give a path`
    : undefined;

function refuseAddress(path: string): void {
  const sentence = refusalOfAddress(path);
  if (sentence) throw new Error(sentence);
}

function refuseIrregular(found: Stats): void {
  if (found.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  if (!found.isFile()) throw Object.assign(new Error(), { code: "NOT_REGULAR" });
  if (found.size > LARGEST) throw Object.assign(new Error(), { code: "ERR_FS_FILE_TOO_LARGE" });
}

/**
 * The bytes of a regular file: a pipe or a device could go on for ever, so neither is opened, nor does a file that became one
 * meanwhile keep anybody waiting. What the system makes up as it is read, as under /proc, has no length and is empty here.
 * Throws a sentence that names it.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  refuseAddress(path);
  let file: FileHandle | undefined;
  try {
    refuseIrregular(await stat(path));
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = await file.stat();
    refuseIrregular(found);
    const bytes = new Uint8Array(found.size);
    let at = 0;
    for (let read = -1; at < bytes.length && read !== 0; at += read)
      read = (await file.read(bytes, at, bytes.length - at, at)).bytesRead;
    return bytes.subarray(0, at);
  } catch (error) {
    throw fileError(path, error);
  } finally {
    await file?.close();
  }
}

const FOLDER_REASONS: typeof REASONS = {
  ...REASONS,
  ENOENT: "cannot be made, for what it lies in takes no folders: choose another place",
  EACCES: "may not be made: choose another place, or check the permissions",
  EPERM: "may not be made: choose another place, or check the permissions",
};

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Makes a folder and those it lies in, one by one: Node's own `recursive` never ends where a file system, such as /proc, says
 * that the folder a new one would lie in does not exist. Throws a sentence that names the folder.
 */
async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isFolder(at)) && at !== dirname(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.reverse())
    try {
      await mkdir(folder);
    } catch (error) {
      if (!(await isFolder(folder))) throw fileError(folder, error, FOLDER_REASONS); // else another program was first
    }
}

/** Writes under a temporary name beside `path` and renames: nobody ever finds half a file. Makes the folder it is in. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  refuseAddress(path);
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID().slice(0, 8)}.part`);
  await makeFolder(dirname(path));
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileError(path, error);
  }
}
