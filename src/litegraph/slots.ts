/**
 * Sockets as litegraph slots. Stored links are slot indices; they are resolved through the stored slots' names, so that a
 * file saved with fewer, more or reordered sockets keeps its wires.
 */
import type { AnySchema, Param, Socket } from "../graph/node";
import { paramType } from "../graph/param";
import type { StoredNode, StoredSlot } from "../graph/stored";
import { type INodeInputSlot, type INodeOutputSlot, type LGraph, type LGraphNode, type LLink, linksOf } from "./host";
import { socketColour, type Theme } from "./theme";

/** Stock litegraph calls text "string"; our text sockets connect to both. */
export const wireType = (type: string): string => (type === "text" ? "text,string" : type);
/** The socket type behind a slot's or a link's type. */
export const socketType = <T extends string | number>(type: T): T | "text" => (type === "text,string" ? "text" : type);

type Input = INodeInputSlot & { help: string; removable?: boolean };
type Output = INodeOutputSlot & { help: string };

/** Optional inputs are dim and in brackets. */
function inputSlot(theme: Theme, name: string, socket: Socket): Input {
  const colour = socketColour(theme, socket.type);
  return {
    name,
    type: wireType(socket.type),
    link: null,
    help: socket.help,
    color_on: colour,
    color_off: socket.optional ? theme.fieldEdge : colour,
    nameLocked: true,
    ...(socket.optional && { label: `(${name})` }),
  };
}

/** The slot through which a link feeds a parameter; undefined for what no link feeds. */
export function paramSlot(theme: Theme, name: string, param: Param): Input | undefined {
  const type = param.editor ? undefined : paramType(param);
  return type && { ...inputSlot(theme, name, { type, help: param.help, optional: true }), removable: true };
}

export const inputSlots = (theme: Theme, def: AnySchema): Input[] =>
  Object.entries(def.inputs as Record<string, Socket>).map(([name, socket]) => inputSlot(theme, name, socket));

export const outputSlots = (theme: Theme, def: AnySchema): Output[] =>
  Object.entries(def.outputs as Record<string, Socket>).map(([name, { type, help }]) => {
    const colour = socketColour(theme, type);
    return { name, type: wireType(type), links: null, help, color_on: colour, color_off: colour, nameLocked: true };
  });

/** Gives a node's slots the theme's colours. */
export function recolourSlots({ inputs, outputs }: LGraphNode, theme: Theme, def: AnySchema): void {
  const params = def.params as Readonly<Record<string, Param>>;
  const like = [
    ...inputSlots(theme, def),
    ...(inputs ?? []).flatMap(({ name }) => (Object.hasOwn(params, name) && paramSlot(theme, name, params[name]!)) || []),
  ];
  const take = (slots: readonly { name: string }[] | undefined, from: readonly (Input | Output)[]) => {
    for (const slot of slots ?? []) {
      const own = from.find(({ name }) => name === slot.name);
      if (own) Object.assign(slot, { color_on: own.color_on, color_off: own.color_off });
    }
  };
  take(inputs, like);
  take(outputs, outputSlots(theme, def));
}

/** litegraph's type of slots for events and actions. Nodes in the mode "on trigger" have one of each. */
const EVENT = -1;
const EVENT_SLOTS: Readonly<Record<"inputs" | "outputs", string>> = { inputs: "onTrigger", outputs: "onExecuted" };

/** The slot for events that a stored one is; undefined where it is none. */
const eventSlot = (list: "inputs" | "outputs", slot: StoredSlot | null) =>
  slot?.type === EVENT && slot.name === EVENT_SLOTS[list] ? { name: slot.name, type: EVENT, nameLocked: true } : undefined;

/** Slots as they are stored. */
export const storedInputs = (node: LGraphNode): StoredSlot[] =>
  (node.inputs ?? []).map(({ name, type, link }) => ({ name, type: socketType(type), link: link ?? null }));
export const storedOutputs = (node: LGraphNode): StoredSlot[] =>
  (node.outputs ?? []).map(({ name, type, links }) => ({
    name,
    type: socketType(type),
    links: links?.length ? [...links] : null,
  }));

/** The links of graphs that are being loaded, by the nodes at their ends; undefined until the first is asked for. */
const loading = new WeakMap<LGraph, Map<number, LLink[]> | undefined>();

