/** Photos as people bring them: several files, a folder that is chosen, folders that are dropped. */
import { ALL_PICTURE_ENDINGS, PICTURE_ACCEPT } from "../../codec/inspect";
import { chooseFiles } from "../files";
import type { Found } from "./photo";

/**
 * Files that the user chooses, or the pictures in a folder; undefined where they choose nothing. Where a browser has no chooser of
 * folders, as on many phones, that of several files is there in its place.
 */
export async function choosePhotos(what: "files" | "folder"): Promise<Found[] | undefined> {
  const isFolder = what === "folder";
  const files = await chooseFiles(
    isFolder ? { webkitdirectory: true, multiple: true } : { multiple: true, accept: PICTURE_ACCEPT },
  );
  if (files.length === 0) return undefined;
  const found = files.map((file) => ({ file, path: below(file.webkitRelativePath) || file.name }));
  return isFolder ? picturesOf(found) : found;
}

/** Whether a folder is among what is dropped. To be asked while the event is handled. */
export const hasFolder = (data: DataTransfer): boolean => entriesOf(data).some(({ isDirectory }) => isDirectory);

/** The files that are dropped, and the pictures in the folders that are. To be called while the event is handled. */
export async function droppedPhotos(data: DataTransfer): Promise<Found[]> {
  const entries = entriesOf(data);
  const several = entries.length > 1;
  const found: Found[] = [];
  for (const entry of entries)
    if (entry.isDirectory)
      found.push(...picturesOf(await inFolder(entry as FileSystemDirectoryEntry, several ? entry.name : "")));
    else found.push(await fileOf(entry as FileSystemFileEntry, ""));
  return found;
}

const entriesOf = (data: DataTransfer): FileSystemEntry[] =>
  [...data.items].flatMap((item) => (item.kind === "file" ? (item.webkitGetAsEntry() ?? []) : []));

/** In the order of their names; what is hidden is left out. */
async function inFolder(folder: FileSystemDirectoryEntry, path: string): Promise<Found[]> {
  const reader = folder.createReader();
  const read = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  const entries: FileSystemEntry[] = [];
  for (let some = await read(); some.length > 0; some = await read()) entries.push(...some); // a hundred at a time
  const found: Found[] = [];
  for (const entry of entries.sort((a, b) => compare(a.name, b.name)))
    if (entry.name.startsWith(".")) continue;
    else if (entry.isDirectory) found.push(...(await inFolder(entry as FileSystemDirectoryEntry, joined(path, entry.name))));
    else found.push(await fileOf(entry as FileSystemFileEntry, path));
  return found;
}

const fileOf = (entry: FileSystemFileEntry, path: string): Promise<Found> =>
  new Promise((resolve, reject) => entry.file((file) => resolve({ file, path: joined(path, file.name) }), reject));

const joined = (path: string, name: string): string => (path ? `${path}/${name}` : name);
/** A path without the folder that was chosen. */
const below = (path: string): string => path.slice(path.indexOf("/") + 1);
const compare = new Intl.Collator(undefined, { numeric: true }).compare;

/** What a folder holds beside pictures is nobody's photo; pictures that cannot be read are named when it is their turn. */
const picturesOf = (found: readonly Found[]): Found[] =>
  found
    .filter(({ path }) => !/(^|\/)\./.test(path) && ALL_PICTURE_ENDINGS.some((ending) => path.toLowerCase().endsWith(ending)))
    .sort((a, b) => compare(a.path, b.path));
