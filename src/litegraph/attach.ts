/** Has an engine run our nodes on a graph. */
import type { EngineOptions } from "../browser/options";
import { engineFor } from "../browser/page-nodes";
import type { Engine } from "../browser/protocol";
import { Attached, inUse } from "./attached";
import type { Attachment } from "./attachment";
import { type LGraph, registrationOf } from "./host";
import type { AnyGraph } from "./page";
import { runtimeOfGraph } from "./state";

/** An engine, or the options of one that is the attachment's own: in a worker, loaded when it is first needed, closed by `detach`. */
export interface AttachOptions extends EngineOptions {
  /** What computes, for this graph alone. Whoever made it closes it. */
  readonly engine?: Engine | undefined;
  /** Run soon after every change; on unless this is false. */
  readonly auto?: boolean | undefined;
  /** Take a file that is pasted while one of our nodes is selected; on unless this is false. */
  readonly paste?: boolean | undefined;
}

/**
 * Attaches an engine to a graph. Call `register` first. Throws an error where the graph is attached already, the engine computes
 * for another, an option cannot be, or the graph's litegraph is set to names instead of numbers as ids.
 */
export function attach(target: AnyGraph, { engine, auto = true, paste = true, ...options }: AttachOptions = {}): Attachment {
  const graph = target as LGraph;
  const { host } = registrationOf(graph);
  if (host.use_uuids)
    throw new Error("LiteGraph.use_uuids is true, and our nodes need numbers as ids: set it to false before making the graph");
  const runtime = runtimeOfGraph(graph);
  if (runtime)
    throw new Error(
      runtime instanceof Attached
        ? "this graph is attached already: call detach() on its attachment first"
        : "this graph is attached already, by another copy of litegraph-sftgan on this page: load the package once",
    );
  if (engine && inUse.get(engine)?.deref())
    throw new Error("this engine computes for another graph: give each attachment one of its own, or none");
  const [option] = Object.entries(options).find(([, value]) => value !== undefined) ?? [];
  if (engine && option !== undefined)
    throw new Error(`${option} is an option of an engine that attach makes itself: give it to createEngine, or leave out engine`);
  return new Attached(graph, engine ?? engineFor(options), !engine, auto, paste);
}
