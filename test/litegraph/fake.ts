/** An engine that computes nothing, made-up definitions, and a litegraph with both registered. */
import { LGraph, type LGraphNode, LiteGraph } from "litegraph.js";
import { definitions as ours } from "../../nodes";
import { defineNode, image, number, optional, prior, text } from "../../nodes/sockets";
import {
  CANCELLED,
  type Engine,
  type EngineEvent,
  type RunOptions,
  type RunReport,
  type View,
  type ViewRequest,
} from "../../src/browser/protocol";
import { type AnyNode, choice, type FileRef, file, flag, number as numberParam, text as textParam } from "../../src/graph/node";
import type { StoredGraph, StoredNode } from "../../src/graph/stored";
import { register } from "../../src/litegraph";
import type { EncodedFile } from "../../src/types";

export type { LGraphNode };
export { LGraph, LiteGraph };

const never = (): never => {
  throw new Error("a fake node does not run");
};

/** One of every kind of socket and parameter. */
export const everything = defineNode({
  type: "test/everything",
  title: "Everything",
  description: "One of <b>each</b>.",
  inputs: { picture: image("a picture"), prior: optional(prior("a prior")), words: optional(text("some words")) },
  params: {
    blocks: numberParam({ default: 16, min: 1, max: 16, step: 1, help: "how many" }),
    amount: numberParam({ default: 0.5, min: 0, max: 1, step: 0.05, unit: "px", help: "how much" }),
    mode: choice(["float", "8 bit"], { default: "float", help: "which" }),
    on: flag({ default: true, help: "whether" }),
    name: textParam({ default: "x", help: "called" }),
    file: file({ default: null, help: "bytes", accept: ".test,image/png", shipped: ["shipped.test"] }),
  },
  outputs: { picture: image("a picture"), count: number("a count") },
  run: never,
});

export const sink = defineNode({
  type: "test/sink",
  title: "Sink",
  description: "Shows.",
  sink: "always",
  inputs: { picture: image("a picture") },
  params: {},
  outputs: { picture: image("the same") },
  run: never,
});

export const definitions: readonly AnyNode[] = [...ours, everything, sink];
register(LiteGraph, definitions);

/** An external node with one output that gives `value`. */
export class Source extends (LiteGraph as unknown as { LGraphNode: typeof LGraphNode }).LGraphNode {
  value: unknown;
  constructor() {
    super("Source");
    this.addOutput("out", 0 as unknown as string);
  }
  override onExecute(): void {
    this.setOutputData(0, this.value);
  }
}
LiteGraph.registerNodeType("test/source", Source);

/** An external node that keeps what it is given. */
export class Drain extends (LiteGraph as unknown as { LGraphNode: typeof LGraphNode }).LGraphNode {
  got: unknown;
  constructor() {
    super("Drain");
    this.addInput("in", 0 as unknown as string);
  }
  override onExecute(): void {
    this.got = this.getInputData(0);
  }
}
LiteGraph.registerNodeType("test/drain", Drain);

/** A graph with a node of each type, in order. */
export function graphOf<T extends LGraphNode[]>(...types: string[]): { graph: LGraph; nodes: T } {
  const graph = new LGraph();
  const nodes = types.map((type) => {
    const node = LiteGraph.createNode(type) as LGraphNode;
    graph.add(node);
    return node;
  });
  return { graph, nodes: nodes as T };
}

/** Says "finished" of every node it is asked to run. */
export class FakeEngine implements Engine {
  readonly runs: StoredGraph[] = [];
  readonly targets: (readonly string[] | undefined)[] = [];
  readonly focuses: (ViewRequest | undefined)[] = [];
  /** What each run was asked to draw with its results. */
  readonly drawn: (readonly ViewRequest[])[] = [];
  readonly views: ViewRequest[] = [];
  /** What the glances were: they are no runs. */
  readonly glances: ("again" | "anew")[] = [];
  /** What the last one was given. */
  edition: number | undefined;
  readonly files: { name: string; bytes: Uint8Array; keep: boolean }[] = [];
  readonly listeners = new Set<(event: EngineEvent) => void>();
  /** What the next runs report. */
  errors: Record<string, string> = {};
  values: RunReport["values"] = {};
  key = "1";
  open = 0;
  cancelled = 0;
  closed = false;
  /** A run resolves after this. */
  gate: Promise<unknown> = Promise.resolve();
  size = { width: 6, height: 4 };

  async run(
    graph: StoredGraph,
    targets?: readonly string[],
    { focus, views = [], glance, edition }: RunOptions = {},
  ): Promise<RunReport> {
    if (glance) {
      this.glances.push(glance);
      this.edition = edition;
      return CANCELLED;
    }
    this.targets.push(targets);
    this.focuses.push(focus);
    this.drawn.push(views);
    this.runs.push(structuredClone(graph));
    await this.gate;
    const lost = new Set<unknown>(Object.keys(this.errors).map(Number));
    for (const node of graph.nodes) {
      const id = String(node.id);
      const message = this.errors[id];
      if (!message && graph.links.some(([, from, , to]) => to === node.id && lost.has(from))) lost.add(node.id);
      else if (message) this.tell({ kind: "failed", node: id, message });
      else {
        const wanted = views.filter((request) => request.node === id).map((request) => ({ request, view: this.draw(request) }));
        this.tell({ kind: "finished", node: id, ms: 1, summary: "6 × 4", ...(wanted.length > 0 && { views: wanted }) });
      }
    }
    return { cancelled: false, errors: this.errors, values: this.values };
  }
  forecast(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  cancel(): void {
    this.cancelled++;
  }
  async encode(): Promise<EncodedFile> {
    return { bytes: new Uint8Array([1]), type: "image/png" };
  }
  async view(request: ViewRequest): Promise<View | undefined> {
    this.views.push(request);
    return this.draw(request);
  }
  async sample(): Promise<undefined> {}
  draw(request: ViewRequest): View {
    this.open++;
    const closing = { close: () => void this.open-- };
    if (typeof OffscreenCanvas === "undefined")
      return { bitmap: { ...request, ...closing } as unknown as ImageBitmap, size: this.size, key: this.key };
    const canvas = new OffscreenCanvas(request.width, request.height);
    const ctx = canvas.getContext("2d")!;
    ctx.fillStyle = "rgb(10 200 30)";
    ctx.fillRect(0, 0, request.width, request.height);
    const bitmap = canvas.transferToImageBitmap();
    const close = bitmap.close.bind(bitmap);
    bitmap.close = () => {
      this.open--;
      close();
    };
    return { bitmap, size: this.size, key: this.key };
  }
  async addFile(bytes: Uint8Array, name: string, { keep = true } = {}): Promise<FileRef> {
    this.files.push({ name, bytes, keep });
    return { name, sha256: String(this.files.length).padStart(64, "0") };
  }
  async addNodes(): Promise<void> {}
  async nodes(): Promise<[]> {
    return [];
  }
  async exportOnnx(): Promise<Uint8Array> {
    throw new Error("this engine writes no models");
  }
  async readFile(): Promise<Uint8Array | undefined> {
    return undefined;
  }
  listen(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
  close(): void {
    this.closed = true;
  }
  tell(event: EngineEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

export const storedNode = (graph: StoredGraph, id: number): StoredNode => graph.nodes.find((node) => node.id === id)!;
/** A turn of the event loop: what waits for nothing else has happened. */
export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
