/**
 * Runs our nodes on a litegraph graph: posts the graph to an engine, shows on the nodes what it says, takes values from the
 * page's own nodes and hands ours to them.
 */
import { createEngine } from "../browser/client";
import { CANCELLED, type Engine, type EngineEvent, type RunReport, type View, type ViewRequest } from "../browser/protocol";
import type { Param } from "../graph/node";
import type { Region } from "../types";
import { download, pictureName } from "./download";
import { Events } from "./events";
import { Exchange } from "./exchange";
import { definitionOf, isRunning, type LGraph, type LGraphNode, type LiteGraphHost, nodesOf, registrationOf } from "./host";
import { NodeStates } from "./node-states";
import { errorsOf, type Posted, post } from "./post";
import { Scheduler } from "./scheduler";
import { hasRuntime, type NodeState, type Runtime, setError, setRuntime } from "./state";
import { onPaste } from "./widgets/file";
import { change } from "./widgets/widget";

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
  /** Nothing runs, and nothing is about to. */
  readonly idle: boolean;
  /** Once its part is shown, a change no longer waits for the rest of the run. */
  focus: Focus | undefined;
  /**
   * Computes `targets` (node ids; absent: every node that shows a result). A run under way is stopped first. Messages about
   * nodes are on the nodes and in the report. Rejects only for a graph that cannot be read.
   */
  run(targets?: readonly (string | number)[]): Promise<RunReport>;
  cancel(): void;
  /** Computes the file of a node such as Save and downloads it. Rejects with an error, whose message is on the node as well. */
  download(node: LGraphNode | string | number): Promise<void>;
  /** Calls with every event of the engine until the returned function is called. */
  listen(listener: (event: EngineEvent) => void): () => void;
  /** Stops running the graph; the nodes stay in it. */
  detach(): void;
}

/**
 * Attaches an engine to a graph. Call `register` first. Throws an error where the graph is attached already or its litegraph
 * is set to names instead of numbers as ids.
 */
export function attach(graph: LGraph, { engine, auto = true }: AttachOptions = {}): Attachment {
  const { host } = registrationOf(graph);
  if ((host as LiteGraphHost).use_uuids)
    throw new Error("LiteGraph.use_uuids is true, and our nodes need numbers as ids: set it to false before making the graph");
  if (hasRuntime(graph)) throw new Error("this graph is attached already: call detach() on its attachment first");
  return new Attached(graph, engine, auto);
}

class Attached implements Attachment, Runtime {
  readonly engine: Engine;
  focus: Focus | undefined;
  readonly #graph: LGraph;
  readonly #ownsEngine: boolean;
  readonly #scheduler: Scheduler;
  readonly #states: NodeStates;
  readonly #events: Events;
  readonly #exchange: Exchange;
  readonly #stopPaste: () => void;
  #detached = false;

