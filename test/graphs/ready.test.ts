/** Every ready graph runs, on tiny pictures and tiny networks. */
import type * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { cleanGraph, readGraph } from "../../src/graph/clean";
import { Executor } from "../../src/graph/executor";
import { parseGraph } from "../../src/graph/parse";
import { sizeOf } from "../../src/image/raster";
import { CLASS_COLOURS, type Image, type Picture, type Size } from "../../src/types";
import { random, tensorCount, testHost, tinyModel, tinySegmenter } from "../support";

const READY = import.meta.glob("../../graphs/*.json", { query: "?raw", import: "default", eager: true }) as Record<
  string,
  string
>;
const name = (path: string) => path.split("/").at(-1)!.replace(".json", "");

const LR: Size = { height: 5, width: 6 };
const HR: Size = { height: 20, width: 24 };

function picture({ height, width }: Size, pixel: (i: number) => readonly number[]): Picture {
  return {
    height,
    width,
    bits: 8,
    rgb: Uint8Array.from({ length: height * width }, (_, i) => i).reduce(
      (all, _, i) => (all.set(pixel(i), 3 * i), all),
      new Uint8Array(3 * height * width),
    ),
  };
}
const noisy = (size: Size) => {
  const next = random(size.width);
  return picture(size, () => [256 * next(), 256 * next(), 256 * next()]);
};
const PICTURES: Record<string, Picture> = {
  "sample:scene.png": noisy(LR),
  "sample:scene-labels.png": picture(HR, (i) => CLASS_COLOURS[i % 8]!),
  "sample:scene-depth.png": picture(HR, (i) => [i % 256, i % 256, i % 256]),
  "sample:alps.jpg": noisy({ height: 24, width: 28 }),
};

const big = tinyModel("sft-net", { blocks: 16, features: 2, condition: 2 });
const plain = tinyModel("srresnet", { blocks: 16, features: 2 });
const segmenter = tinySegmenter();
const host = testHost({
  file: async ({ name }) => new TextEncoder().encode(name),
  decode: async (bytes) => PICTURES[new TextDecoder().decode(bytes)]!,
  encode: async (picture, type) => ({ type, bytes: new Uint8Array([picture.width, picture.height]) }),
  shipped: async (name) => (name === "segment" ? keep(segmenter) : keep(big)),
});
const keep = (model: ReturnType<typeof tinyModel>) => {
  model.weights.kept = true;
  return model;
};
/** Load Model gives a tiny network in place of the file's. */
const tested = definitions.map((def) =>
  def.type === "sftgan/load-model"
    ? {
        ...def,
        run: (_: unknown, { file }: { file: { name: string } }) => ({
          model: keep(file.name.includes("srresnet") ? plain : big),
        }),
      }
    : def,
);

describe.each(Object.entries(READY).map(([path, text]) => [name(path), text] as const))("graphs/%s.json", (name, text) => {
  it("is in the stored form that the parser writes", () => {
    const json = JSON.parse(text);
    expect(cleanGraph(json)).toEqual(json);
    expect(json.extra.sftgan).toMatchObject({ version: 1, title: expect.any(String), description: expect.any(String) });
  });

  it("has nothing wrong with it", () => {
    expect([...parseGraph(readGraph(text), definitions).values()].flatMap((node) => node.problems)).toEqual([]);
  });

  it("saves a picture four times the size, finite in every sample, and leaves no tensor behind", async () => {
    const executor = new Executor({ definitions: tested, host, cacheBytes: 2 ** 28, budget: 2 ** 26 });
    const graph = parseGraph(readGraph(text), definitions);
    const sinks = [...graph.values()]
      .filter((node) => definitions.find((def) => def.type === node.type)!.sink)
      .map((node) => node.id);
    const save = [...graph.values()].find((node) => node.type === "sftgan/save")!;
    const source = save.inputs.image!.node;
    const before = tensorCount();
    const { outputs, errors } = await executor.run(graph, [...sinks, source]);
    expect([...errors]).toEqual([]);
    expect(outputs.size).toBeGreaterThanOrEqual(sinks.length);
    const { rgb } = outputs.get(source)!.image as Image;
    expect(sizeOf(rgb)).toEqual(name === "measure" ? { height: 24, width: 28 } : HR);
    expect((await (rgb as tf.Tensor).data()).every(Number.isFinite)).toBe(true);
    await executor.clear();
    expect(tensorCount() - before).toBe(0);
  });
});
