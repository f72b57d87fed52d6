/** Copying and pasting parts of a graph, on the stored form: what is pasted passes the same door as an opened file. */
import { isRecord } from "../graph/json";
import { withLinks } from "../graph/links";
import type { StoredGraph, StoredLink, StoredNode } from "../graph/stored";
import { type Box, overlap } from "./wires/geometry";

/** A wire into a copied node from one that was not copied: kept in `extra.sftgan.feeds`, for a paste beside the original. */
interface Feed {
  readonly from: number;
  /** Of the node it comes from, and of the socket: what has another is not meant. */
  readonly type: string;
  readonly output: string;
  readonly to: number;
  readonly input: number;
}

/** Height of a node's title, above its position. */
const TITLE = 30;

const boxOf = ({ pos = [0, 0], size = [0, 0] }: StoredNode): Box => [pos[0], pos[1] - TITLE, size[0], size[1] + TITLE];

interface Group {
  readonly bounding: Box;
}
const isGroup = (group: unknown): group is Group =>
  isRecord(group) && Array.isArray(group.bounding) && group.bounding.length === 4;

/** The groups with nodes in them, all of which are among these. */
const groupsOf = (graph: StoredGraph, ids: ReadonlySet<number>): Group[] =>
  graph.groups.filter(isGroup).filter(({ bounding }) => {
    const inside = graph.nodes.filter((node) => overlap(boxOf(node), bounding));
    return inside.length > 0 && inside.every(({ id }) => ids.has(id));
  });

/** The nodes with these ids, the wires between them, and the groups that hold no others. */
export function cutOut(graph: StoredGraph, ids: ReadonlySet<number>): StoredGraph {
  const links = graph.links.filter((link) => ids.has(link[1]) && ids.has(link[3]));
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const feeds = graph.links.flatMap(([, from, output, to, input]): Feed[] => {
    const origin = ids.has(to) && !ids.has(from) ? byId.get(from) : undefined;
    const name = origin?.outputs?.[output]?.name;
    return origin && name !== undefined ? [{ from, type: origin.type, output: name, to, input }] : [];
  });
  return {
    ...graph,
    nodes: withLinks(
      graph.nodes.filter((node) => ids.has(node.id)),
      links,
    ),
    links,
    groups: groupsOf(graph, ids),
    extra: feeds.length ? { sftgan: { feeds } } : {},
  };
}

/** What a file says of wires from outside it. */
function feedsOf({ extra }: StoredGraph): Feed[] {
  const own = isRecord(extra.sftgan) ? extra.sftgan.feeds : undefined;
  return Array.isArray(own) ? own.filter(isRecord).map((feed) => feed as unknown as Feed) : [];
}

export interface Merged {
  readonly graph: StoredGraph;
  /** Of the nodes that are new. */
  readonly ids: readonly number[];
}

/**
 * `graph` with the nodes and groups of `fragment` beside its own, under fresh ids, moved so that the nodes' top left corner is at
 * `at`. `wired`: fed by the nodes that fed the originals too, where those are there.
 */
export function merge(graph: StoredGraph, fragment: StoredGraph, at: readonly [number, number], wired = false): Merged {
  let nodeId = Math.max(graph.last_node_id, ...graph.nodes.map((node) => node.id), 0);
  let linkId = Math.max(graph.last_link_id, ...graph.links.map((link) => link[0]), 0);
  const nodeIds = new Map(fragment.nodes.map((node) => [node.id, ++nodeId]));
  const inside = fragment.links.filter((link) => nodeIds.has(link[1]) && nodeIds.has(link[3]));
  const left = Math.min(...fragment.nodes.map((node) => node.pos?.[0] ?? 0));
  const top = Math.min(...fragment.nodes.map((node) => node.pos?.[1] ?? 0));
  const nodes = fragment.nodes.map((node) => ({
    ...node,
    id: nodeIds.get(node.id)!,
    pos: [Math.round((node.pos?.[0] ?? 0) - left + at[0]), Math.round((node.pos?.[1] ?? 0) - top + at[1])] as const,
  }));
  const links = inside.map(
    ([, from, output, to, input, type]): StoredLink => [++linkId, nodeIds.get(from)!, output, nodeIds.get(to)!, input, type],
  );
  for (const { from, type, output, to, input } of wired ? feedsOf(fragment) : []) {
    const origin = graph.nodes.find((node) => node.id === from && node.type === type);
    const slot = origin?.outputs?.findIndex(({ name }) => name === output) ?? -1;
    const id = nodeIds.get(to);
    const target = fragment.nodes.find((node) => node.id === to)?.inputs?.[input];
    if (origin && slot >= 0 && id !== undefined && target)
      links.push([++linkId, from, slot, id, input, origin.outputs![slot]!.type]);
  }
  const groups = fragment.groups.filter(isGroup).map((group) => {
    const [x, y, width, height] = group.bounding;
    return { ...group, bounding: [Math.round(x - left + at[0]), Math.round(y - top + at[1]), width, height] };
  });
  const all = [...graph.links, ...links];
  return {
    graph: {
      ...graph,
      last_node_id: nodeId,
      last_link_id: linkId,
      nodes: withLinks([...graph.nodes, ...nodes], all),
      links: all,
      groups: [...graph.groups, ...groups],
    },
    ids: [...nodeIds.values()],
  };
}
