/** What the benchmarks share: seeded sources in place of files, the network's stages as a graph, times and rows. */
import * as tf from "@tensorflow/tfjs-core";
import { definitions } from "../nodes";
import type { Host } from "../nodes/sockets";
import { assetsAt } from "../src/browser/assets";
import { type Backend, startBackend } from "../src/browser/backend";
import { decode, encode } from "../src/browser/codec";
import { createHost } from "../src/engine/host";
import { Executor } from "../src/graph/executor";
import type { AnyNode } from "../src/graph/node";
import type { Graph, GraphNode } from "../src/graph/parse";
import type { Size } from "../src/types";

export interface Settings {
  readonly backend: Backend["name"];
  /** Letters of the benchmarks to run; absent: all. */
  readonly only?: string;
  /** Side of the low-resolution picture for (a), (b), (c) and (e). */
  readonly side: number;
  readonly repeats: number;
  /** Sides of the enlarged picture for (d). */
  readonly memory: readonly number[];
  /** Width and height of the low-resolution picture for (f). */
  readonly stroke: readonly [number, number];
  /** Side of the low-resolution crop for (g). */
  readonly crop: number;
}

export interface Row {
  readonly what: string;
  readonly median: string;
  readonly spread: string;
}

export const MEGABYTE = 2 ** 20;

export interface Setup {
  readonly say: (row: Row) => void;
  /** A row of the median and the spread of some values. */
  row(what: string, values: readonly number[], unit: string, digits?: number): void;
  readonly host: ReturnType<typeof createHost>["host"];
  picture(size: Size): tf.Tensor4D;
  priorMap(size: Size): tf.Tensor4D;
  /** An executor whose pictures have this size. */
  executor(size: Size): Executor<Host>;
  /** The network's stages; `salt` makes the prior another one, `between` are nodes that stand between it and Condition Net. */
  stages(salt?: number, between?: readonly [string, GraphNode][]): Graph;
}

export const milliseconds = async (run: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await run();
  return performance.now() - start;
};

export const node = (id: string, type: string, inputs: GraphNode["inputs"] = {}, params = {}): [string, GraphNode] => [
  id,
  { id, type: `sftgan/${type}`, title: id, params, inputs, problems: [], mode: "always", notes: [] },
];
export const link = (from: string, output: string) => ({ node: from, output });

/** Counts the programs that WebGL links from now on. */
export function countPrograms(): { readonly count: number; stop(): void } {
  const { linkProgram } = WebGL2RenderingContext.prototype;
  const seen = { count: 0, stop: () => void Object.assign(WebGL2RenderingContext.prototype, { linkProgram }) };
  WebGL2RenderingContext.prototype.linkProgram = function (program) {
    seen.count++;
    linkProgram.call(this, program);
  };
  return seen;
}

export async function setUp(wanted: Backend["name"], say: (row: Row) => void): Promise<Setup> {
  const backend = await startBackend(wanted);
  if (backend.name !== wanted) throw new Error(`the ${wanted} backend could not be started: ${backend.reason}`);
  const { host } = createHost({
    definitions,
    decode,
    encode,
    asset: assetsAt().read,
    checkpoint: backend.checkpoint,
    graphText: () => "",
    file: async () => new Uint8Array(),
  });
  // Sources of seeded noise in place of files, so that nothing but the network is timed.
  const picture = ({ height, width }: Size): tf.Tensor4D => tf.randomUniform([1, height, width, 3], 0, 1, "float32", 1);
  const priorMap = ({ height, width }: Size): tf.Tensor4D =>
    tf.tidy(() => tf.softmax(tf.randomNormal([1, 4 * height, 4 * width, 8], 0, 1, "float32", 2)));
  const source = (size: Size): AnyNode => ({
    ...definitions.find((def) => def.type === "sftgan/load-lr")!,
    run: () => ({ image: { rgb: picture(size) } }),
  });
  const prior: AnyNode = {
    ...definitions.find((def) => def.type === "sftgan/load-prior")!,
    run: ({ picture: image }: { picture: { rgb: tf.Tensor4D } }) => {
      const size = { height: image.rgb.shape[1], width: image.rgb.shape[2] };
      return { prior: { map: priorMap(size), channels: Array(8).fill("class"), kind: "probabilities", picture: size } };
    },
  };
  const others = definitions.filter(({ type }) => type !== "sftgan/load-lr" && type !== prior.type);
  return {
    say,
    row(what, values, unit, digits = 0) {
      const sorted = [...values].sort((a, b) => a - b);
      const at = (q: number) => sorted[Math.round(q * (sorted.length - 1))]!.toFixed(digits);
      say({ what, median: `${at(0.5)} ${unit}`, spread: `${at(0)} … ${at(1)}` });
    },
    host,
    picture,
    priorMap,
    executor: (size) =>
      new Executor<Host>({
        definitions: [...others, source(size), prior],
        host,
        cacheBytes: 1024 * MEGABYTE,
        budget: 512 * MEGABYTE,
      }),
    stages: (salt = 0, between = []) =>
      new Map([
        node("picture", "load-lr", {}, { file: null }),
        node("prior", "load-prior", { picture: link("picture", "image") }, { salt, file: null, format: `${salt}` }),
        ...between,
        node("Condition Net", "condition-net", { prior: link(between.at(-1)?.[0] ?? "prior", "prior") }),
        node(
          "SFT ResBlock×16",
          "sft-resblocks",
          { image: link("picture", "image"), condition: link("Condition Net", "condition") },
          { blocks: 16, modulation: true },
        ),
        node(
          "Upsample",
          "upsample",
          { features: link("SFT ResBlock×16", "features"), condition: link("Condition Net", "condition") },
          { modulation: true },
        ),
      ]),
  };
}
