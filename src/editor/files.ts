/** Files of the user's: chosen, looked at and read. */
import { GRAPH_CHUNK, readPngText } from "../codec/png-text";
import { LIMITS, readGraph } from "../graph/clean";
import type { StoredGraph } from "../graph/stored";
import { HEAD_BYTES, type Kind, kindOf } from "./routing";

/** Larger graph files are not even read. */
const GRAPH_BYTES = LIMITS.text * 4;

/** Larger files are not read. */
const MOST_BYTES = 2 ** 30;

/** What a file is. Throws an error where it cannot be read, as a folder cannot. */
export async function lookAt(file: File): Promise<Kind> {
  const head = await bytesOf(file.slice(0, HEAD_BYTES));
  return kindOf(head, file.name, file.size);
}

/** Throws an error about a graph that cannot be read. */
export async function graphIn(file: File): Promise<StoredGraph> {
  if (file.size > GRAPH_BYTES) throw new Error(`it has ${file.size} bytes; a graph has at most ${GRAPH_BYTES}`);
  return readGraph(new TextDecoder().decode(await bytesOf(file)));
}

export async function bytesOf(file: Blob): Promise<Uint8Array> {
  if (file.size > MOST_BYTES) throw new Error(`it has ${file.size} bytes; files of at most ${MOST_BYTES} are read`);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new Error("it cannot be read: it is a folder, or it has been moved or changed since; choose it again", { cause });
  }
}

/** The graph a saved picture carries; undefined where there is none that can be read. */
export function graphInside(png: Uint8Array): StoredGraph | undefined {
  try {
    const text = readPngText(png)[GRAPH_CHUNK];
    return text === undefined ? undefined : readGraph(text);
  } catch {
    return undefined;
  }
}

/** Lets the user choose a file; undefined if they do not. */
export const choose = async (accept: string): Promise<File | undefined> => (await chooseFiles({ accept }))[0];

/** Lets the user choose files, or a folder (`webkitdirectory`): all that is in it. None if they do not. */
export function chooseFiles(
  options: Partial<Pick<HTMLInputElement, "accept" | "multiple" | "webkitdirectory" | "capture">>,
): Promise<File[]> {
  return new Promise((resolve) => {
    const input = Object.assign(document.createElement("input"), { type: "file", ...options });
    input.addEventListener("change", () => resolve([...(input.files ?? [])]));
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  });
}
