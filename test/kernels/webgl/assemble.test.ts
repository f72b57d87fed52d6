/** The kernel that makes a map of parts, against what it stands for. */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { joined, read, splice } from "../../../src/image/raster";
import { deviceOf } from "../../../src/kernels/webgl/device";
import { noise, tensorCount } from "../../support";

const SPLICED = [
  [7, 9, 3, { top: 2, left: 4, height: 3, width: 5 }],
  [7, 9, 8, { top: 0, left: 0, height: 7, width: 9 }],
  [7, 9, 5, { top: 1, left: 3, height: 4, width: 2 }],
  [16, 12, 64, { top: 15, left: 11, height: 1, width: 1 }],
  [5, 6, 1, { top: 0, left: 3, height: 5, width: 3 }],
  [1, 1, 3, { top: 0, left: 0, height: 1, width: 1 }],
] as const;
/** As an upload leaves it, value by value, and packed. */
const forms = (x: tf.Tensor4D) => [x, tf.mul<tf.Tensor4D>(x, 1)];

describe("A map made of parts", () => {
  it.each(SPLICED)(
    "%i × %i pixels with %i channels and a part in its place: that is the part, all else as before",
    async (h, w, c, region) => {
      const before = tensorCount();
      const [map, part] = [noise([1, h, w, c], 1), noise([1, region.height, region.width, c], 2)];
      const [all, inside] = await Promise.all([map.data(), part.data()]);
      const expected = all.slice();
      for (let y = 0; y < region.height; y++)
        expected.set(inside.subarray(y * region.width * c, (y + 1) * region.width * c), ((region.top + y) * w + region.left) * c);
      const [maps, parts] = [forms(map), forms(part)];
      for (const under of maps)
        for (const over of parts) {
          const result = splice(under, over, region);
          expect(result.shape).toEqual(map.shape);
          expect([...(await result.data())]).toEqual([...expected]);
          const back = read(result, region);
          expect([...(await back.data())]).toEqual([...inside]);
          tf.dispose([result, back]);
        }
      tf.dispose([...maps, ...parts]);
      expect(tensorCount()).toBe(before);
    },
  );

  it("tiles of any sizes joined are the map that they were cut from, NaN and infinity as well", async () => {
    const values = Float32Array.from(await noise([1, 11, 13, 3]).data());
    [values[0], values[200], values[428]] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const map = tf.tensor4d(values, [1, 11, 13, 3]);
    const before = tensorCount();
    const tiles = [0, 5].flatMap((top) =>
      [0, 3, 8].map((left) => {
        const region = { top, left, height: top === 0 ? 5 : 6, width: left === 0 ? 3 : 5 };
        return { top, left, map: read(map, region) };
      }),
    );
    const result = joined(tiles, { height: 11, width: 13 });
    expect([...(await result.data())]).toEqual([...values]);
    tf.dispose([result, ...tiles.map((tile) => tile.map)]);
    expect(tensorCount()).toBe(before);
  });

  it("compiles one shader for all sizes and places", () => {
    const { programs } = deviceOf(tf.backend() as MathBackendWebGL);
    const map = noise([1, 20, 30, 4]);
    read(map, { top: 1, left: 1, height: 3, width: 3 }).dispose();
    const linked = programs.count;
    const { linkProgram } = WebGL2RenderingContext.prototype;
    let others = 0;
    WebGL2RenderingContext.prototype.linkProgram = function (program) {
      others++;
      linkProgram.call(this, program);
    };
    try {
      for (let i = 1; i < 12; i++) {
        const part = read(map, { top: i, left: i, height: 1 + (i % 3), width: 2 + i });
        splice(map, part, { top: 0, left: i, height: 1 + (i % 3), width: 2 + i }).dispose();
        part.dispose();
      }
    } finally {
      Object.assign(WebGL2RenderingContext.prototype, { linkProgram });
      map.dispose();
    }
    expect([programs.count, others]).toEqual([linked, 0]);
  });
});