/** Loads a graph's nodes and links, each of which is looked at once only. Links that do not fit are left to `tidyLinks`. */
export function whileLoading(graph: LGraph, load: () => void): void {
  loading.set(graph, undefined);
  try {
    load();
  } finally {
    loading.delete(graph);
  }
}

/** The links at a node, or more. */
export function linksAt(graph: LGraph, id: number): readonly LLink[] {
  if (!loading.has(graph)) return linksOf(graph);
  let index = loading.get(graph);
  if (!index) {
    index = new Map();
    for (const link of linksOf(graph))
      for (const end of new Set([link.origin_id, link.target_id])) {
        const own = index.get(end);
        if (own) own.push(link);
        else index.set(end, [link]);
      }
    loading.set(graph, index);
  }
  return (index.get(id) ?? []).filter((link) => graph.links[link.id] === link);
}

/** Removes a link from the graph and from both its ends. */
function dropLink(graph: LGraph, link: LLink): void {
  delete graph.links[link.id];
  if (loading.has(graph)) return;
  for (const output of graph.getNodeById(link.origin_id)?.outputs ?? [])
    if (output.links) output.links = output.links.filter((id) => id !== link.id);
  for (const input of graph.getNodeById(link.target_id)?.inputs ?? []) if (input.link === link.id) input.link = null;
}

/**
 * Gives a node its definition's slots, joined to the graph's links by the names in `stored`: new sockets appear, gone ones
 * are dropped with their links. A stored node without slot lists has the definition's order.
 */
export function restoreSlots(
  node: LGraphNode,
  theme: Theme,
  def: AnySchema,
  stored: Pick<StoredNode, "inputs" | "outputs">,
): void {
  const names = (slots: readonly StoredSlot[] | undefined, own: object) =>
    Array.isArray(slots) ? slots.map((slot: StoredSlot | null) => slot?.name) : Object.keys(own);
  const inputNames = names(stored.inputs, def.inputs);
  const outputNames = names(stored.outputs, def.outputs);

  const inputs = inputSlots(theme, def);
  for (const name of new Set(inputNames)) {
    if (name === undefined || Object.hasOwn(def.inputs, name) || !Object.hasOwn(def.params, name)) continue;
    const slot = paramSlot(theme, name, def.params[name]);
    if (slot) inputs.push(slot);
  }
  const outputs = outputSlots(theme, def);
  const events = (list: "inputs" | "outputs") =>
    (Array.isArray(stored[list]) ? stored[list] : [])
      .flatMap((slot: StoredSlot | null) => eventSlot(list, slot) ?? [])
      .slice(0, 1);
  inputs.push(...events("inputs").map((slot) => ({ ...slot, link: null }) as unknown as Input));
  outputs.push(...events("outputs").map((slot) => ({ ...slot, links: null }) as unknown as Output));

  const { graph } = node;
  for (const link of graph ? linksAt(graph, node.id) : []) {
    if (link.target_id === node.id) {
      const index = inputs.findIndex(({ name }) => name === inputNames[link.target_slot]);
      if (index < 0 || inputs[index]!.link !== null) {
        dropLink(graph!, link);
        continue;
      }
      inputs[index]!.link = link.id;
      link.target_slot = index;
    }
    if (link.origin_id === node.id) {
      const index = outputs.findIndex(({ name }) => name === outputNames[link.origin_slot]);
      if (index < 0) {
        dropLink(graph!, link);
        continue;
      }
      outputs[index]!.links ??= [];
      outputs[index]!.links.push(link.id);
      link.origin_slot = index;
    }
  }
  node.inputs = inputs;
  node.outputs = outputs;
}

/** Drops every link whose ends do not both know it. */
export function tidyLinks(graph: LGraph): void {
  const nodes = (graph as unknown as { _nodes: LGraphNode[] })._nodes;
  const known = new Map<object, Set<number>>();
  for (const node of nodes) for (const output of node.outputs ?? []) known.set(output, new Set(output.links));
  for (const link of linksOf(graph)) {
    const output = graph.getNodeById(link.origin_id)?.outputs?.[link.origin_slot];
    const input = graph.getNodeById(link.target_id)?.inputs?.[link.target_slot];
    if (!output || !known.get(output)?.has(link.id) || input?.link !== link.id) delete graph.links[link.id];
  }
  for (const node of nodes) {
    for (const input of node.inputs ?? []) if (input.link !== null && !graph.links[input.link]) input.link = null;
    for (const output of node.outputs ?? []) if (output.links) output.links = output.links.filter((id) => graph.links[id]);
  }
}
