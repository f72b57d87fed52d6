/** What a page holds of a graph that is run: see attach.ts, which makes it. */
import type { Engine, EngineEvent, RunReport, View, ViewRequest } from "../browser/protocol";
import type { StoredGraph } from "../graph/stored";
import type { Region } from "../plain-types";
import type { AttachmentEventTarget } from "./attachment-events";
import type { AnyGraphNode } from "./page";

/** What is looked at while it is worked on. */
export interface Focus {
  /** Asked when a run begins: the part of a result to compute first; undefined: none. */
  request(): ViewRequest | undefined;
  /** What has come, before the run has computed the rest. The bitmap is the callee's. */
  show(region: Region, view: View): void;
}

export interface Attachment extends AttachmentEventTarget, Disposable {
  readonly engine: Engine;
  auto: boolean;
  /** Nothing runs, and nothing is about to. */
  readonly idle: boolean;
  /** Once its part is shown, a change no longer waits for the rest of the run. */
  focus: Focus | undefined;
  /**
   * Where the graph shows the inside of a node, such as one of litegraph's subgraphs: gives the graph that is run, which has what
   * is shown in it. Ids are unique in all of it.
   */
  whole: ((shown: StoredGraph) => StoredGraph) | undefined;
  /** `show` loads another part of the whole into the graph: nothing is run for that, and nodes show what they have. */
  showing(show: () => void): void;
  /**
   * Computes `targets` (node ids; absent: every node that shows a result). A run under way is stopped first. Messages about
   * nodes are on the nodes and in the report. Rejects only for a graph that cannot be read.
   */
  run(targets?: readonly (string | number)[]): Promise<RunReport>;
  /**
   * Shows what is there without a run: pictures that have been chosen, and results that an undone edit had changed. After a change
   * of a graph that does not run by itself. `anew`: the graph is another, and nothing of the last one is shown any more.
   */
  glance(options?: { readonly anew?: boolean }): Promise<void>;
  cancel(): void;
  /** Computes the file of a node such as Save and downloads it. Rejects with an error, whose message is on the node as well. */
  download(node: AnyGraphNode | string | number): Promise<void>;
  /** Calls with all that the engine says of this graph, node by node, until the returned function is called. */
  listen(listener: (event: EngineEvent) => void): () => void;
  /**
   * Stops running the graph; the nodes stay in it. `[Symbol.dispose]` does the same, and so does dropping the graph with all that
   * holds it.
   */
  detach(): void;
}
