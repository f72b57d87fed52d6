/** `--set "Node.parameter=value"`. */
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { sha256 } from "../graph/file";
import type { FileRef, Param } from "../graph/node";
import { checkParam } from "../graph/param";
import type { Graph } from "../graph/parse";
import type { StoredGraph } from "../graph/stored";
import { withValues } from "../graph/subgraphs";
import { isShipped } from "../samples";
import { definitionOf, label, nodeNamed, splitFirst, splitLast } from "./address";
import { UsageError } from "./failure";
import { readBytes } from "./files";

export interface Setting {
  readonly node: string;
  readonly param: string;
  readonly value: unknown;
}

/** A file parameter's value for a path on the command line, or for the name of a file that ships with the package. */
export async function fileRef(name: string, paths: Map<string, string>): Promise<FileRef> {
  if (isShipped(name)) return { name };
  const hash = await sha256(await readBytes(name));
  paths.set(hash, resolve(name));
  return { name: basename(name), sha256: hash };
}

/**
 * Reads one setting: split at the first "=", then at the last "." before it. The paths of files it names are added to
 * `paths`. Throws UsageError for a node, a parameter or a value that does not fit, and an error where a file is not there.
 */
export async function readSetting(graph: Graph, text: string, paths: Map<string, string>): Promise<Setting> {
  const [address, value] = splitFirst(text, "=") ?? [];
  const [nodeName, name] = (address !== undefined && splitLast(address, ".")) || [];
  if (value === undefined || nodeName === undefined || name === undefined)
    throw new UsageError(`--set "${text}" is not of the form "Node.parameter=value"`);
  const node = nodeNamed(graph, nodeName);
  const params = (definitionOf(node)?.params ?? {}) as Readonly<Record<string, Param>>;
  const param = Object.hasOwn(params, name) ? params[name] : undefined;
  if (!param)
    throw new UsageError(
      `${label(node)} has no parameter "${name}": it has ${Object.keys(params).join(", ") || "none that can be set"}`,
    );
  const link = node.inputs[name];
  if (link && param.kind !== "file")
    throw new UsageError(`${name} of ${label(node)} is fed by node ${link.node}: set that node instead, or remove the link`);
  if (param.editor === "photos" && (await isFolder(value)))
    throw new UsageError(
      `"${value}" is a folder, and a run takes one picture: sftgan upscale "${value}" OUT --recipe GRAPH.json runs the graph for all in it`,
    );
  const given = param.kind === "file" ? (value === "" ? null : await fileRef(value, paths)) : parseValue(param, value);
  const message = checkParam(name, param, given);
  if (message) throw new UsageError(`${label(node)}: ${message}`);
  return { node: node.id, param: name, value: given };
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Text as the parameter's kind has it; what is no such value stays text, for `checkParam` to refuse. */
function parseValue(param: Param, text: string): unknown {
  if (param.kind === "number") return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  if (param.kind === "flag") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

/** The graph with these values in its nodes' properties, wherever the nodes are. */
export const withSettings = (stored: StoredGraph, settings: readonly Setting[]): StoredGraph =>
  settings.reduce((graph, { node, param, value }) => withValues(graph, Number(node), { [param]: value }), stored);
