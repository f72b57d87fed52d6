/** Files by path: what is wrong with one, and their bytes. */
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist: check its name",
  ENOTDIR: "lies in something that is not a folder: check its path",
  EACCES: "may not be opened: check its permissions",
  EPERM: "may not be opened: check its permissions",
  EROFS: "lies on a disk that cannot be written: choose another place",
  ENOSPC: "does not fit on the disk: make room, or choose another place",
  EDQUOT: "does not fit into what you may use of the disk: make room, or choose another place",
  EISDIR: "is a folder: give a file",
  NOT_REGULAR: "is a pipe or a device and no regular file: give a regular file",
  EEXIST: "is a file where a folder is needed: choose another place",
  ENAMETOOLONG: "has a name that is too long: choose a shorter one",
  ERR_FS_FILE_TOO_LARGE: "is larger than 2 GB: give a smaller file",
};

/** Bytes of the largest file that is read. */
export const LARGEST = 2 ** 31 - 1;

/** A file system error as a message that names the file. */
export function fileError(path: string, error: unknown, reasons: typeof REASONS = REASONS): Error {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const reason = reasons[code] ?? `cannot be used (${(error as Error).message}): choose another`;
  return new Error(`"${path}" ${reason}`, { cause: error });
}

/** A message where what is given for a path is an address, such as a web page's: nothing is fetched, and nothing sent. */
export const refusalOfAddress = (path: string): string | undefined =>
  /^[a-z][a-z\d+.-]*:\/\//i.test(path)
    ? `"${path}" is an address, and files are read from disk and written there: download it, and give a path`
    : undefined;

/** Throws that message. */
export function refuseAddress(path: string): void {
  const message = refusalOfAddress(path);
  if (message) throw new Error(message);
}

function refuseIrregular(found: Stats): void {
  if (found.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  if (!found.isFile()) throw Object.assign(new Error(), { code: "NOT_REGULAR" });
  if (found.size > LARGEST) throw Object.assign(new Error(), { code: "ERR_FS_FILE_TOO_LARGE" });
}

/**
 * The bytes of a regular file: a pipe or a device could go on for ever, so neither is opened, nor does a file that became one
 * meanwhile keep anybody waiting. What the system makes up as it is read, as under /proc, has no length and is empty here.
 * Throws an error that names it.
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

/** Of what keeps a folder from being made, or a file in it. */
export const FOLDER_REASONS: typeof REASONS = {
  ...REASONS,
  ENOENT: "cannot be made, for what it lies in takes no folders: choose another place",
  EACCES: "may not be made: choose another place, or check the permissions",
  EPERM: "may not be made: choose another place, or check the permissions",
};
