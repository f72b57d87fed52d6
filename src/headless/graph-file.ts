/** A graph and the files it names, from disk. */
import { dirname, resolve } from "node:path";
import { GRAPH_CHUNK, readPngText } from "../codec/png-text";
import { sniff } from "../codec/sniff";
import { bytesOf } from "../engine/files";
import { GraphError, readGraph } from "../graph/clean";
import { sha256 } from "../graph/file";
import type { FileRef, Param } from "../graph/node";
import { type Graph, type GraphNode, parseGraph, ready } from "../graph/parse";
import type { StoredGraph } from "../graph/stored";
import { isShipped } from "../samples";
import { definitionOf } from "./address";
import { asset } from "./assets";
import { definitions } from "./catalog";
import { readBytes, refusalOfAddress } from "./files";
import { type Folders, followed, placesOf } from "./places";
import type { Work } from "./work";

/** Reads a graph file, or the graph in a PNG saved by Save. No two of its nodes have one id. Throws an error that names the file. */
export async function openGraph(path: string): Promise<StoredGraph> {
  const bytes = await readBytes(path);
  try {
    if (sniff(bytes) !== "png") return ready(readGraph(new TextDecoder().decode(bytes)), definitions());
    const text = readPngText(bytes)[GRAPH_CHUNK];
    if (text === undefined) throw new GraphError("the picture carries no graph: give a graph, or a PNG written by Save");
    return ready(readGraph(text), definitions());
  } catch (error) {
    throw new Error(`"${path}": ${(error as Error).message}`, { cause: error });
  }
}

/** Paths of files that were named on the command line, by their SHA-256. */
export type NamedFiles = ReadonlyMap<string, string>;

/** Where a graph's files are: those the user named, whatever their path, and those in folders that it may name them from. */
export interface Places extends Folders {
  readonly named?: NamedFiles;
}

/** A stored graph, ready to run. */
export function workOf(stored: StoredGraph, places: Places): Work {
  return { stored, graph: parseGraph(stored, definitions()), file: (ref) => findFile(ref, places) };
}

/** Throws an error where the graph has no nodes: there is nothing to check or to run. */
export function refuseEmpty({ graph }: Work, path: string): void {
  if (graph.size === 0) throw new Error(`"${path}": the graph is empty, it has no nodes: give another graph`);
}

export const folderOf = (graphPath: string): string => dirname(resolve(graphPath));

/** The files that a node's parameters name, by parameter. */
export function refsOf(node: GraphNode): (readonly [string, FileRef])[] {
  const params = Object.entries((definitionOf(node)?.params ?? {}) as Readonly<Record<string, Param>>);
  return params.flatMap(([name, { kind }]) => {
    const ref = kind === "file" ? (node.params[name] as FileRef | null) : null;
    return ref ? [[name, ref] as const] : [];
  });
}

/** Every path that a graph's files may be read from. */
export function pathsOf(graph: Graph, places: Places): string[] {
  const refs = [...graph.values()].flatMap(refsOf).filter(([, { name }]) => !isShipped(name));
  const paths = refs.flatMap(([, { name }]) => {
    try {
      return placesOf(name, places);
    } catch {
      return []; // the run says so
    }
  });
  return [...(places.named?.values() ?? []), ...paths];
}

/** The bytes of a file parameter's value: of the copy in the graph, of the file that ships, or of the one on disk. */
export const fileOf = (ref: FileRef, work: Work): Promise<Uint8Array> => bytesOf(ref, { asset, file: (own) => work.file(own) });

/** The file's bytes: of several places the one that has the content the graph asks for, if it says which. */
async function findFile(ref: FileRef, places: Places): Promise<Uint8Array> {
  const known = ref.sha256 === undefined ? undefined : places.named?.get(ref.sha256);
  if (known !== undefined) return readBytes(known);
  const message = refusalOfAddress(ref.name);
  if (message) throw new Error(message);
  const paths = placesOf(ref.name, places);
  let other: Uint8Array | undefined;
  for (const path of paths) {
    const real = await followed(path, places);
    const bytes = real === undefined ? undefined : await readBytes(real);
    if (bytes && (ref.sha256 === undefined || (await sha256(bytes)) === ref.sha256)) return bytes;
    other ??= bytes;
  }
  if (other) return other; // whoever asked says that it is another file
  throw new Error(`the file "${ref.name}" is not here (looked in ${paths.join(", ")}): put it there, or give it by --set`);
}
