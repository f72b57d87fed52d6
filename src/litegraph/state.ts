/** What a node shows of its last run: kept apart from the node, so that undo, which makes nodes anew, keeps the pictures. */
import type { View } from "../browser/protocol";
import type { Face } from "../graph/node";
import type { LGraphNode } from "./host";

export interface Picture {
  /** What is shown; undefined until it has come. */
  view?: View;
  /** The output has changed, or may have, since `view` was asked for. */
  stale: boolean;
  asking: boolean;
  /** The engine has nothing to draw for this output. */
  none: boolean;
  /** The bitmap size asked for last. */
  width: number;
  height: number;
  /** The size at which a picture that is not there was to be shown last; undefined: never. */
  awaited?: { readonly width: number; readonly height: number };
}

export interface NodeState {
  /** "off": it is muted or bypassed. */
  phase: "idle" | "off" | "waiting" | "running" | "finished" | "failed";
  /** Of the running node, 0 to 1. */
  fraction: number;
  /** The node's own time; undefined where its result came from the cache. */
  ms?: number | undefined;
  summary: string;
  /** What is shown is of an earlier visit, or ships, and the recipe is the same: a result that has yet to be computed here. */
  kept?: "visit" | "package" | undefined;
  /** Of the result that is shown. */
  key?: string | undefined;
  /** What the node shows on itself of the last result it was asked for. */
  face?: Face;
  /** Messages about a result that is there all the same. */
  warnings?: readonly string[] | undefined;
  /** One message. */
  error?: string | undefined;
  /** By output; "" is the first that can be drawn. */
  readonly pictures: Map<string, Picture>;
  /** Compare's divider, 0 to 1. */
  split: number;
}

export const newState = (): NodeState => ({ phase: "idle", fraction: 0, summary: "", pictures: new Map(), split: 0.5 });

export function pictureOf(state: NodeState, output: string): Picture {
  let picture = state.pictures.get(output);
  if (!picture) {
    picture = { stale: true, asking: false, none: false, width: 0, height: 0 };
    state.pictures.set(output, picture);
  }
  return picture;
}

/** Closes a state's bitmaps. */
export function forget(state: NodeState): void {
  for (const picture of state.pictures.values()) picture.view?.bitmap.close();
  state.pictures.clear();
}

/** What a node may ask of the attachment that runs its graph. */
export interface Runtime {
  state(node: LGraphNode): NodeState;
  /** A person changed the node: run again if that is automatic. */
  changed(node: LGraphNode): void;
  /** Called by the page's own run loop for each of our nodes. */
  step(node: LGraphNode): void;
  /** An event asks for the node: it is computed, and says so in an event of its own. */
  trigger(node: LGraphNode): void;
  /** Asks for a picture of an output at a size in device pixels. */
  want(node: LGraphNode, output: string, width: number, height: number): void;
  /** Keeps a file and sets it as a parameter's value. */
  addFile(node: LGraphNode, param: string, file: File): Promise<void>;
  download(node: LGraphNode): Promise<void>;
}

/** Under this a graph carries what runs it, so that every copy of this module on a page finds it, and it lives as long as the graph. */
const RUNTIME = Symbol.for("litegraph-sftgan runtime");
type Attachable = { [RUNTIME]?: Runtime };

const unattached = new WeakMap<LGraphNode, NodeState>();

export const runtimeOf = (node: LGraphNode): Runtime | undefined => (node.graph ? runtimeOfGraph(node.graph) : undefined);
export const runtimeOfGraph = (graph: object): Runtime | undefined => (graph as Attachable)[RUNTIME];
export function setRuntime(graph: object, runtime: Runtime | undefined): void {
  if (runtime) Object.defineProperty(graph, RUNTIME, { value: runtime, configurable: true });
  else delete (graph as Attachable)[RUNTIME];
}

const INSIDE_SUBGRAPH = "it does not run inside a subgraph: put it into the graph itself";

/** The graph is the inside of a node. */
export const isSubgraph = (graph: object | null | undefined): boolean =>
  (graph as { _is_subgraph?: unknown } | null | undefined)?._is_subgraph === true;

export function stateOf(node: LGraphNode): NodeState {
  const state = runtimeOf(node)?.state(node) ?? unattached.get(node) ?? newState();
  if (!runtimeOf(node)) unattached.set(node, state);
  if (isSubgraph(node.graph)) Object.assign(state, { phase: "failed", error: INSIDE_SUBGRAPH });
  return state;
}

/** A message hangs below the node: why it has failed, or what is to be known of its result. */
export const hasMessage = ({ phase, error, warnings }: NodeState): boolean =>
  Boolean((phase === "failed" && error) || (phase === "finished" && warnings));

/** Puts a message on the node. */
export function setError(node: LGraphNode, message: string): void {
  const state = stateOf(node);
  state.phase = "failed";
  state.error = message;
  node.setDirtyCanvas(true, false);
}
