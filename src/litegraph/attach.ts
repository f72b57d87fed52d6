/**
 * Runs our nodes on a litegraph graph: posts the graph to an engine, shows on the nodes what it says, takes values from the
 * page's own nodes and hands ours to them.
 */
import type { Engine, EngineEvent, RunReport, View, ViewRequest } from "../browser/protocol";
import type { Region } from "../types";
import { Attached } from "./attached";
import { type Host, type LGraph, type LGraphNode, registrationOf } from "./host";
import { hasRuntime } from "./state";

export interface AttachOptions {
  /** What computes. Absent: the package's own, in a worker, made when it is first needed and closed by `detach`. */
  readonly engine?: Engine;
  /** Run soon after every change; on unless this is false. */
  readonly auto?: boolean;
}

/** What is looked at while it is worked on. */
export interface Focus {
  /** Asked when a run begins: the part of a result to compute first; undefined: none. */
  request(): ViewRequest | undefined;
  /** What has come, before the run has computed the rest. The bitmap is the callee's. */
  show(region: Region, view: View): void;
}

export interface Attachment {
  readonly engine: Engine;
  auto: boolean;
  /** Once its part is shown, a change no longer waits for the rest of the run. */
  focus: Focus | undefined;
  /**
   * Computes `targets` (node ids; absent: every node that shows a result). A run under way is stopped first. Sentences about
   * nodes are on the nodes and in the report. Rejects only for a graph that cannot be read.
   */
  run(targets?: readonly (string | number)[]): Promise<RunReport>;
  cancel(): void;
  /** Computes the file of a node such as Save and downloads it. Rejects with one sentence, which is on the node as well. */
  download(node: LGraphNode | string | number): Promise<void>;
  /** Calls with every event of the engine until the returned function is called. */
  listen(listener: (event: EngineEvent) => void): () => void;
  /** Stops running the graph; the nodes stay in it. */
  detach(): void;
}

/**
 * Attaches an engine to a graph. Call `register` first. Throws a sentence where the graph is attached already or its litegraph
 * is set to names instead of numbers as ids.
 */
export function attach(graph: LGraph, { engine, auto = true }: AttachOptions = {}): Attachment {
  const { host } = registrationOf(graph);
  if ((host as Host).use_uuids)
    throw new Error("LiteGraph.use_uuids is true, and our nodes need numbers as ids: set it to false before making the graph");
  if (hasRuntime(graph)) throw new Error("this graph is attached already: call detach() on its attachment first");
  return new Attached(graph, engine, auto);
}
