/**
 * What makes a long run short: a part of the photo, or smaller weights. On the stored graph, so that both can be forecast first, and
 * wherever in its subgraphs the photo and the networks are.
 */
import { lastId } from "../../graph/clean";
import { withLinks } from "../../graph/links";
import type { AnySchema, FileRef, Socket, Sockets } from "../../graph/node";
import type { StoredGraph, StoredLink, StoredNode } from "../../graph/stored";
import { findNode, flat, inside, withInside, withNodes } from "../../graph/subgraphs";
import type { Size } from "../../region";
import { SHIPPED_WEIGHTS, weightsNamed } from "../../samples";
import type { Definitions } from "../layers";

const CROP = "sftgan/crop";
const BLOCKS = "sftgan/sft-resblocks";
const LOAD_MODEL = "sftgan/load-model";
const LITE = weightsNamed("lite");
/** What `lite` can stand for: weights that ship and take the same priors. */
const REPLACED = ["sftgan", "psnr"].map(weightsNamed);
/** It has so many of their residual blocks. */
const SHARE_OF_BLOCKS = 8 / 16;

/** A graph with a remedy in it. */
export interface Remedied {
  readonly graph: StoredGraph;
  /** The node that has been changed, or the first of those `added`. */
  readonly node: number;
  /** Nodes that are new, and have no place on a canvas yet. */
  readonly added: readonly number[];
}

/** What shortens a run, and to how long. */
export interface Remedy {
  readonly label: string;
  readonly ms: number;
  readonly step: string;
  /** A graph, which may have changed since this was offered, with it; undefined where it does not fit any more. */
  readonly remedied: (graph: StoredGraph) => Remedied | undefined;
}

/** The graph with only the middle of a photo, `part`, going on from the node that gives it; undefined where nothing takes it, or a part of it only is taken. */
export function withCrop(
  graph: StoredGraph,
  definitions: Definitions,
  photo: number,
  size: Size,
  part: Size,
): Remedied | undefined {
  const definition = definitions(CROP);
  const { node: source, path = [] } = findNode(graph, photo) ?? {};
  const slot = source?.outputs?.findIndex(({ type }) => type === "image") ?? -1;
  if (!definition || slot < 0 || !isTakenWhole(graph, photo, slot)) return undefined;
  const region = {
    left: Math.floor((size.width - part.width) / 2),
    top: Math.floor((size.height - part.height) / 2),
    ...part,
  };
  const crop = newNode(freeId(graph), definition, region);
  const [input, output] = [slotOf(definition.inputs, "image"), slotOf(definition.outputs, "image")];
  const cropped = changed(graph, path, (held) => {
    const taking = held.links.filter((link) => link[1] === photo && link[2] === slot);
    const moved = held.links.map(
      (link): StoredLink => (taking.includes(link) ? [link[0], crop.id, output, link[3], link[4], link[5]] : link),
    );
    const into: StoredLink = [lastLink(held) + 1, photo, slot, crop.id, input, "image"];
    return joined(held, crop, [...moved, into]);
  });
  return { graph: cropped, node: crop.id, added: [crop.id] };
}

/** Whether something takes all of a photo: a part of it can be made smaller, and is a person's choice. */
function isTakenWhole(graph: StoredGraph, photo: number, slot: number): boolean {
  const { nodes, links } = flat(graph).graph;
  const takers = links.filter((link) => link[1] === photo && link[2] === slot).map((link) => link[3]);
  return takers.some((taker) => nodes.find(({ id }) => id === taker)?.type !== CROP);
}