  /** Without an engine it makes the package's own, and closes it when the graph is detached. */
  constructor(graph: LGraph, engine: Engine | undefined, auto: boolean) {
    this.#graph = graph;
    this.#ownsEngine = !engine;
    this.engine = engine ?? createEngine();
    this.#scheduler = new Scheduler(graph, auto, {
      run: () => void this.run().catch(() => {}), // reported as a notice
      onChange: (affected) => this.#affected(affected),
    });
    this.#states = new NodeStates(graph);
    this.#events = new Events(graph, this.engine, this.#states, ({ region, view }) => {
      if (!this.#scheduler.busy || !this.focus) return view.bitmap.close();
      this.#scheduler.partShown();
      this.focus.show(region, view);
    });
    this.#exchange = new Exchange(graph);
    setRuntime(graph, this);
    this.#stopPaste = onPaste(graph, (node, param, file) => void this.addFile(node, param, file));
    for (const node of nodesOf(graph)) if (definitionOf(node)) this.changed(node);
  }

  get auto(): boolean {
    return this.#scheduler.auto;
  }
  set auto(on: boolean) {
    this.#scheduler.auto = on;
  }

  get idle(): boolean {
    return this.#scheduler.idle;
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    return this.#events.listen(listener);
  }

  async run(targets?: readonly (string | number)[]): Promise<RunReport> {
    if (this.#detached) throw new Error("the graph has been detached: attach it again");
    const stopped = this.#scheduler.begin(!targets);
    try {
      const posted = await post(this.#graph, this.engine, isRunning(this.#graph));
      if (stopped()) return CANCELLED;
      this.#take(posted);
      this.#states.begin();
      for (const [id, message] of posted.problems) this.#states.fail(id, message);
      const report = await this.engine.run(posted.graph, targets?.map(String) ?? posted.targets, {
        focus: this.focus?.request(),
        views: this.#states.wanted(),
      });
      if (stopped()) return { ...report, cancelled: true };
      const errors = errorsOf(report, posted);
      for (const [id, message] of Object.entries(errors)) this.#states.fail(id, message);
      if (report.cancelled) {
        this.#scheduler.failed();
        this.#states.settle(posted.run, false);
        return { ...report, errors };
      }
      const outputs = await this.#exchange.collect(this.engine, { ...report, errors }, () => !stopped());
      if (stopped()) return { ...report, errors, cancelled: true };
      this.#exchange.hand(outputs, !targets);
      this.#states.settle(posted.run, !targets);
      return { ...report, errors };
    } catch (error) {
      if (stopped()) return CANCELLED;
      this.#scheduler.failed();
      this.#events.tell({ kind: "notice", message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      if (!stopped()) {
        this.#scheduler.end();
        this.#redraw();
      }
    }
  }

  cancel(): void {
    this.#scheduler.stop();
    this.engine.cancel();
    this.#states.stop();
    this.#redraw();
  }

  async download(target: LGraphNode | string | number): Promise<void> {
    const node = typeof target === "object" ? target : this.#graph.getNodeById(Number(target));
    if (!node) throw new Error(`the graph has no node ${target}: give the id of a node such as Save`);
    const state = this.state(node);
    state.phase = "running";
    state.fraction = 0;
    this.#redraw();
    try {
      const posted = await post(this.#graph, this.engine, isRunning(this.#graph));
      const message = posted.problems.get(String(node.id));
      if (message) throw new Error(message);
      this.#take(posted);
      const { bytes, type } = await this.engine.encode(posted.graph, String(node.id));
      const name = node.properties.name;
      download(bytes as Uint8Array<ArrayBuffer>, type, pictureName(typeof name === "string" && name ? name : node.title, type));
      state.phase = "finished";
      state.error = undefined;
    } catch (error) {
      setError(node, error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      this.#redraw();
    }
  }

  detach(): void {
    if (this.#detached) return;
    this.cancel();
    this.#detached = true;
    this.#events.close();
    this.#scheduler.close();
    this.#stopPaste();
    setRuntime(this.#graph, undefined);
    this.#states.close();
    if (this.#ownsEngine) this.engine.close();
    this.#redraw();
  }

  // What nodes ask for

  state(node: LGraphNode): NodeState {
    return this.#states.of(node);
  }

  changed(node: LGraphNode): void {
    this.#scheduler.changed(node.id);
  }

  step(node: LGraphNode): void {
    this.#exchange.deliver(node);
    if (!this.auto || !this.#exchange.changed(node)) return;
    // A playing video changes all the time: it neither stops the run under way nor puts off the next one.
    if (this.#scheduler.busy) this.#scheduler.later();
    else if (!this.#scheduler.hasChange(node.id)) {
      this.#exchange.rest(); // until the next run
      this.changed(node);
    }
  }

  trigger(node: LGraphNode): void {
    const fire = (report: RunReport) => {
      const slot = node.findOutputSlot("onExecuted");
      if (!report.cancelled && !report.errors[String(node.id)] && slot >= 0) node.triggerSlot(slot, null);
    };
    void this.run([node.id]).then(fire, () => {}); // what is wrong is reported as a notice
  }

  want(node: LGraphNode, output: string, width: number, height: number): void {
    this.#states.want(this.engine, node, output, width, height);
  }

  async addFile(node: LGraphNode, param: string, file: File): Promise<void> {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch (error) {
      setError(node, `"${file.name}" cannot be read (${error instanceof Error ? error.message : error}): choose it again`);
      return;
    }
    try {
      const accept = (definitionOf(node)?.params as Readonly<Record<string, Param>> | undefined)?.[param]?.accept;
      const ref = await this.engine.addFile(bytes, file.name, { accept: accept ?? "" });
      const now = this.#graph.getNodeById(node.id); // undo makes all nodes anew
      change({ node: now && now.type === node.type ? now : node, name: param }, ref);
    } catch (error) {
      setError(node, error instanceof Error ? error.message : String(error));
    }
  }

  /** Marks nodes as waiting for a run; undefined: the graph still computes what was last run. */
  #affected(nodes: ReadonlySet<number> | undefined): void {
    if (nodes) this.#states.wait(nodes);
    else this.#states.unwait();
    this.#redraw();
  }

  /** The engine is given the graph as posted. */
  #take(posted: Posted): void {
    this.#events.about(posted);
    this.#exchange.given(posted.signatures);
  }

  #redraw(): void {
    this.#graph.setDirtyCanvas(true, false);
  }
}
