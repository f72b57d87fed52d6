/** The bytes of the files that a graph names, wherever they are. */
import { embedded } from "../graph/file";
import type { FileRef } from "../graph/node";
import { isShipped } from "../samples";

export interface FileSources {
  /** A file of the user's. Throws an error that names it where it is not there. */
  file(ref: FileRef): Promise<Uint8Array>;
  /** A file that ships with the package: "weights:…" or "sample:…". Throws an error for a name that does not. */
  asset(name: string): Promise<Uint8Array>;
}

/** Of the copy in the graph, of the file that ships, or of the user's own. */
export const bytesOf = async (ref: FileRef, { file, asset }: FileSources): Promise<Uint8Array> =>
  embedded(ref) ?? (isShipped(ref.name) ? asset(ref.name) : file(ref));
