/** The kernel that puts a part in its place, against what it stands for. */
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { splice } from "../../src/image/raster";
import { noise } from "../support";

describe("A part put in its place", () => {
  it.each([
    [7, 9, 3, { top: 2, left: 4, height: 3, width: 5 }],
    [7, 9, 8, { top: 0, left: 0, height: 7, width: 9 }],
    [16, 12, 64, { top: 15, left: 11, height: 1, width: 1 }],
    [5, 6, 1, { top: 0, left: 3, height: 5, width: 3 }],
    [1, 1, 3, { top: 0, left: 0, height: 1, width: 1 }],
  ])("of a map of %i × %i places and %i channels is that part, and all else is the map's", async (h, w, c, region) => {
    const before = tf.memory().numTensors;
    const [map, part] = [noise([1, h, w, c], 1), noise([1, region.height, region.width, c], 2)];
    const result = splice(map, part, region);
    expect(result.shape).toEqual(map.shape);
    const [all, inside, found] = await Promise.all([map.data(), part.data(), result.data()]);
    const expected = all.slice();
    for (let y = 0; y < region.height; y++)
      expected.set(inside.subarray(y * region.width * c, (y + 1) * region.width * c), ((region.top + y) * w + region.left) * c);
    expect([...found]).toEqual([...expected]);
    tf.dispose([map, part, result]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("compiles one shader for all places", () => {
    const { linkProgram } = WebGL2RenderingContext.prototype;
    let linked = 0;
    WebGL2RenderingContext.prototype.linkProgram = function (program) {
      linked++;
      linkProgram.call(this, program);
    };
    const [map, part] = [noise([1, 20, 30, 4], 1), noise([1, 4, 6, 4], 2)];
    const squared = tf.square(map);
    splice(squared, part, { top: 0, left: 0, height: 4, width: 6 }).dispose();
    linked = 0;
    for (let i = 1; i < 12; i++) splice(squared, part, { top: i, left: 2 * i, height: 4, width: 6 }).dispose();
    expect(linked).toBe(0);
    Object.assign(WebGL2RenderingContext.prototype, { linkProgram });
    tf.dispose([map, part, squared]);
  });
});
