import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import compare from "../../nodes/compare";
import conditionNet from "../../nodes/condition-net";
import metrics from "../../nodes/metrics";
import save from "../../nodes/save";
import { drawnOutput, faceOf, legendOf, pixelsOf, rasterOf, sampleOf } from "../../src/engine/view";
import { FACE } from "../../src/graph/node";
import { colourBar } from "../../src/image/legend";
import { DeferredRaster, HostRaster } from "../../src/image/raster";
import { oneHot } from "../../src/prior/classes";
import { colourKey } from "../../src/prior/legend";
import { CLASS_COLOURS, CLASSES, type Region, type Size } from "../../src/types";
import { priorOf } from "../nodes/values";
import { expectClose, noise } from "../support";

/** The pixels as RGB `[1, h, w, 3]`, opacity checked to be full; nothing else is left behind. */
function drawn(type: string, value: unknown, target: Size, region?: Region): tf.Tensor4D {
  const before = tf.memory().numTensors;
  const pixels = pixelsOf(type, value, region, target)!;
  expect(tf.memory().numTensors - before).toBe(1);
  expect(pixels.shape).toEqual([target.height, target.width, 4]);
  return tf.tidy(() => {
    expect(tf.min(tf.slice(pixels, [0, 0, 3])).dataSync()[0]).toBe(1);
    return tf.reshape(tf.slice(pixels, [0, 0, 0], [-1, -1, 3]), [1, target.height, target.width, 3]);
  });
}
const levels = async (pixels: tf.Tensor4D) => Array.from(await pixels.data(), (value) => Math.round(255 * value));

describe("drawnOutput", () => {
  it("is the first socket that can be drawn, or the one asked for", () => {
    expect(drawnOutput(conditionNet)).toEqual({ name: "condition", type: "condition" });
    expect(drawnOutput(compare)!.name).toBe("before");
    expect(drawnOutput(compare, "after")!.name).toBe("after");
    expect(drawnOutput(compare, "nothing")).toBeUndefined();
    expect(drawnOutput(metrics)).toBeUndefined();
    expect(drawnOutput(save)).toBeUndefined();
  });
});

describe("What is said of colours", () => {
  it("is the picture's legend, and the names of a prior's channels where they share each place", () => {
    const legend = colourBar("viridis", "x", { low: 0, high: 1 }, { min: 0, max: 1 });
    expect(legendOf("image", { rgb: noise([1, 1, 1, 3]), legend })).toEqual({ legend });
    expect(legendOf("image", { rgb: noise([1, 1, 1, 3]) })).toEqual({});
    const map = noise([1, 1, 1, 8]);
    expect(legendOf("prior", priorOf(map))).toEqual({ legend: colourKey(CLASSES) });
    expect(legendOf("prior", priorOf(map, { kind: "map" }))).toEqual({});
    for (const type of ["condition", "features"]) expect(legendOf(type, { map })).toEqual({});
  });

  it("goes with what a node shows on itself", () => {
    expect(faceOf({ prior: 1, [FACE]: { histogram: [1, 2] } })).toEqual({ face: { histogram: [1, 2] } });
    expect(faceOf({ prior: 1 })).toEqual({});
  });
});

describe("pixelsOf a picture", () => {
  const rgb = noise([1, 6, 8, 3]);

  it("is the picture at its own size, and pixels repeated where it grows", async () => {
    await expectClose(drawn("image", { rgb }, { height: 6, width: 8 }), rgb, 1e-6);
    const large = drawn("image", { rgb }, { height: 12, width: 16 });
    await expectClose(large, tf.image.resizeNearestNeighbor(rgb, [12, 16]), 1e-6);
  });

  it("is a mean where it shrinks", async () => {
    const grey = tf.fill([1, 40, 40, 3], 0.25) as tf.Tensor4D;
    await expectClose(drawn("image", { rgb: grey }, { height: 7, width: 3 }), tf.fill([1, 7, 3, 3], 0.25), 1e-5);
  });

  it("takes a region of it", async () => {
    const region = { top: 2, left: 3, height: 3, width: 4 };
    await expectClose(drawn("image", { rgb }, region, region), tf.slice(rgb, [0, 2, 3, 0], [1, 3, 4, 3]), 1e-6);
  });

  it.each([
    [{ top: -5, left: -5, height: 6, width: 6 }, [0, 0, 1, 1]],
    [{ top: -50, left: 2, height: 10, width: 1 }, [0, 2, 1, 1]],
    [{ top: 5, left: 7, height: 100, width: 100 }, [5, 7, 1, 1]],
    [{ top: 80, left: 90, height: 10, width: 10 }, [5, 7, 1, 1]],
    [{ top: 1.2, left: 1.2, height: 0, width: 0 }, [1, 1, 1, 1]],
    [{ top: -1e9, left: -1e9, height: 2e9, width: 2e9 }, [0, 0, 6, 8]],
  ] as const)("keeps the region %j inside", async (region, [top, left, height, width]) => {
    const expected = tf.slice(rgb, [0, top, left, 0], [1, height, width, 3]);
    await expectClose(drawn("image", { rgb }, { height, width }, region), expected, 1e-6);
  });

  it("shows opacity over a chequerboard", async () => {
    const clear = { rgb: tf.ones([1, 16, 16, 3]) as tf.Tensor4D, alpha: tf.zeros([1, 16, 16, 1]) as tf.Tensor4D };
    const shown = await levels(drawn("image", clear, { height: 16, width: 16 }));
    const at = (x: number, y: number) => shown[3 * (16 * y + x)];
    expect([at(0, 0), at(7, 7), at(8, 0), at(0, 8), at(15, 15)]).toEqual([153, 153, 191, 191, 153]);
    const half = { ...clear, alpha: tf.fill([1, 16, 16, 1], 0.5) };
    expect((await levels(drawn("image", half, { height: 16, width: 16 })))[0]).toBe(204);
  });

  it("keeps opacity where that is asked for, also of a part and as it shrinks", async () => {
    const alpha = tf.concat([tf.zeros([1, 4, 2, 1]), tf.ones([1, 4, 2, 1])], 2) as tf.Tensor4D;
    const half = { rgb: tf.fill([1, 4, 4, 3], 0.2) as tf.Tensor4D, alpha };
    const kept = async (region: Region | undefined, size: Size) => {
      const pixels = pixelsOf("image", half, region, size, undefined, "kept")!;
      const values = [...(await pixels.data())].map((x) => Math.round(10 * x) / 10);
      pixels.dispose();
      return values;
    };
    expect(await kept({ top: 0, left: 1, height: 1, width: 2 }, { height: 1, width: 2 })).toEqual([
      0.2, 0.2, 0.2, 0, 0.2, 0.2, 0.2, 1,
    ]);
    expect(await kept(undefined, { height: 1, width: 1 })).toEqual([0.2, 0.2, 0.2, 0.5]);
    const opaque = pixelsOf("image", { rgb: half.rgb }, undefined, { height: 1, width: 1 }, undefined, "kept")!;
    expect((await opaque.data())[3]).toBe(1);
    opaque.dispose();
  });

  it("takes one of one pixel", async () => {
    const one = { rgb: tf.fill([1, 1, 1, 3], 0.5), alpha: tf.ones([1, 1, 1, 1]) };
    expect(new Set(await levels(drawn("image", one, { height: 3, width: 2 })))).toEqual(new Set([128]));
  });

  it("takes one in host memory", async () => {
    const samples = Uint8Array.from({ length: 60 }, (_, i) => 4 * i);
    const host = new HostRaster({ height: 4, width: 5 }, 3, samples, 255);
    const region = { top: 3, left: 3, height: 1, width: 2 };
    expect(await levels(drawn("image", { rgb: host }, region, region))).toEqual([...samples.subarray(54)]);
  });
});

