/** What a run was: per node its time, whether it came from the cache, what came out and how large, and what went wrong. */
import * as tf from "@tensorflow/tfjs-core";
import { plainValues, summarise } from "../engine/summary";
import { rasterOf, warningsOf } from "../engine/view";
import type { Graph } from "../graph/parse";
import type { RunEvent } from "../graph/running";
import { isDrawable, type Raster } from "../types";
import { definitionOf } from "./address";
import { jsonValues } from "./content";
import { EXIT } from "./failure";
import type { Session } from "./session";

interface NodeReport {
  readonly title: string;
  readonly type: string;
  ms?: number;
  cached?: boolean;
  /** "640 × 480", "PSNR 30.81, SSIM 0.87" */
  summary?: string;
  /** Sizes `[h, w, c]` of what came out, by output. */
  sizes?: Readonly<Record<string, readonly number[]>>;
  /** Numbers and texts that came out, by output. */
  values?: Readonly<Record<string, number | string>>;
  /** Messages about a result that is there all the same. */
  warnings?: readonly string[];
  error?: string;
}

export class Report {
  private readonly start = performance.now();
  /** By node id. */
  readonly nodes: Record<string, NodeReport> = {};
  readonly outputs: { readonly node: string; readonly output?: string; readonly file: string; readonly bytes: number }[] = [];
  private readonly peak = { tensors: 0, bytes: 0 };

  constructor(private readonly graph: Graph) {}

  /** The exit code: of what went wrong, the first. */
  exit: number = EXIT.done;

  get failures(): readonly (readonly [string, string])[] {
    return Object.entries(this.nodes).flatMap(([id, { error }]) => (error === undefined ? [] : [[id, error] as const]));
  }

  /** Messages about results that are there all the same, by node id. */
  get warnings(): readonly (readonly [string, string])[] {
    return Object.entries(this.nodes).flatMap(([id, { warnings = [] }]) => warnings.map((warning) => [id, warning] as const));
  }

  /** `exit` is the code for a node that has failed. */
  record(event: RunEvent, exit: number = EXIT.input): void {
    switch (event.kind) {
      case "finished":
      case "cached": {
        const { numTensors, numBytes } = tf.memory();
        this.peak.tensors = Math.max(this.peak.tensors, numTensors);
        this.peak.bytes = Math.max(this.peak.bytes, numBytes);
        const node = this.of(event.node);
        const def = definitionOf(this.graph.get(event.node)!)!;
        if (node.ms !== undefined) return; // an earlier output of the same command has computed it
        node.ms = Math.round(event.ms * 100) / 100;
        node.cached = event.kind === "cached";
        node.summary = summarise(def, event.outputs);
        const warnings = warningsOf(event.outputs);
        if (warnings.length > 0) node.warnings = warnings;
        const values = plainValues(def, event.outputs);
        if (Object.keys(values).length > 0) node.values = jsonValues(values);
        const sizes = Object.entries(def.outputs)
          .map(([name, socket]) => [name, (socket as { type: string }).type] as const)
          .filter(([, type]) => isDrawable(type))
          .map(([name, type]) => [name, (rasterOf(type, event.outputs[name]) as Raster).shape.slice(1)] as const);
        if (sizes.length > 0) node.sizes = Object.fromEntries(sizes);
        return;
      }
      case "failed":
        this.fail(event.node, event.message, exit);
    }
  }

  /** Of several files that a node's result goes to each can fail. */
  fail(id: string, message: string, exit: number = EXIT.input): void {
    const node = this.of(id);
    if (this.exit === EXIT.done) this.exit = exit;
    node.error = node.error === undefined || node.error === message ? message : `${node.error}; ${message}`;
  }

  /** The whole of it, for JSON. */
  json(session: Session | undefined): unknown {
    const memory = session && tf.memory(); // which throws where no backend was started
    return {
      ok: this.failures.length === 0,
      ms: Math.round(performance.now() - this.start),
      backend: session?.backend ?? null,
      tensors: memory ? { count: memory.numTensors, bytes: memory.numBytes, peak: this.peak } : null,
      nodes: this.nodes,
      outputs: this.outputs,
    };
  }

  private of(id: string): NodeReport {
    const node = this.graph.get(id);
    this.nodes[id] ??= { title: node?.title ?? id, type: node?.type ?? "" };
    return this.nodes[id]!;
  }
}
