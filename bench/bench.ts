/**
 * The benchmarks, in a page: side by side in one run, each after a warm-up, median and spread. `bench/run.mjs` opens the
 * page and prints what it reports.
 */
import * as tf from "@tensorflow/tfjs-core";
import sftGan from "../graphs/sft-gan.json";
import { definitions } from "../nodes";
import type { Host } from "../nodes/sockets";
import { asset } from "../src/browser/assets";
import { type Backend, startBackend } from "../src/browser/backend";
import { decode, encode } from "../src/browser/codec";
import { createHost } from "../src/engine/host";
import { cleanGraph } from "../src/graph/clean";
import { Executor, type RunEvent } from "../src/graph/executor";
import type { AnyNode } from "../src/graph/node";
import { type Graph, type GraphNode, parseGraph } from "../src/graph/parse";
import { splice } from "../src/image/raster";
import { loadModel } from "../src/weights/model";
import { handwritten } from "./handwritten";

export interface Settings {
  readonly backend: Backend["name"];
  /** Side of the low-resolution picture for (a), (b), (c) and (e). */
  readonly side: number;
  readonly repeats: number;
  /** Sides of the enlarged picture for (d). */
  readonly memory: readonly number[];
  /** Width and height of the low-resolution picture for (f); absent: not measured. */
  readonly stroke?: readonly [number, number];
}

export interface Row {
  readonly what: string;
  readonly median: string;
  readonly spread: string;
}

const BUDGET = 512 * 2 ** 20;
const MEGABYTE = 2 ** 20;

