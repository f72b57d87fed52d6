/** Which sizes are known before a run. */
import { describe, expect, it } from "vitest";
import { inspectPicture } from "../../src/codec/inspect";
import { asset } from "../../src/headless/assets";
import { workOf } from "../../src/headless/graph-file";
import { knownSize } from "../../src/headless/known-size";
import { graphOf, type Sketch } from "../graph-builder";

const PHOTO = "sample:scene.png";
const photo = ["load-lr", { file: { name: PHOTO } }] as const;
const large = ["bicubic-upscale", {}, { image: [1, "image"] }] as const;
const other = ["crop", {}, { image: [1, "image"] }] as const;
const number = ["number", { value: 3 }] as const;

/** Of what the last node gives, in widths and heights of the photo. */
async function times(...sketch: Sketch) {
  const work = workOf(graphOf(sketch), {});
  const { width, height } = inspectPicture(await asset(PHOTO), PHOTO);
  const size = await knownSize(work.graph, { node: String(sketch.length), output: "image" }, work);
  return size && [size.width / width, size.height / height];
}
const resize = (params: Record<string, number>, inputs: Record<string, readonly [node: number, output: string]>) =>
  ["resize", params, { image: [2, "image"] as const, ...inputs }] as const;

describe("knownSize", () => {
  it("follows the photo through what enlarges it", async () => {
    expect(await times(photo, large)).toEqual([4, 4]);
    expect(await times(photo, large, resize({ factor: 2 }, {}))).toEqual([8, 8]);
    expect(await times(photo, large, resize({ factor: 2 }, { of: [1, "image"] }))).toEqual([2, 2]);
    expect(await times(photo, other)).toBeUndefined();
  });

  it("knows no size that counts from a picture of an unknown size, or is asked for by a link", async () => {
    expect(await times(photo, large, other, resize({ factor: 2 }, { of: [3, "image"] }))).toBeUndefined();
    for (const name of ["width", "height", "factor"])
      expect(await times(photo, large, number, resize({}, { [name]: [3, "value"] })), name).toBeUndefined();
  });
});
