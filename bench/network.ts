/** (a) The graph against the same network by hand in stock tfjs, (b) the share of each stage, (e) from cancel to idle. */
import * as tf from "@tensorflow/tfjs-core";
import { assetsAt } from "../src/browser/assets";
import type { RunEvent } from "../src/graph/running";
import { loadModel } from "../src/weights/model";
import { handwritten } from "./handwritten";
import { milliseconds, type Settings, type Setup } from "./setup";

export async function benchNetwork({ executor, stages, row, picture, priorMap }: Setup, { side, repeats }: Settings) {
  const model = await loadModel(await assetsAt().read("weights:sftgan.safetensors"), "sftgan");
  const size = { height: side, width: side };
  const run = executor(size);
  const [image, map] = [picture(size), priorMap(size)];
  const weights = Object.fromEntries(
    Object.entries(model.weights.tensors).map(([name, { shape, data }]) => [name, stock(tf.tensor(data, [...shape]))]),
  );
  const byHand = async () => {
    const result = handwritten(weights, image, map, model.blocks);
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
  tf.dispose([image, map, ...Object.values(weights)]);
}

/** Kernels `[out, in, kh, kw]` as `[kh, kw, in, out]`. */
const stock = (tensor: tf.Tensor) => (tensor.rank === 4 ? tf.tidy(() => tf.transpose(tensor, [2, 3, 1, 0])) : tensor);
