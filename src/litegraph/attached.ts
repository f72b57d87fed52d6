/**
 * Runs our nodes on a litegraph graph: posts the graph to an engine, shows on the nodes what it says, takes values from the
 * page's own nodes and hands ours to them.
 */
import { CANCELLED, DISPOSE, type Engine, type EngineEvent, type RunReport } from "../browser/protocol";
import type { StoredGraph } from "../graph/stored";
import { addFile } from "./add-file";
import type { Attachment, Focus } from "./attachment";
import { Teller } from "./attachment-events";
import { download, pictureName } from "./download";
import { Events } from "./events";
import { Exchange } from "./exchange";
import { executeSources } from "./external-in";
import { definitionOf, isRunning, type LGraph, type LGraphNode, nodesOf } from "./host";
import { NodeStates } from "./node-states";
import type { AnyGraphNode } from "./page";
import { errorsOf, type Posted, post, shownFor } from "./post";
import { nameOfPicture } from "./saved-name";
import { Scheduler } from "./scheduler";
import { type NodeState, type Runtime, setError, setRuntime } from "./state";
import { onPaste } from "./widgets/file";

/** Which graph an engine computes for. */
export const inUse = new WeakMap<Engine, WeakRef<Attached>>();
/** What is left to do for attachments that nobody holds any more: nothing here may hold one. */
const dropped = new FinalizationRegistry<() => void>((release) => release());

/** What `attach` makes. */
export class Attached extends Teller implements Attachment, Runtime {
  readonly engine: Engine;
  focus: Focus | undefined;
  whole: ((shown: StoredGraph) => StoredGraph) | undefined;
  readonly #graph: LGraph;
  readonly #scheduler: Scheduler;
  readonly #states: NodeStates;
  readonly #events: Events;
  readonly #exchange: Exchange;
  /** Lets go of what outlives the attachment. */
  readonly #release: () => void;
  #detached = false;
  /** Counts glances: an older one is of no use any more. */
  #glances = 0;
  /** A glance is to follow the run under way. */
  #glanceLater = false;

