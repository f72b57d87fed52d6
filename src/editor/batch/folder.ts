/** Results into a folder of the user's, where the browser has the File System Access API: each file whole, and none replaced. */
import { freePath, type Sink } from "./sink";

/** What is used of a FileSystemDirectoryHandle. */
export interface Folder {
  readonly name: string;
  getDirectoryHandle(name: string, options: { create: boolean }): Promise<Folder>;
  getFileHandle(name: string, options?: { create: boolean }): Promise<WritableFile>;
  removeEntry(name: string): Promise<void>;
  requestPermission?(options: { mode: "readwrite" }): Promise<PermissionState>;
}
interface WritableFile {
  createWritable(): Promise<{
    write(bytes: BufferSource): Promise<void>;
    close(): Promise<void>;
    abort(): Promise<void>;
  }>;
}

type Picker = (options: { id: string; mode: "readwrite" }) => Promise<Folder>;
const picker = (): Picker | undefined => (globalThis as { showDirectoryPicker?: Picker }).showDirectoryPicker;

export const hasFolders = (): boolean => picker() !== undefined;

/** Lets the user choose a folder to write to; undefined where they do not. */
async function chooseFolder(): Promise<Folder | undefined> {
  try {
    return await picker()?.({ id: "sftgan-results", mode: "readwrite" });
  } catch (error) {
    if ((error as DOMException).name === "AbortError") return undefined;
    throw error;
  }
}

/** The folder of an earlier page, where it may still be written to (the browser may ask); else one that the user chooses. */
export async function reopenFolder(again: Folder | undefined): Promise<Folder | undefined> {
  const permission = await again?.requestPermission?.({ mode: "readwrite" }).catch(() => "denied");
  return permission === "granted" ? again : chooseFolder();
}

export function folderSink(root: Folder): Sink {
  return {
    async add(path, bytes) {
      const names = path.split("/");
      const file = names.pop()!;
      let folder = root;
      for (const name of names) folder = await folder.getDirectoryHandle(name, { create: true });
      const name = await freePath(file, (tried) => isThere(folder, tried));
      const handle = await folder.getFileHandle(name, { create: true });
      try {
        const writable = await handle.createWritable();
        try {
          await writable.write(bytes as Uint8Array<ArrayBuffer>);
        } catch (error) {
          await writable.abort().catch(() => {});
          throw error;
        }
        await writable.close();
      } catch (error) {
        await folder.removeEntry(name).catch(() => {}); // it is empty, and ours
        throw error;
      }
      return [...names, name].join("/");
    },
    async close() {},
  };
}

/** Whether a file or a folder has this name. */
async function isThere(folder: Folder, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch (error) {
    const { name: kind } = error as DOMException;
    if (kind === "NotFoundError") return false;
    if (kind === "TypeMismatchError") return true;
    throw error;
  }
}
