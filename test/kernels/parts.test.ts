/** What our kernels give of a picture in parts: in tiles, where an edit changed it, and where it is looked at before the rest. */
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { Executor } from "../../src/graph/executor";
import type { AnyNode } from "../../src/graph/node";
import type { RunEvent, RunOptions } from "../../src/graph/running";
import { HostRaster, read, sizeOf } from "../../src/image/raster";
import { accelerate } from "../../src/kernels/tfjs/run";
import * as webgl from "../../src/kernels/webgl/kernels";
import * as webgpu from "../../src/kernels/webgpu/kernels";
import { addStroke } from "../../src/prior/strokes";
import { whole } from "../../src/region";
import type { Image, Model, Raster, Region } from "../../src/types";
import { startWebGL } from "../../src/webgl/backend";
import { startWebGPU } from "../../src/webgpu/backend";
import { parsedGraph, parsedNode } from "../graph-builder";
import { expectClose, noise, tensorCount, testHost, tinyModel } from "../support";

const SIZE = { height: 64, width: 104 };
const LIMIT = 1e-4;
const REGIONS: readonly Region[] = [
  { top: 20, left: 33, height: 16, width: 24 },
  { top: 104, left: 160, height: 16, width: 16 },
];
const PAINTED = addStroke("", { tool: "brush", label: 3, size: 6, hardness: 0.5, strength: 1, points: [10, 7, 14, 9] });

const source: AnyNode = {
  ...definitions.find((def) => def.type === "sftgan/load-lr")!,
  type: "picture",
  params: {},
  run: () => ({ image: { rgb: noise([1, SIZE.height, SIZE.width, 3], 3) } }),
};

/** Without a stroke there is nothing between the prior and the condition net. */
const graph = (strokes?: string) =>
  parsedGraph(
    parsedNode("picture", "picture"),
    parsedNode("prior", "sftgan/constant-prior", { picture: "picture.image" }, { class: "sky" }),
    parsedNode("paint", "sftgan/paint-prior", { prior: "prior.prior", picture: "picture.image" }, { strokes: strokes ?? "" }),
    parsedNode("condition", "sftgan/condition-net", { prior: strokes === undefined ? "prior.prior" : "paint.prior" }),
    ...["a", "b"].map((id, i) =>
      parsedNode(
        id,
        "sftgan/sft-resblocks",
        { ...(i ? { features: "a.features" } : { image: "picture.image" }), condition: "condition.condition" } as never,
        { blocks: 1, modulation: true },
      ),
    ),
    parsedNode("large", "sftgan/upsample", { features: "b.features", condition: "condition.condition" }, { modulation: true }),
  );

describe.each([
  ["WebGL", startWebGL, () => webgl.useBlocking("2×2×8"), () => webgl.useBlocking("2×2×8 half")],
  ["WebGPU", startWebGPU, () => webgpu.useBlocking("WebGPU 8×8"), () => webgpu.useBlocking("WebGPU 8×8 half")],
] as const)("Our kernels on %s", (_, start, use, useHalf) => {
  let backend: { close(): void; isLost(): boolean };
  let model: Model;
  let before: number;
  let expected: Record<string, tf.Tensor4D>;
  const executors: Executor[] = [];

  function engine(budget = 2 ** 27): Executor {
    const host = testHost({ shipped: async () => model });
    executors.push(new Executor({ definitions: [...definitions, source], host, cacheBytes: 2 ** 27, budget }));
    return executors.at(-1)!;
  }
  async function picture(executor: Executor, strokes: string | undefined, options: RunOptions = {}): Promise<Raster> {
    const { outputs, errors } = await executor.run(graph(strokes), ["large"], options);
    expect([...errors]).toEqual([]);
    return (outputs.get("large")!.image as Image).rgb;
  }
  const expectPicture = async (found: Raster, wanted: tf.Tensor4D, region = whole(sizeOf(found))) => {
    const [actual, there] = [read(found, region), read(wanted, region)];
    await expectClose(actual, there, LIMIT);
    tf.dispose([actual, there]);
  };

  beforeAll(async () => {
    backend = await start();
    model = tinyModel("sft-net", { blocks: 2, features: 8, condition: 4 });
    model.weights.kept = true;
    accelerate(tf.getBackend(), undefined);
    const stock = engine();
    expected = {};
    for (const strokes of ["", PAINTED]) expected[strokes] = tf.clone(tf.keep((await picture(stock, strokes)) as tf.Tensor4D));
    executors.pop();
    await stock.clear();
  });
  beforeEach(() => {
    before = tensorCount();
    use();
  });
  afterEach(async () => {
    for (const executor of executors.splice(0)) await executor.clear();
    expect(tensorCount(), "tensors left behind").toBe(before);
    expect(backend.isLost()).toBe(false);
  });
  afterAll(() => {
    accelerate(tf.getBackend(), undefined);
    tf.dispose(expected);
    model.weights.dispose();
    backend.close();
  });

  it("give the same picture whole and in tiles that do not divide it", async () => {
    await expectPicture(await picture(engine(), ""), expected[""]!);
    const tiled = await picture(engine(200_000), undefined);
    expect(tiled).toBeInstanceOf(HostRaster);
    await expectPicture(tiled, expected[""]!);
  });

  it("change what an edit reaches, to what the whole picture has there", async () => {
    const executor = engine();
    await picture(executor, "");
    const updated: string[] = [];
    const onEvent = (event: RunEvent) => event.kind === "finished" && event.updated && updated.push(event.node);
    await expectPicture(await picture(executor, PAINTED, { onEvent }), expected[PAINTED]!);
    expect(updated).toEqual(["paint", "condition", "a", "b", "large"]);
    await expectPicture(await picture(executor, ""), expected[""]!);
  });

  it("store maps as half floats where that is asked for, with a small error", async () => {
    useHalf();
    const found = await picture(engine(), "");
    const far = tf.tidy(() => tf.max(tf.abs(tf.sub(found as tf.Tensor4D, expected[""]!))));
    const [most] = await far.data();
    far.dispose();
    expect(most).toBeGreaterThan(1e-6); // else nothing was rounded
    expect(most).toBeLessThan(1e-2);
  });

  it("show a part before the rest, with the values that it then has", async () => {
    const executor = engine();
    await picture(executor, "");
    let seen = 0;
    const look = async ({ image }: Readonly<Record<string, unknown>>) => {
      for (const region of REGIONS) await expectPicture((image as Image).rgb, expected[PAINTED]!, region);
      seen++;
    };
    await picture(executor, PAINTED, { focus: { node: "large", look } });
    expect(seen).toBe(1);
  });
});
