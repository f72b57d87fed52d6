import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import type { Host } from "../../nodes/sockets";
import { Executor } from "../../src/graph/executor";
import type { AnyNode, Before } from "../../src/graph/node";
import type { Graph } from "../../src/graph/parse";
import type { RunEvent } from "../../src/graph/running";
import { read, sizeOf, splice } from "../../src/image/raster";
import { type Architecture, CLASSES, type Image, type Prior, type Region, SCALE } from "../../src/types";
import { parsedGraph, parsedNode } from "../graph-builder";
import { expectClose, noise, tensorCount, testHost, tinyModel } from "../support";

/** On WebGPU as wide as our own kernels take: tfjs's are compiled anew for each window there, which takes software minutes. */
const WIDTH = tf.getBackend() === "webgpu" ? { features: 4, condition: 4 } : { features: 2, condition: 2 };
const size = { height: 64, width: 104 };
const picture = noise([1, size.height, size.width, 3], 3);

/** A prior of noise, with other noise in one region of it. */
function priorMap(seed: number, region?: Region, [height, width] = [SCALE * size.height, SCALE * size.width]): tf.Tensor4D {
  return tf.tidy(() => {
    const base = tf.softmax(tf.mul(noise([1, height!, width!, 8], 1), 4)) as tf.Tensor4D;
    if (!region) return base;
    const other = tf.softmax(tf.mul(noise([1, height!, width!, 8], seed + 10), 4)) as tf.Tensor4D;
    return splice(base, read(other, region), region);
  });
}

/** A prior whose parameter says what it is, and which knows where it differs from the one before. */
const editable = (resolution?: readonly [number, number]): AnyNode => ({
  ...definitions.find((def) => def.type === "sftgan/constant-prior")!,
  type: "edited",
  inputs: {},
  params: { edit: { kind: "text", default: "", help: "" } },
  run: (_: unknown, { edit }: { edit: string }) => {
    const { seed, region } = edit ? JSON.parse(edit) : { seed: 0, region: undefined };
    return {
      prior: {
        map: priorMap(seed, region, resolution as [number, number]),
        channels: CLASSES,
        kind: "probabilities",
        picture: size,
      },
    };
  },
  update(_: unknown, { edit }: { edit: string }, __: unknown, { params: then }: Before) {
    const regions = [edit, then.edit as string].flatMap((text) => (text ? [JSON.parse(text).region as Region] : []));
    const [a, b = a] = regions;
    const top = Math.min(a!.top, b!.top);
    const left = Math.min(a!.left, b!.left);
    const bottom = Math.max(a!.top + a!.height, b!.top + b!.height);
    const right = Math.max(a!.left + a!.width, b!.left + b!.width);
    const outputs = (this as unknown as AnyNode).run({}, { edit }, undefined) as { prior: Prior };
    return { outputs, changed: { prior: { top, left, height: bottom - top, width: right - left } } };
  },
});

const graph = (edit: string, blocks: readonly number[], grey = "keep"): Graph =>
  parsedGraph(
    parsedNode("picture", "picture"),
    parsedNode("prior", "edited", {}, { edit }),
    parsedNode("condition", "sftgan/condition-net", { prior: "prior.prior" }),
    ...blocks.map((count, i) =>
      parsedNode(
        `blocks ${i}`,
        "sftgan/sft-resblocks",
        {
          ...(i === 0 ? { image: "picture.image" } : { features: `blocks ${i - 1}.features` }),
          condition: "condition.condition",
        },
        { blocks: count, modulation: true },
      ),
    ),
    parsedNode(
      "picture 4x",
      "sftgan/upsample",
      { features: `blocks ${blocks.length - 1}.features`, condition: "condition.condition" },
      { modulation: true, grey },
    ),
  );

function engine(model: ReturnType<typeof tinyModel>, resolution?: readonly [number, number], photo = picture) {
  model.weights.kept = true;
  const source: AnyNode = {
    ...definitions.find((def) => def.type === "sftgan/load-lr")!,
    type: "picture",
    params: {},
    run: () => ({ image: { rgb: tf.clone(photo) } }),
  };
  const all = [...definitions, editable(resolution), source];
  const executor = new Executor<Host>({
    definitions: all,
    host: testHost({ shipped: async () => model }),
    cacheBytes: 2 ** 28,
    budget: 2 ** 28,
  });
  return { executor };
}
const rgbOf = (outputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>) =>
  (outputs.get("picture 4x")!.image as Image).rgb as tf.Tensor4D;
const text = (seed: number, region: Region) => JSON.stringify({ seed, region });

const middle = { top: 80, left: 120, height: 12, width: 16 };
const corner = { top: 0, left: 0, height: 8, width: 8 };
const edge = { top: 230, left: 406, height: 26, width: 10 };

