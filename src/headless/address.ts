/** Nodes, parameters and outputs as people name them on the command line. */
import type { AnyNode } from "../graph/node";
import type { Graph, GraphNode } from "../graph/parse";
import { typeNamed } from "./catalog";
import { UsageError } from "./failure";

export const definitionOf = (node: GraphNode): AnyNode | undefined => typeNamed(node.type);

/** "SFT ResBlock×N (4)" */
export const label = (node: GraphNode): string => `${node.title} (${node.id})`;

/** Titles as they are typed: case, spaces and the multiplication sign aside. */
const typed = (title: string) => title.toLowerCase().replaceAll("×", "x").replace(/\s+/g, " ").trim();

/**
 * The node of this id, title, or type's title: the first of these that fits any node. Undefined where none does; throws
 * UsageError that lists the ids where several do.
 */
export function findNode(graph: Graph, name: string): GraphNode | undefined {
  const byId = graph.get(name);
  if (byId) return byId;
  const titleOfType = (node: GraphNode) => definitionOf(node)?.title ?? node.type;
  const ways: ((node: GraphNode) => boolean)[] = [
    (node) => node.title === name,
    (node) => typed(node.title) === typed(name),
    (node) => typed(titleOfType(node)) === typed(name),
  ];
  for (const fits of ways) {
    const found = [...graph.values()].filter(fits);
    if (found.length > 1)
      throw new UsageError(
        `"${name}" is the title of ${found.length} nodes: name one by its id, ${found.map((node) => node.id).join(" or ")}`,
      );
    if (found[0]) return found[0];
  }
  return undefined;
}

/** As `findNode`; throws UsageError that lists the nodes where there is none. */
export function nodeNamed(graph: Graph, name: string): GraphNode {
  const node = findNode(graph, name);
  if (node) return node;
  const all = [...graph.values()].map(label);
  const listed = all.length > 30 ? [...all.slice(0, 30), "…"] : all;
  throw new UsageError(`the graph has no node "${name}": name one of ${listed.join(", ") || "none, for it is empty"}`);
}

/** Splits at the last occurrence of `separator`; undefined where there is none. */
export function splitLast(text: string, separator: string): readonly [string, string] | undefined {
  const at = text.lastIndexOf(separator);
  return at < 0 ? undefined : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Splits at the first. */
export function splitFirst(text: string, separator: string): readonly [string, string] | undefined {
  const at = text.indexOf(separator);
  return at < 0 ? undefined : [text.slice(0, at), text.slice(at + separator.length)];
}
