/**
 * The page's own litegraph, handed to `register`: never a copy of ours. Its published types leave out what is used here; this
 * file adds it, and remembers which definitions were registered with which litegraph.
 */
import type {
  ContextMenu,
  INodeInputSlot,
  INodeOutputSlot,
  IWidget,
  LGraph,
  LGraphCanvas,
  LGraphNode,
  LiteGraph,
  LLink,
  Vector2,
} from "litegraph.js";
import type { AnySchema } from "../graph/node";
import type { StoredGraph } from "../graph/stored";

export type { INodeInputSlot, INodeOutputSlot, IWidget, LGraph, LGraphCanvas, LGraphNode, LLink, Vector2 };

/** What a page passes to `register`: the object that litegraph.js exports as `LiteGraph`. */
export type LiteGraphHost = typeof LiteGraph & {
  LGraphNode: typeof LGraphNode;
  LGraphCanvas?: typeof LGraphCanvas & { active_canvas?: LGraphCanvas };
  ContextMenu: typeof ContextMenu;
  NODE_SLOT_HEIGHT: number;
  NODE_WIDGET_HEIGHT: number;
  use_uuids?: boolean;
  registerNodeAndSlotType?(node: LGraphNode, type: string | number, output?: boolean): void;
};

/** A LiteGraph node class made from a definition, or a placeholder for an unknown type. */
export interface NodeClass {
  new (title?: string): LGraphNode;
  /** The litegraph it is registered with; absent on every class that is neither of these. */
  readonly host?: LiteGraphHost;
  /** Our definition; absent on every other class. */
  readonly definition?: AnySchema;
  /** The type a placeholder stands for; absent on every other class. */
  readonly placeholderFor?: string;
}

export const definitionOf = (node: LGraphNode | null | undefined): AnySchema | undefined =>
  (node?.constructor as NodeClass | undefined)?.definition;
export const placeholderTypeOf = (node: LGraphNode | null | undefined): string | undefined =>
  (node?.constructor as NodeClass | undefined)?.placeholderFor;
/** The graph that a placeholder holds, as it was loaded. */
export const graphHeldBy = (node: LGraphNode): StoredGraph | undefined => (node as { inside?: StoredGraph }).inside;
/** Neither ours nor a placeholder: a node of the page's own. */
export const isExternal = (node: LGraphNode): boolean => !definitionOf(node) && placeholderTypeOf(node) === undefined;

export const nodesOf = (graph: LGraph): readonly LGraphNode[] => (graph as unknown as { _nodes: LGraphNode[] })._nodes;
/** Sources first, as litegraph executes them. */
export const nodesInOrder = (graph: LGraph): readonly LGraphNode[] =>
  (graph as unknown as { _nodes_in_order: LGraphNode[] })._nodes_in_order;
export const linksOf = (graph: LGraph): readonly LLink[] =>
  (Object.values(graph.links) as (LLink | undefined)[]).filter((link) => link !== undefined);
export const linkOf = (graph: LGraph, id: number | null | undefined): LLink | undefined =>
  id === null || id === undefined ? undefined : graph.links[id];
export const extraOf = (graph: LGraph): { extra: Record<string, unknown> } =>
  graph as unknown as { extra: Record<string, unknown> };
/** The page's own loop runs the graph. */
export const isRunning = (graph: LGraph): boolean =>
  graph.status === (graph.constructor as { STATUS_RUNNING?: number }).STATUS_RUNNING;
/** What flows through a link; litegraph's types leave the field out. */
export const dataOf = (link: LLink): unknown => (link as unknown as { data?: unknown }).data;

/** One `register` call. */
export interface Registered {
  readonly host: LiteGraphHost;
  readonly definitions: ReadonlyMap<string, AnySchema>;
  /** What takes away what it added. */
  readonly undo: readonly (() => void)[];
}

const registrations: Registered[] = [];

/** Where none is remembered for this litegraph. */
export const remember = (entry: Registered): void => void registrations.push(entry);

export function forget(host: LiteGraphHost): Registered | undefined {
  const at = registrations.findIndex((entry) => entry.host === host);
  return at < 0 ? undefined : registrations.splice(at, 1)[0];
}

let loaded: WeakRef<LGraph>[] = [];

/** The graph may hold placeholders. */
export function noteLoaded(graph: LGraph): void {
  loaded = loaded.filter((ref) => ref.deref() && ref.deref() !== graph);
  loaded.push(new WeakRef(graph));
}

/** Graphs of this litegraph that have been loaded and are still in use. */
export const graphsLoaded = (host: LiteGraphHost): LGraph[] =>
  loaded.flatMap((ref) => ref.deref() ?? []).filter((graph) => graph instanceof host.LGraph);

/** The registration a graph belongs to. Throws an error where `register` was not called for its litegraph. */
export function registrationOf(graph: LGraph): Registered {
  const found = registrations.find(({ host }) => graph instanceof host.LGraph);
  if (!found) throw new Error("this graph's litegraph does not know our nodes: call register(LiteGraph) first");
  return found;
}

/** Text that stays text where litegraph writes it into the page as HTML. */
export const plain = (text: string): string =>
  text.replace(/[<>&"'`]/g, (char) => ({ "<": "‹", ">": "›", "&": "＆", '"': "”", "'": "’", "`": "’" })[char]!);
