import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { defineNode, image, optional } from "../../nodes/sockets";
import { Core, type CoreOptions } from "../../src/browser/core";
import type { Engine, EngineEvent } from "../../src/browser/protocol";
import { encodePng } from "../../src/codec/png-encode";
import { number } from "../../src/graph/node";
import type { StoredGraph } from "../../src/graph/stored";
import { SHIPPED_WEIGHTS } from "../../src/samples";
import { CLASS_COLOURS, type Model, type Size } from "../../src/types";
import { fixture } from "../fixture";
import { graphOf } from "../graph-builder";
import { random, tinyModel } from "../support";

/** A tiny network as a `.safetensors` file, kernels as PyTorch keeps them. */
export function safetensors(model: Model): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: model.metadata };
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(model.weights.tensors)) {
    const bytes = new Uint8Array(data.slice().buffer);
    header[name] = { dtype: "F32", shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
    parts.push(bytes);
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  let at = 8 + json.length;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

export const pngOf = ({ height, width }: Size, pixel: (i: number) => readonly number[]): Promise<Uint8Array> => {
  const rgb = new Uint8Array(3 * height * width);
  for (let i = 0; i < height * width; i++) rgb.set(pixel(i), 3 * i);
  return encodePng({ height, width, bits: 8, rgb });
};

export const noisyPng = (size: Size, seed = 1) => {
  const next = random(seed);
  return pngOf(size, () => [256 * next(), 256 * next(), 256 * next()]);
};

export const LR: Size = { height: 5, width: 6 };
const HR: Size = { height: 20, width: 24 };

/** Tiny files under the names of the shipped ones. Made before any engine starts, for they need a backend of their own. */
export async function tinyAssets(blocks = 2): Promise<(name: string) => Promise<Uint8Array>> {
  const features = blocks > 2 ? 2 : 4;
  const files: Record<string, Uint8Array> = {
    ...Object.fromEntries(SHIPPED_WEIGHTS.map((name) => [name, safetensors(tinyModel("sft-net", { blocks, features }))])),
    "weights:psnr.safetensors": safetensors(tinyModel("sft-net", { blocks, features, seed: 5 })),
    "weights:twin.safetensors": safetensors(tinyModel("srresnet", { blocks, features })),
    "weights:srresnet.safetensors": safetensors(tinyModel("srresnet", { blocks, features })),
    "weights:segment.safetensors": await fixture("net-segmenter.safetensors"),
    "sample:scene.png": await noisyPng(LR),
    "sample:scene-hr.png": await noisyPng({ height: 24, width: 28 }, 2),
    "sample:scene-labels.png": await pngOf(HR, (i) => CLASS_COLOURS[i % 8]!),
    "sample:scene-depth.png": await pngOf(HR, (i) => [i % 256, i % 256, i % 256]),
    "sample:alps.jpg": await noisyPng({ height: 24, width: 28 }, 3),
  };
  return async (name) => {
    const found = files[name];
    if (!found) throw new Error(`no tiny ${name}`);
    return found;
  };
}

/** The six stages with a preview, a save and metrics against the bicubic baseline. */
export const sixStages = (params: { blocks?: number; file?: unknown; limit?: number } = {}): StoredGraph =>
  graphOf([
    ["load-lr", { file: params.file ?? { name: "sample:scene.png" } }],
    ["segment", { limit: params.limit ?? 64 }, { image: [1, "image"] }],
    ["condition-net", {}, { prior: [2, "prior"] }],
    ["sft-resblocks", { blocks: params.blocks ?? 2 }, { image: [1, "image"], condition: [3, "condition"] }],
    ["upsample", {}, { features: [4, "features"], condition: [3, "condition"] }],
    ["preview", {}, { image: [5, "image"] }],
    ["save", { format: "PNG", bits: "16" }, { image: [5, "image"] }],
    ["bicubic-upscale", {}, { image: [1, "image"] }],
    ["metrics", {}, { image: [5, "image"], reference: [8, "image"] }],
  ]);
export const PREVIEW = "6";
export const SAVE = "7";
export const METRICS = "9";

/** A pixel's samples: a number that is reduced to, such as whether a map is finite, comes in as many. */
export const ONE_PIXEL = 4;

/** Counts reads of the GPU's memory from now on; `maps` are those of more than one pixel. */
export function countReadbacks(): { readonly count: number; readonly maps: number; stop(): void } {
  const original = { ...methods() };
  const seen = { count: 0, maps: 0, stop: () => Object.assign(WebGL2RenderingContext.prototype, original) };
  for (const name of ["readPixels", "getBufferSubData"] as const) {
    WebGL2RenderingContext.prototype[name] = function (this: WebGL2RenderingContext, ...args: unknown[]) {
      const size = name === "readPixels" ? (args[2] as number) * (args[3] as number) : (args[2] as ArrayLike<number>).length;
      seen.count++;
      if (size > ONE_PIXEL) seen.maps++;
      return (original[name] as (...all: unknown[]) => void).apply(this, args);
    };
  }
  return seen;
}
const methods = () => {
  const { readPixels, getBufferSubData } = WebGL2RenderingContext.prototype;
  return { readPixels, getBufferSubData };
};

/** An engine in this thread, whose events go to all who listen. */
export type HeardCore = Core & Pick<Engine, "listen">;
export function coreOf(options?: CoreOptions): HeardCore {
  const listeners = new Set<(event: EngineEvent) => void>();
  const emit = (event: EngineEvent) => {
    for (const listener of [...listeners]) listener(event);
  };
  return Object.assign(new Core(emit, options), {
    listen(listener: (event: EngineEvent) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
}

/** Every event of an engine. */
export function record(engine: Pick<Engine, "listen">): EngineEvent[] {
  const events: EngineEvent[] = [];
  engine.listen((event) => events.push(event));
  return events;
}

/** RGBA of a bitmap, which is closed. */
export function pixelsOfBitmap(bitmap: ImageBitmap): Uint8ClampedArray {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height).data;
}

/** The next event of a kind. */
export const next = <K extends EngineEvent["kind"]>(engine: Pick<Engine, "listen">, kind: K): Promise<void> =>
  new Promise((resolve) => {
    const stop = engine.listen((event) => {
      if (event.kind !== kind) return;
      stop();
      resolve();
    });
  });

/** Once an engine is closed nothing of it is left: what it still fetched is disposed when it comes. */
export const expectNoTensors = () => expect.poll(() => tf.engine().state.numTensors, { message: "tensors left behind" }).toBe(0);

/** How many `slow` nodes are at work, and how many were at once. */
export const work = { now: 0, most: 0 };
/** A picture of one pixel, which takes its time, a tile after another. */
export const slow = defineNode({
  type: "sftgan/slow",
  title: "Slow",
  description: "",
  sink: "always",
  inputs: { image: optional(image("")) },
  params: { tiles: number({ default: 10, help: "" }), tag: number({ default: 0, help: "" }) },
  outputs: { image: image("") },
  async run(_, { tiles, tag }, { checkpoint, progress }) {
    work.most = Math.max(work.most, ++work.now);
    try {
      for (let i = 0; i < tiles; i++) {
        progress(i / tiles);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await checkpoint();
      }
      return { image: { rgb: tf.fill([1, 1, 1, 3], tag) as tf.Tensor4D } };
    } finally {
      work.now--;
    }
  },
});