describe("pixelsOf other values", () => {
  it("shows a prior in class colours", async () => {
    const map = oneHot(
      Uint8Array.from({ length: 8 }, (_, i) => i),
      { height: 2, width: 4 },
    );
    expect(await levels(drawn("prior", priorOf(map), { height: 2, width: 4 }))).toEqual(CLASS_COLOURS.flat());
  });

  it("stretches a prior that is no probabilities from black to white", async () => {
    const prior = priorOf(tf.tensor4d([-3, 1, 5], [1, 1, 3, 1]), { kind: "map" });
    expect(await levels(drawn("prior", prior, { height: 1, width: 3 }))).toEqual([0, 0, 0, 128, 128, 128, 255, 255, 255]);
  });

  it.each([1, 2, 3, 5, 64])("shows features and conditions of %i channels in three colours", async (channels) => {
    const map = noise([1, 5, 4, channels]);
    for (const [type, value] of [
      ["features", { map, head: map, blocks: 3 }],
      ["condition", { map }],
    ] as const) {
      const values = await drawn(type, value, { height: 5, width: 4 }).data();
      expect(Math.min(...values)).toBeCloseTo(0, 5);
      expect(Math.max(...values)).toBeCloseTo(1, 5);
    }
  });

  it("shows a map that is the same everywhere in greys by its values, 0 in the middle one, whatever rounding adds", async () => {
    const even = [-1, 0, 3].flatMap((value) => [value, value * (1 + 1e-7)]);
    const map = tf.tidy(() => tf.transpose(tf.tensor4d(even, [1, 1, 3, 2]), [0, 1, 3, 2]));
    for (const [type, value] of [
      ["condition", { map }],
      ["features", { map, head: map, blocks: 3 }],
    ] as const)
      expect(await levels(drawn(type, value, { height: 1, width: 2 }))).toEqual([64, 128, 223, 64, 128, 223]);
    const prior = priorOf(tf.fill([1, 2, 1, 1], 3), { kind: "map" });
    expect(await levels(drawn("prior", prior, { height: 1, width: 1 }))).toEqual([223, 223, 223]);
  });

  it("says what a pixel holds, and leaves no tensor", async () => {
    const rgb = tf.tensor4d([0, 0.5, 1, 0.25, 0.75, 1.5], [1, 1, 2, 3]);
    const map = oneHot(Uint8Array.from([1, 2]), { height: 1, width: 2 });
    const before = tf.memory().numTensors;
    expect(await sampleOf("image", { rgb }, 1, 0)).toEqual({ type: "image", values: [0.25, 0.75, 1.5] });
    expect(await sampleOf("prior", priorOf(map), 1, 0)).toEqual({
      type: "prior",
      values: [0, 0, 1, 0, 0, 0, 0, 0],
      channels: CLASSES,
      kind: "probabilities",
    });
    expect(await sampleOf("image", { rgb }, 2, 0)).toBeUndefined();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("computes a small part of a deferred map, and refuses a large one", async () => {
    const map = noise([1, 120, 120, 3]);
    const deferred = new DeferredRaster([1, 120, 120, 3], [map], ({ top, left, height, width }) =>
      tf.slice(map, [0, top, left, 0], [1, height, width, 3]),
    );
    expect(rasterOf("condition", { map: deferred })).toBe(deferred);
    expect(pixelsOf("condition", { map: deferred }, undefined, { height: 9, width: 9 })).toBeUndefined();
    drawn("condition", { map: deferred }, { height: 4, width: 4 }, { top: 0, left: 0, height: 90, width: 90 });
  });
});