  constructor(graph: LGraph, engine: Engine, ownsEngine: boolean, auto: boolean, paste: boolean) {
    super();
    this.#graph = graph;
    this.engine = engine;
    this.#scheduler = new Scheduler(graph, auto, {
      run: () => void this.run().catch(() => {}), // reported as a notice
      onChange: (affected) => this.#affected(affected),
    });
    this.#states = new NodeStates(graph);
    this.#events = new Events(graph, this.engine, this.#states, {
      preview: ({ region, view }) => {
        if (!this.#scheduler.busy || !this.focus) return view.bitmap.close();
        this.#scheduler.partShown();
        this.focus.show(region, view);
      },
      hear: (event) => this.hear(event),
    });
    this.#exchange = new Exchange(graph);
    setRuntime(graph, this);
    inUse.set(engine, new WeakRef<Attached>(this));
    this.#release = releaser(
      new WeakRef<Attached>(this),
      this.#events.unlisten,
      new WeakRef(graph),
      ownsEngine ? engine : undefined,
      paste,
    );
    dropped.register(this, this.#release, this);
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
    this.say("started", targets ? { targets: targets.map(String) } : {});
    try {
      const report = await this.#compute(targets);
      this.say("finished", report);
      return report;
    } catch (error) {
      this.say("failed", { message: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  async #compute(targets: readonly (string | number)[] | undefined): Promise<RunReport> {
    const thrown = this.#askSources();
    const stopped = this.#scheduler.begin(!targets);
    try {
      const posted = await post(this.#graph, this.engine, thrown, this.whole);
      if (stopped()) return CANCELLED;
      this.#take(posted);
      this.#states.begin(posted);
      for (const [id, message] of posted.problems) this.#states.fail(id, message);
      const report = await this.engine.run(posted.graph, targets?.map(String) ?? posted.targets, {
        focus: this.focus?.request(),
        views: this.#states.wanted(),
      });
      if (stopped()) return { ...report, cancelled: true };
      const errors = errorsOf(this.#graph, report, posted);
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
        if (this.#glanceLater) void this.glance();
      } else if (!this.#scheduler.busy) {
        this.#states.stop(); // what was on its way when the run was stopped has come by now
        this.#redraw();
      }
    }
  }

  async glance({ anew = false }: { readonly anew?: boolean } = {}): Promise<void> {
    if (this.#detached) return;
    if (anew) this.#states.clear();
    const glance = ++this.#glances;
    const isOf = () => glance === this.#glances && !this.#detached;
    this.#glanceLater = this.#scheduler.busy;
    if (this.#scheduler.busy) return;
    try {
      const posted = await post(this.#graph, this.engine, new Map(), this.whole);
      if (!isOf() || this.#scheduler.busy) return;
      this.#events.about(posted);
      this.#states.about(posted);
      const views = this.#states.wanted();
      const { edition } = this.#states;
      await this.engine.run(posted.graph, undefined, { glance: anew ? "anew" : "again", views, edition });
    } catch (error) {
      if (isOf()) this.#events.tell({ kind: "notice", message: error instanceof Error ? error.message : String(error) });
    }
  }

  showing(show: () => void): void {
    this.#scheduler.showing(show);
    this.#redraw();
  }

  cancel(): void {
    this.#scheduler.stop();
    this.engine.cancel();
    this.#states.stop();
    this.#redraw();
  }

  async download(target: AnyGraphNode | string | number): Promise<void> {
    const id = String(typeof target === "object" ? target.id : target);
    const posted = await post(this.#graph, this.engine, this.#askSources(), this.whole);
    const saver = posted.run.get(id);
    if (!saver) throw new Error(`the graph has no node ${id}: give the id of a node such as Save`);
    // Of a node in a subgraph it is said on the one that is shown, where there is one.
    const node = this.#graph.getNodeById(Number(shownFor(this.#graph, posted, id)[0])) as LGraphNode | undefined;
    const state = node && this.state(node);
    if (state) Object.assign(state, { phase: "running", fraction: 0 });
    this.#redraw();
    try {
      const message = posted.problems.get(id);
      if (message) throw new Error(message);
      this.#take(posted);
      const { bytes, type } = await this.engine.encode(posted.graph, id);
      const { params, title } = saver;
      const name = pictureName(await nameOfPicture(posted.run, id, params.name, title, this.engine), type);
      download(bytes as Uint8Array<ArrayBuffer>, type, name);
      this.#events.tell({ kind: "notice", message: `Saved: “${name}”` });
      if (state) Object.assign(state, { phase: "finished", error: undefined });
    } catch (error) {
      if (node) setError(node, error instanceof Error ? error.message : String(error));
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
    dropped.unregister(this);
    this.#release();
    inUse.delete(this.engine);
    setRuntime(this.#graph, undefined);
    this.#states.close();
    this.#redraw();
  }

  [DISPOSE](): void {
    this.detach();
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

  addFile(node: LGraphNode, param: string, file: File): Promise<void> {
    return addFile(this.#graph, this.engine, node, param, file);
  }

  /** Has the page's own nodes give their values, where its loop does not. What they throw is given by their ids. */
  #askSources(): ReadonlyMap<number, string> {
    return isRunning(this.#graph) ? new Map() : executeSources(this.#graph);
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

/** What ends an attachment's part in the world, and takes files pasted on it until then. It holds none of it but the engine. */
function releaser(
  attached: WeakRef<Attached>,
  unlisten: () => void,
  graph: WeakRef<LGraph>,
  engine: Engine | undefined,
  paste: boolean,
): () => void {
  const stopPaste = paste ? onPaste(graph, (node, param, file) => void attached.deref()?.addFile(node, param, file)) : () => {};
  return () => {
    unlisten();
    stopPaste();
    engine?.close();
  };
}
