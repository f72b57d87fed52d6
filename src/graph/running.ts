/** What a run is asked for, what it says on the way, and what it asks of its host. */
import type { Region } from "../region";
import type { Outputs } from "./cache";
import type { AnyNode, FileRef, Load } from "./node";
import type { Graph, GraphNode } from "./parse";
import type { Overall } from "./progress";

export type RunEvent =
  | { readonly kind: "started"; readonly node: string }
  /** `updated`: made from the node's last result by computing what has changed. */
  | {
      readonly kind: "finished";
      readonly node: string;
      readonly ms: number;
      readonly outputs: Outputs;
      readonly key: string;
      readonly updated: boolean;
    }
  | { readonly kind: "cached"; readonly node: string; readonly ms: number; readonly outputs: Outputs; readonly key: string }
  | { readonly kind: "progress"; readonly node: string; readonly fraction: number }
  /** A memo of a node was computed (see `Context.memo`). */
  | { readonly kind: "memo"; readonly node: string; readonly memo: string }
  /** At the end of a glance: the keys of results that are not there, by node. */
  | { readonly kind: "missing"; readonly keys: ReadonlyMap<string, string> }
  | { readonly kind: "failed"; readonly node: string; readonly message: string }
  | ({ readonly kind: "overall" } & Overall)
  /** What nodes to come will take; of some it may not be known yet, and is told later. */
  | { readonly kind: "forecast"; readonly nodes: ReadonlyMap<string, NodeForecast> };

/** What is known of one node of a run before it. */
export interface NodeForecast extends Load {
  /** Bytes of its results. */
  readonly held: number;
}

/** What is known of a run before it. */
export interface RunForecast {
  readonly nodes: ReadonlyMap<string, NodeForecast>;
  /** Of every node it is known. */
  readonly isComplete: boolean;
}

/** What is asked for a forecast. */
export interface ForecastParts {
  definition(type: string): AnyNode | undefined;
  /** A result that is there. */
  known(id: string): Outputs | undefined;
  /** What ships for inputs that nothing is connected to. */
  shipped(name: string): Promise<unknown>;
  /** Bytes of tensors a running node may hold. */
  readonly budget: number;
}

/** What the executor asks of its host; everything else in `Host` is handed on to the nodes. */
export interface Services {
  /** The content of a file that the graph does not carry. Throws an error that names it. */
  file(ref: FileRef): Promise<Uint8Array>;
  /**
   * What ships with the package under that name, for inputs that nothing is connected to (`Socket.shipped`). The host owns it.
   */
  shipped(name: string): Promise<unknown>;
  /** Waits for the GPU, if there is one, and lets messages in. */
  checkpoint(): Promise<void>;
  /** Called with a node and what it is given, before it runs: what lies elsewhere is brought where the node reads it. */
  prepare?(node: GraphNode, inputs: unknown): Promise<void>;
}

/** A node whose result is looked at in part before all of it is computed. */
export interface FocusedNode {
  readonly node: string;
  /** Called where there is something to look at: maps are computed as they are read. All is lent until the promise resolves. */
  look(outputs: Outputs, key: string): Promise<void>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Names a second graph: see `Scope` in the protocol. */
  readonly scope?: string;
  readonly focus?: FocusedNode;
  /** The run goes on once what is returned for a result has resolved: till then the result is there. */
  onEvent?(event: RunEvent): unknown;
}

export interface RunResult {
  /** By node id. Lent: the tensors belong to the cache and are there until the next run. */
  readonly outputs: ReadonlyMap<string, Outputs>;
  /** One message by node id. */
  readonly errors: ReadonlyMap<string, string>;
}

export interface ExecutorOptions<Host> {
  readonly definitions: readonly AnyNode[];
  readonly host: Host & Services;
  /**
   * Looks at what a node gave before anybody else does; what it throws is the node's failure. `changed` is where an update
   * differs from the last result, as in `Update`.
   */
  check?(
    def: AnyNode,
    outputs: Outputs,
    changed: Readonly<Record<string, Region>> | undefined,
    checkpoint: () => Promise<void>,
  ): Promise<void>;
  /** What the nodes `ids`, which are in order, will take, as far as it is known. Absent: nodes count alike. */
  forecast?(graph: Graph, ids: readonly string[], parts: ForecastParts): Promise<ReadonlyMap<string, NodeForecast>>;
  /** Bytes of results to keep. */
  readonly cacheBytes: number;
  /** Bytes of tensors a running node may hold beside them. */
  readonly budget: number;
}
