/** What makes a long run short: a part of the photo, or smaller weights. On the stored graph, so that both can be forecast first. */
import { withLinks } from "../../graph/links";
import type { AnySchema, FileRef, Socket, Sockets } from "../../graph/node";
import type { StoredGraph, StoredLink, StoredNode } from "../../graph/stored";
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

/** A graph with a remedy in it, and the node that has been added or changed. */
export interface Remedied {
  readonly graph: StoredGraph;
  readonly node: number;
  /** It is new, and has no place yet. */
  readonly isNew: boolean;
}

/** What shortens a run, and to how long. */
export interface Remedy {
  readonly label: string;
  readonly ms: number;
  readonly step: string;
  readonly remedied: Remedied;
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
  const source = graph.nodes.find(({ id }) => id === photo);
  const slot = source?.outputs?.findIndex(({ type }) => type === "image") ?? -1;
  const taking = graph.links.filter((link) => link[1] === photo && link[2] === slot);
  if (!definition || slot < 0 || !taking.length || isCropped(graph, taking)) return undefined;
  const region = {
    left: Math.floor((size.width - part.width) / 2),
    top: Math.floor((size.height - part.height) / 2),
    ...part,
  };
  const crop = newNode(graph, definition, region);
  const [input, output] = [slotOf(definition.inputs, "image"), slotOf(definition.outputs, "image")];
  const moved = graph.links.map(
    (link): StoredLink => (taking.includes(link) ? [link[0], crop.id, output, link[3], link[4], link[5]] : link),
  );
  const into: StoredLink = [lastLink(graph) + 1, photo, slot, crop.id, input, "image"];
  return { graph: joined(graph, crop, [...moved, into], taking), node: crop.id, isNew: true };
}

/** Whether all that takes a photo takes a part of it: that can be made smaller, and is a person's choice. */
const isCropped = (graph: StoredGraph, taking: readonly StoredLink[]): boolean =>
  taking.every((link) => graph.nodes.find(({ id }) => id === link[3])?.type === CROP);

/** The graph with the weights `lite` wherever it uses larger ones of the same kind; undefined where it does not. */
export function withLite(graph: StoredGraph, definitions: Definitions): Remedied | undefined {
  const definition = definitions(LOAD_MODEL);
  if (!definition) return undefined;
  const isFed = (node: StoredNode, slot: number) => graph.links.some((link) => link[3] === node.id && link[4] === slot);
  const bare = graph.nodes.flatMap((node) =>
    (node.inputs ?? []).flatMap((input, slot) => {
      const socket = definitions(node.type)?.inputs[input.name] as Socket | undefined;
      return socket?.shipped && REPLACED.includes(weightsNamed(socket.shipped) as never) && !isFed(node, slot)
        ? [[node.id, slot] as const]
        : [];
    }),
  );
  const loaders = graph.nodes.filter(({ type, properties }) => {
    const file = properties?.file as FileRef | null | undefined;
    return type === LOAD_MODEL && file && SHIPPED_WEIGHTS.includes(file.name as never) && REPLACED.includes(file.name as never);
  });
  const properties = { file: { name: LITE } };
  const takers = new Set([
    ...bare.map(([node]) => node),
    ...graph.links.filter((link) => loaders.some(({ id }) => id === link[1])).map((link) => link[3]),
  ]);
  const nodes = graph.nodes.map((node) => {
    if (loaders.includes(node)) return { ...node, properties: { ...node.properties, ...properties } };
    const { blocks } = node.properties ?? {};
    if (node.type !== BLOCKS || !takers.has(node.id) || typeof blocks !== "number") return node;
    return { ...node, properties: { ...node.properties, blocks: Math.floor(blocks * SHARE_OF_BLOCKS) } };
  });
  const changed = { ...graph, nodes };
  if (!bare.length) return loaders[0] && { graph: changed, node: loaders[0].id, isNew: false };
  const loader = newNode(graph, definition, properties);
  const output = slotOf(definition.outputs, "model");
  const first = lastLink(graph) + 1;
  const links = bare.map(([node, slot], i): StoredLink => [first + i, loader.id, output, node, slot, "model"]);
  return { graph: joined(changed, loader, [...graph.links, ...links], []), node: loader.id, isNew: true };
}

const slotOf = (sockets: Sockets, type: string): number => Object.values(sockets).findIndex((socket) => socket.type === type);
const lastLink = (graph: StoredGraph): number => Math.max(graph.last_link_id, ...graph.links.map(([id]) => id), 0);

function newNode(graph: StoredGraph, { type, inputs, outputs }: AnySchema, properties: Record<string, unknown>): StoredNode {
  const id = Math.max(graph.last_node_id, ...graph.nodes.map((node) => node.id), 0) + 1;
  const slots = (sockets: Sockets) => Object.entries(sockets).map(([name, socket]) => ({ name, type: socket.type }));
  return { id, type, pos: [0, 0], flags: {}, mode: 0, inputs: slots(inputs), outputs: slots(outputs), properties };
}

/** With a node and all these links; those `moved` are no longer led as they were. */
function joined(graph: StoredGraph, node: StoredNode, links: readonly StoredLink[], moved: readonly StoredLink[]): StoredGraph {
  const nodes = [...graph.nodes, node].map((one) => {
    const routes = one.flags?.routes as Readonly<Record<string, unknown>> | undefined;
    const names = moved.filter((link) => link[3] === one.id).map((link) => one.inputs?.[link[4]]?.name);
    if (!routes || !names.length) return one;
    const kept = Object.entries(routes).filter(([name]) => !names.includes(name));
    return { ...one, flags: { ...one.flags, routes: Object.fromEntries(kept) } };
  });
  return { ...graph, last_node_id: node.id, last_link_id: lastLink({ ...graph, links }), nodes: withLinks(nodes, links), links };
}
