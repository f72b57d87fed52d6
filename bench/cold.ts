/**
 * The first picture after a cold load against the bare network's first run, each in a browser that has compiled nothing yet, and
 * what each node takes: first, and once all is compiled. `bench/cold.mjs` opens the page anew for each.
 */
import * as tf from "@tensorflow/tfjs-core";
import { assetsAt } from "../src/browser/assets";
import { createEngine } from "../src/browser/client";
import type { Engine, EngineEvent, KernelSetting } from "../src/browser/protocol";
import { isGpuName } from "../src/browser/webgpu";
import type { StoredGraph } from "../src/graph/stored";
import { runByTfjs } from "../src/kernels/tfjs/run";
import * as webgl from "../src/kernels/webgl/kernels";
import * as webgpu from "../src/kernels/webgpu/kernels";
import { nextTask } from "../src/next-task";
import { generator } from "../src/sftgan/generator";
import { startWebGL } from "../src/webgl/backend";
import { startWebGPU } from "../src/webgpu/backend";
import { loadModel } from "../src/weights/model";

/** Milliseconds from nothing but this page to the network's picture in the host's memory. `side`: of the picture. */
export async function bare(kernels: KernelSetting, side: number): Promise<number> {
  const start = performance.now();
  await (isGpuName(kernels) ? startWebGPU() : startWebGL());
  const model = await loadModel(await assetsAt().read("weights:sftgan.safetensors"), "sftgan");
  const network = generator(model);
  const image = tf.randomUniform([1, side, side, 3], 0, 1, "float32", 1) as tf.Tensor4D;
  const prior = tf.softmax(tf.randomNormal([1, 4 * side, 4 * side, 8], 0, 1, "float32", 2)) as tf.Tensor4D;
  const run = async (): Promise<tf.Tensor4D> => {
    if (kernels === "auto" || kernels === "stock") return runByTfjs(model, network, { image, prior });
    if (isGpuName(kernels)) {
      await webgpu.compile(webgpu.BLOCKINGS[kernels], model, [network]);
      return webgpu.runBlocked(webgpu.BLOCKINGS[kernels], model, network, { image, prior })!;
    }
    await webgl.compile(webgl.BLOCKINGS[kernels], model, [network], nextTask);
    return webgl.runBlocked(webgl.BLOCKINGS[kernels], model, network, { image, prior })!;
  };
  await (await run()).data();
  return performance.now() - start;
}

/** The longest that a thread let others wait, in milliseconds. */
interface Pauses {
  readonly page: number;
  readonly engine: number;
}

export interface FirstPicture {
  /** Milliseconds from the engine's first run to its picture; of each node that run; and of a second run of another picture. */
  readonly ms: number;
  readonly nodes: Readonly<Record<string, number>>;
  readonly later: Readonly<Record<string, number>>;
  /** In the first run and in the second. */
  readonly pauses: readonly [Pauses, Pauses];
}

/** Watches a page and its engine until it is asked for what it has seen. */
function watch(engine: Engine): () => Pauses {
  const seen = { page: 0, engine: 0 };
  let isOver = false;
  const nap = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const look = async (who: keyof typeof seen, ms: number, wait: () => Promise<unknown>) => {
    while (!isOver) {
      const start = performance.now();
      await wait();
      seen[who] = Math.max(seen[who], performance.now() - start - ms);
    }
  };
  void look("page", 5, () => nap(5));
  void look("engine", 20, () => Promise.all([nap(20), engine.nodes()]));
  return () => {
    isOver = true;
    return seen;
  };
}

/**
 * The same by an engine that has loaded and computed nothing. `graphs`: of two pictures; `picture` is the node that is shown. With
 * `idle`, in milliseconds, the first graph has been looked at for so long.
 */
export async function first(
  kernels: KernelSetting,
  graphs: readonly StoredGraph[],
  picture: string,
  idle = 0,
): Promise<FirstPicture> {
  const engine = createEngine({ kernels, preload: true });
  const events: EngineEvent[] = [];
  await new Promise<void>((resolve) => {
    engine.listen((event) => {
      events.push(event);
      if (event.kind === "status") resolve();
    });
  });
  const times = () =>
    Object.fromEntries(events.splice(0).flatMap((event) => (event.kind === "finished" ? [[event.node, event.ms] as const] : [])));
  times();
  const show = async (graph: StoredGraph): Promise<number> => {
    const start = performance.now();
    const { errors } = await engine.run(graph, [picture]);
    for (const message of Object.values(errors)) throw new Error(message);
    await engine.view({ node: picture, width: 512, height: 512 });
    return performance.now() - start;
  };
  if (idle > 0) {
    await engine.run(graphs[0]!, undefined, { glance: "anew" });
    await new Promise((resolve) => setTimeout(resolve, idle));
    times();
  }
  const seenFirst = watch(engine);
  const ms = await show(graphs[0]!);
  const cold = seenFirst();
  const nodes = times();
  const seenLater = watch(engine);
  await show(graphs[1]!);
  return { ms, nodes, later: times(), pauses: [cold, seenLater()] };
}