/** The graph with the weights `lite` wherever it uses larger ones of the same kind; undefined where it does not. */
export function withLite(graph: StoredGraph, definitions: Definitions): Remedied | undefined {
  const definition = definitions(LOAD_MODEL);
  if (!definition) return undefined;
  const { nodes, links } = flat(graph).graph;
  const isFed = (node: StoredNode, slot: number) => links.some((link) => link[3] === node.id && link[4] === slot);
  const bare = nodes.flatMap((node) =>
    (node.inputs ?? []).flatMap((input, slot) => {
      const socket = definitions(node.type)?.inputs[input.name] as Socket | undefined;
      return socket?.shipped && REPLACED.includes(weightsNamed(socket.shipped) as never) && !isFed(node, slot)
        ? [[node.id, slot] as const]
        : [];
    }),
  );
  const loaders = nodes
    .filter(({ type, properties }) => {
      const file = properties?.file as FileRef | null | undefined;
      return type === LOAD_MODEL && file && SHIPPED_WEIGHTS.includes(file.name as never) && REPLACED.includes(file.name as never);
    })
    .map(({ id }) => id);
  const properties = { file: { name: LITE } };
  const takers = new Set([
    ...bare.map(([node]) => node),
    ...links.filter((link) => loaders.includes(link[1])).map((link) => link[3]),
  ]);
  const smaller = withNodes(graph, (node) => {
    if (loaders.includes(node.id)) return { ...node, properties: { ...node.properties, ...properties } };
    const { blocks } = node.properties ?? {};
    if (node.type !== BLOCKS || !takers.has(node.id) || typeof blocks !== "number") return node;
    return { ...node, properties: { ...node.properties, blocks: Math.floor(blocks * SHARE_OF_BLOCKS) } };
  });
  if (!bare.length) return loaders[0] === undefined ? undefined : { graph: smaller, node: loaders[0], added: [] };
  // One loader for each subgraph that networks are in.
  const places = new Map<string, (readonly [node: number, slot: number])[]>();
  for (const one of bare) {
    const path = (findNode(graph, one[0])?.path ?? []).join();
    places.set(path, [...(places.get(path) ?? []), one]);
  }
  const output = slotOf(definition.outputs, "model");
  const first = freeId(graph);
  const added = [...places.keys()].map((_, i) => first + i);
  const given = [...places].reduce((now, [path, slots], i) => {
    const loader = newNode(first + i, definition, properties);
    return changed(now, path ? path.split(",").map(Number) : [], (held) => {
      const isTaken = (link: StoredLink) => slots.some(([node, slot]) => link[3] === node && link[4] === slot);
      const own = held.links.filter((link) => !isTaken(link)); // of an input of the subgraph to which nothing is wired
      const wires = slots.map(
        ([node, slot], at): StoredLink => [lastLink(held) + 1 + at, loader.id, output, node, slot, "model"],
      );
      return joined(held, loader, [...own, ...wires]);
    });
  }, smaller);
  return { graph: given, node: first, added };
}

/** The graph with what is inside of the node that a path leads to changed. */
const changed = (graph: StoredGraph, path: readonly number[], change: (held: StoredGraph) => StoredGraph): StoredGraph => {
  const now = withInside(graph, path, change(inside(graph, path)!));
  return { ...now, last_node_id: freeId(now) - 1 };
};

/** An id that no node has, wherever it is. */
const freeId = (graph: StoredGraph): number => Math.max(graph.last_node_id, lastId(graph.nodes)) + 1;
const slotOf = (sockets: Sockets, type: string): number => Object.values(sockets).findIndex((socket) => socket.type === type);
const lastLink = (graph: StoredGraph): number => Math.max(graph.last_link_id, ...graph.links.map(([id]) => id), 0);

function newNode(id: number, { type, inputs, outputs }: AnySchema, properties: Record<string, unknown>): StoredNode {
  const slots = (sockets: Sockets) => Object.entries(sockets).map(([name, socket]) => ({ name, type: socket.type }));
  return { id, type, pos: [0, 0], flags: {}, mode: 0, inputs: slots(inputs), outputs: slots(outputs), properties };
}

/** With a node and all these links, which are led as they were. */
const joined = (graph: StoredGraph, node: StoredNode, links: readonly StoredLink[]): StoredGraph => ({
  ...graph,
  last_node_id: node.id,
  last_link_id: lastLink({ ...graph, links }),
  nodes: withLinks([...graph.nodes, node], links),
  links,
});
