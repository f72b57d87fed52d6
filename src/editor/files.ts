/** Files in and out: open, drop, paste; save, export with the files inside. */
import type { Engine } from "../browser/protocol";
import { GRAPH_CHUNK, readPngText } from "../codec/png-text";
import { LIMITS, readGraph } from "../graph/clean";
import { embed } from "../graph/file";
import type { FileRef, Param, Params } from "../graph/node";
import { isRef } from "../graph/recipe";
import type { StoredGraph } from "../graph/stored";
import type { Definitions } from "./layers";
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

/** The graph with its files inside as base64, as far as a graph file may hold them, and the names of those left out. */
export async function withFiles(
  graph: StoredGraph,
  definitions: Definitions,
  engine: Pick<Engine, "readFile">,
): Promise<{ graph: StoredGraph; left: string[] }> {
  const left: string[] = [];
  let room = LIMITS.text - JSON.stringify(graph).length - 1024;
  const nodes = [];
  for (const node of graph.nodes) {
    const properties: Record<string, unknown> = { ...node.properties };
    for (const [name, param] of Object.entries((definitions(node.type)?.params ?? {}) as Params)) {
      const ref = properties[name];
      if (param.kind !== "file" || !isRef(ref) || ref.data !== undefined || isShipped(param, ref)) continue;
      const bytes = await engine.readFile(ref);
      const cost = bytes ? Math.ceil(bytes.length / 3) * 4 + 16 : 0;
      if (!bytes || cost > room) {
        left.push(ref.name);
        continue;
      }
      room -= cost;
      properties[name] = embed(ref, bytes);
    }
    nodes.push({ ...node, properties });
  }
  return { graph: { ...graph, nodes }, left };
}

const isShipped = (param: Param, ref: FileRef): boolean => !ref.sha256 && Boolean(param.shipped?.includes(ref.name));

/** Hands the browser a file to store. */
export function download(content: BlobPart, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Lets the user choose a file; undefined if they do not. */
export function choose(accept: string): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.addEventListener("change", () => resolve(input.files?.[0]));
    input.addEventListener("cancel", () => resolve(undefined));
    input.click();
  });
}