describe.each<Architecture>(["sft-net", "sft-net-torch"])("an edited prior under %s", (architecture) => {
  it.each([
    ["the middle", middle, [2]],
    ["a corner", corner, [2]],
    ["the far edge", edge, [2]],
    ["the middle, in a chain of two nodes", middle, [1, 1]],
  ] as const)("gives the same picture updated as computed anew, in %s", async (_, region, blocks) => {
    const model = tinyModel(architecture, { blocks: 2, ...WIDTH });
    const { executor } = engine(model);
    await executor.run(graph("", blocks), ["picture 4x"]);
    const events: RunEvent[] = [];
    const options = { onEvent: (event: RunEvent) => events.push(event) };
    const updated = rgbOf((await executor.run(graph(text(1, region), blocks), ["picture 4x"], options)).outputs);
    expect(events.filter((event) => event.kind === "finished").map((event) => event.updated)).toEqual(
      Array(3 + blocks.length).fill(true),
    );
    const fresh = engine(model).executor;
    const expected = rgbOf((await fresh.run(graph(text(1, region), blocks), ["picture 4x"])).outputs);
    await expectClose(updated, expected, 1e-5);
    await executor.clear();
    await fresh.clear();
  });
});

describe("an update", () => {
  it("is right over many edits, skipped ones and undone ones", async () => {
    const model = tinyModel("sft-net", { blocks: 2, ...WIDTH });
    const { executor } = engine(model);
    const edits = ["", text(1, middle), text(2, corner), text(1, middle), text(3, edge)];
    for (const [i, edit] of edits.entries()) {
      if (i === 2)
        await executor.run(graph(edit, [2]), ["prior"]); // those downstream miss this one
      else await executor.run(graph(edit, [2]), ["picture 4x"]);
    }
    const updated = rgbOf((await executor.run(graph(edits.at(-1)!, [2]), ["picture 4x"])).outputs);
    const fresh = engine(model).executor;
    await expectClose(updated, rgbOf((await fresh.run(graph(edits.at(-1)!, [2]), ["picture 4x"])).outputs), 1e-5);
    await executor.clear();
    await fresh.clear();
  });

  it("of a grey picture is grey, equal to one computed anew, also where the network's own tint was asked for before", async () => {
    const model = tinyModel("sft-net", { blocks: 2, ...WIDTH });
    const photo = tf.tile(noise([1, size.height, size.width, 1], 3), [1, 1, 1, 3]) as tf.Tensor4D;
    const fresh = engine(model, undefined, photo).executor;
    const expected = rgbOf((await fresh.run(graph(text(1, middle), [2]), ["picture 4x"])).outputs);
    const data = await expected.data();
    expect(data.every((value, i) => value === data[i - (i % 3)])).toBe(true);
    for (const before of ["keep", "as the network says"]) {
      const { executor } = engine(model, undefined, photo);
      await executor.run(graph("", [2], before), ["picture 4x"]);
      const updated = rgbOf((await executor.run(graph(text(1, middle), [2]), ["picture 4x"])).outputs);
      await expectClose(updated, expected, 1e-5);
      await executor.clear();
    }
    await fresh.clear();
  });

  it("holds for a prior of a resolution of its own", async () => {
    const model = tinyModel("sft-net", { blocks: 2, ...WIDTH });
    const resolution = [61, 83] as const;
    const region = { top: 20, left: 30, height: 5, width: 4 };
    const { executor } = engine(model, resolution);
    await executor.run(graph("", [2]), ["picture 4x"]);
    const updated = rgbOf((await executor.run(graph(text(1, region), [2]), ["picture 4x"])).outputs);
    const fresh = engine(model, resolution).executor;
    await expectClose(updated, rgbOf((await fresh.run(graph(text(1, region), [2]), ["picture 4x"])).outputs), 1e-5);
    await executor.clear();
    await fresh.clear();
  });

  it("leaves everything beyond the edit's reach as it was, and no tensor behind", async () => {
    const model = tinyModel("sft-net", { blocks: 2, ...WIDTH });
    const before = tensorCount();
    const { executor } = engine(model);
    const first = tf.clone(rgbOf((await executor.run(graph("", [2]), ["picture 4x"])).outputs));
    const second = rgbOf((await executor.run(graph(text(1, corner), [2]), ["picture 4x"])).outputs);
    // 32 pixels of grid, 8 for two blocks, 6 for the upsampling and a finer grid: as much at an edge as in the middle
    const far = { top: 4 * 56, left: 4 * 56, height: 4 * 8, width: 4 * 48 };
    await expectClose(read(second, far), read(first, far), 1e-7);
    expect(sizeOf(second)).toEqual({ height: 256, width: 416 });
    first.dispose();
    await executor.clear();
    expect(tensorCount() - before).toBeLessThanOrEqual(4); // the two slices read above
  });
});
