/**
 * Where a file that a graph names may lie: beside the graph or in folders inside that one, and in folders that the user allows.
 * A graph can come from anybody, so it reaches nothing else; what the user names on the command line may lie anywhere.
 */
import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, posix, relative, resolve, sep, win32 } from "node:path";
import { UsageError } from "./failure";
import { fileError } from "./files";

export interface Folders {
  /** The folder the graph lies in; without it the graph's own folder gives nothing. */
  readonly folder?: string;
  /** Given by --allow-files. */
  readonly allowed?: readonly string[];
}

/** Throws UsageError where a folder that is to be allowed is none. */
export async function checkAllowed(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory())
      throw new UsageError(`--allow-files "${folder}" is no folder: give the folder that the files lie in`);
  }
}

/** Names that Windows gives to devices, whatever the ending. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *([.:]|$)/i;

/** Whether a name leads from a folder to what lies in it, on whatever system the graph was made. */
export function staysInside(name: string, platform: NodeJS.Platform): boolean {
  if (posix.isAbsolute(name) || win32.isAbsolute(name) || /^[a-z]:/i.test(name)) return false;
  const parts = name.split(/[/\\]/);
  return !parts.includes("..") && !(platform === "win32" && parts.some((part) => DEVICE.test(part) || part.includes(":")));
}

export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !isAbsolute(way) && way.split(sep)[0] !== "..";
}

/**
 * The paths at which a file of this name may be, none of which has been looked at. Throws an error with the remedies where
 * the name leads elsewhere: an absolute path, "..", a network share, a device.
 */
export function placesOf(name: string, { folder, allowed = [] }: Folders, platform = process.platform): string[] {
  const roots = [...(folder === undefined ? [] : [folder]), ...allowed].map((root) => resolve(root));
  if (staysInside(name, platform)) return [...new Set(roots.map((root) => join(root, name)))];
  const path = resolve(folder ?? ".", name);
  if (allowed.some((root) => isInside(path, resolve(root)))) return [path];
  throw new Error(
    `the graph names the file "${name}", and a graph may name only files in its own folder: ` +
      `give the file by --set, or allow its folder by --allow-files "${win32.dirname(name)}"`,
  );
}

/**
 * Where the path leads when links are followed; undefined where nothing is there. Throws an error where a link leads out of
 * the folders.
 */
export async function followed(path: string, { folder, allowed = [] }: Folders): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    for (const root of folder === undefined ? allowed : [folder, ...allowed]) {
      const at = await realpath(root).catch(() => undefined);
      if (at !== undefined && isInside(real, at)) return real;
    }
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw fileError(path, error);
  }
  throw new Error(
    `"${path}" is a link that leads out of the graph's folder: give the file by --set, or allow the folder it leads to by --allow-files`,
  );
}