export async function bench(
  { backend: wanted, side, repeats, memory, stroke }: Settings,
  say: (row: Row) => void,
): Promise<void> {
  const backend = await startBackend(wanted);
  if (backend.name !== wanted) throw new Error(`the ${wanted} backend could not be started: ${backend.reason}`);
  const { host } = createHost({
    decode,
    encode,
    asset,
    pause: backend.pause,
    graphText: () => "",
    file: async () => new Uint8Array(),
  });
  const model = await loadModel(await asset("weights:sftgan.safetensors"), "sftgan");

  // Sources of seeded noise in place of files, so that nothing but the network is timed.
  const picture = (size: number): tf.Tensor4D => tf.randomUniform([1, size, size, 3], 0, 1, "float32", 1);
  const priorMap = (size: number): tf.Tensor4D =>
    tf.tidy(() => tf.softmax(tf.randomNormal([1, 4 * size, 4 * size, 8], 0, 1, "float32", 2)));
  const source = (size: number): AnyNode => ({
    ...definitions.find((def) => def.type === "sftgan/load-lr")!,
    run: () => ({ image: { rgb: picture(size) } }),
  });
  const prior: AnyNode = {
    ...definitions.find((def) => def.type === "sftgan/load-prior")!,
    run: ({ picture: image }: { picture: { rgb: tf.Tensor4D } }) => {
      const [, height, width] = image.rgb.shape;
      return {
        prior: { map: priorMap(height), channels: Array(8).fill("class"), kind: "probabilities", picture: { height, width } },
      };
    },
  };
  const executor = (size: number, budget = BUDGET) =>
    new Executor<Host>({
      definitions: [...definitions.filter(({ type }) => type !== "sftgan/load-lr" && type !== prior.type), source(size), prior],
      host,
      cacheBytes: 1024 * MEGABYTE,
      budget,
    });
  const node = (id: string, type: string, inputs: GraphNode["inputs"] = {}, params = {}): [string, GraphNode] => [
    id,
    { id, type: `sftgan/${type}`, title: id, params, inputs, problems: [] },
  ];
  const link = (from: string, output: string) => ({ node: from, output });
  /** The network's stages; `salt` makes the prior another one. */
  const stages = (salt = 0): Graph =>
    new Map([
      node("picture", "load-lr", {}, { file: null }),
      node("prior", "load-prior", { picture: link("picture", "image") }, { salt, file: null, format: `${salt}` }),
      node("Condition Net", "condition-net", { prior: link("prior", "prior") }),
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
    ]);

  const milliseconds = async (run: () => Promise<unknown>) => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  const row = (what: string, values: readonly number[], unit: string, digits = 0) => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (q: number) => sorted[Math.round(q * (sorted.length - 1))]!.toFixed(digits);
    say({ what, median: `${at(0.5)} ${unit}`, spread: `${at(0)} … ${at(1)}` });
  };

  // (a) The graph against stock tfjs, (b) stages, (c) a prior swap.
  const run = executor(side);
  const [image, map] = [picture(side), priorMap(side)];
  const byHand = async () => {
    const result = handwritten(model.weights, image, map, model.blocks);
    const mean = tf.tidy(() => tf.mean(result));
    result.dispose();
    await mean.data();
    mean.dispose();
  };
  const shares = new Map<string, number[]>();
  const byGraph = async () => {
    const started = new Map<string, number>();
    const onEvent = (event: RunEvent) => {
      if (event.kind === "started") started.set(event.node, performance.now());
      if (event.kind === "finished") shares.set(event.node, [...(shares.get(event.node) ?? []), event.ms]);
    };
    const { outputs, errors } = await run.run(stages(), ["Upsample"], { onEvent });
    if (errors.size > 0) throw new Error([...errors.values()][0]);
    const mean = tf.tidy(() => tf.mean((outputs.get("Upsample")!.image as { rgb: tf.Tensor4D }).rgb));
    await mean.data();
    mean.dispose();
  };
  await byHand();
  await byGraph(); // warm-up: shaders, textures, weights
  shares.clear();
  const hand: number[] = [];
  const graph: number[] = [];
  const swap: number[] = [];
  for (let i = 0; i < repeats; i++) {
    await run.clear();
    // Sources are not part of the network: they are in the cache before it is timed.
    await run.run(stages(), ["prior"]);
    hand.push(await milliseconds(byHand));
    graph.push(await milliseconds(byGraph));
    await run.run(stages(i + 1), ["prior"]);
    swap.push(await milliseconds(() => run.run(stages(i + 1), ["Upsample"])));
  }
  row(`(a) stock tfjs by hand, ${side}² → ${4 * side}²`, hand, "ms");
  row("(a) the graph", graph, "ms");
  row(
    "(a) graph ÷ by hand, pair by pair",
    graph.map((ms, i) => ms / hand[i]!),
    "×",
    3,
  );
  for (const [name, times] of shares)
    row(
      `(b) ${name}`,
      times.map((ms, i) => (100 * ms) / graph[i]!),
      "% of the graph",
      1,
    );

  // (c) The whole ready graph cold, then with another prior.
  const ready = cleanGraph(sftGan);
  const whole = (priorFor: "segment" | "constant"): Graph => {
    const graph = new Map(parseGraph(ready, definitions));
    if (priorFor === "constant") {
      const seg = [...graph.values()].find((n) => n.type === "sftgan/segment")!;
      graph.set(seg.id, {
        ...seg,
        type: "sftgan/constant-prior",
        params: { class: "plant" },
        inputs: { picture: seg.inputs.image! },
      });
    }
    return graph;
  };
  const up = [...whole("segment").values()].find((n) => n.type === "sftgan/upsample")!.id;
  const cold: number[] = [];
  const swapped: number[] = [];
  const full = executor(side);
  for (let i = 0; i <= repeats; i++) {
    await full.clear();
    const [first, second] = [
      await milliseconds(() => full.run(whole("segment"), [up])),
      await milliseconds(() => full.run(whole("constant"), [up])),
    ];
    if (i > 0) {
      cold.push(first);
      swapped.push(second);
    }
  }
  row("(c) cold run with Segment", cold, "ms");
  row("(c) prior swapped", swapped, "ms");
  row(
    "(c) swap ÷ cold",
    swapped.map((ms, i) => ms / cold[i]!),
    "×",
    3,
  );

  // (e) From cancel to idle, at a random moment of the run.
  const idle: number[] = [];
  const median = [...graph].sort((a, b) => a - b)[graph.length >> 1]!;
  for (let i = 0; i < repeats; i++) {
    await run.clear();
    const stop = new AbortController();
    const running = run.run(stages(), ["Upsample"], { signal: stop.signal }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, (median * (i + 1)) / (repeats + 1)));
    idle.push(await milliseconds(() => (stop.abort(), running)));
  }
  row("(e) from cancel to idle", idle, "ms");
  await run.clear();
  await full.clear();
  tf.dispose([image, map]);

  // (d) Peak bytes in tensors, beyond what lies there before (weights).
  for (const output of memory) {
    const sized = executor(output / 4);
    const before = tf.memory().numBytes;
    let peak = 0;
    const watch = { onEvent: () => (peak = Math.max(peak, tf.memory().numBytes)) };
    const profile = await tf.profile(async () => (await sized.run(stages(), ["Upsample"], watch)) as never);
    peak = Math.max(peak, profile.peakBytes);
    say({
      what: `(d) peak tensor bytes, ${output}² output`,
      median: `${((peak - before) / MEGABYTE).toFixed(0)} MB`,
      spread: "one run",
    });
    await sized.clear();
  }

  // (f) A stroke of 32 × 32 pixels somewhere in the prior, against a full run.
  if (stroke) {
    const [width, height] = stroke;
    const base = tf.tidy(() => tf.softmax(tf.randomNormal([1, 4 * height, 4 * width, 8], 0, 1, "float32", 2)) as tf.Tensor4D);
    const grass = tf.tidy(() => tf.cast(tf.oneHot(tf.fill([1, 128, 128], 3, "int32"), 8), "float32") as tf.Tensor4D);
    const place = (i: number) => ({
      top: 4 * ((i * 53) % (height - 32)),
      left: 4 * ((i * 97) % (width - 32)),
      height: 128,
      width: 128,
    });
    const painted: AnyNode = {
      ...prior,
      run: ({ picture: image }: { picture: { rgb: tf.Tensor4D } }, { format }: { format: string }) => {
        const map = Number(format) === 0 ? tf.clone(base) : splice(base, grass, place(Number(format)));
        return {
          prior: {
            map,
            channels: Array(8).fill("class"),
            kind: "probabilities",
            picture: { height: image.rgb.shape[1], width: image.rgb.shape[2] },
          },
        };
      },
      async update(inputs, params, context) {
        return {
          outputs: await this.run(inputs, params, context),
          changed: { prior: place(Number(params.format)) },
        };
      },
    };
    const photo: AnyNode = {
      ...source(1),
      run: () => ({ image: { rgb: tf.randomUniform([1, height, width, 3], 0, 1, "float32", 1) } }),
    };
    const others = definitions.filter(({ type }) => type !== photo.type && type !== painted.type);
    const edited = new Executor<Host>({
      definitions: [...others, photo, painted],
      host,
      cacheBytes: 1024 * MEGABYTE,
      budget: BUDGET,
    });
    const upsampled = async (salt: number) => {
      const { outputs } = await edited.run(stages(salt), ["Upsample"]);
      const corner = tf.slice((outputs.get("Upsample")!.image as { rgb: tf.Tensor4D }).rgb, [0, 0, 0, 0], [1, 1, 1, 1]);
      await corner.data();
      corner.dispose();
    };
    const once = await milliseconds(() => upsampled(0));
    const times: number[] = [];
    for (let i = 0; i <= repeats; i++) {
      const ms = await milliseconds(() => upsampled(i + 1));
      if (i > 0) times.push(ms);
    }
    say({
      what: `(f) full run, ${width} × ${height}`,
      median: `${once.toFixed(0)} ms`,
      spread: "one run, shaders compiled in it",
    });
    row("(f) a stroke of 32 × 32", times, "ms");
    row(
      "(f) stroke ÷ full run",
      times.map((ms) => ms / once),
      "×",
      3,
    );
    await edited.clear();
    tf.dispose([base, grass]);
  }
}
