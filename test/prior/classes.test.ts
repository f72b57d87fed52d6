import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { argmax, colourPrior, labelsOfPicture, oneHot, overlay, pictureOfLabels } from "../../src/prior/classes";
import { CLASS_COLOURS, type Picture } from "../../src/types";
import { expectClose, noise } from "../support";
import { labelsOf } from "./labels";

const EIGHT = Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]);
const SIZE = { height: 2, width: 4 };
const grey = (values: number[], bits: 8 | 16 = 8): Picture => {
  const rgb = values.flatMap((v) => [v, v, v]);
  return { height: 1, width: values.length, bits, rgb: bits === 8 ? Uint8Array.from(rgb) : Uint16Array.from(rgb) };
};

describe("oneHot", () => {
  it("is all of the labelled class and nothing else, and labelsOf reads it back", async () => {
    const map = oneHot(EIGHT, SIZE);
    expect(map.shape).toEqual([1, 2, 4, 8]);
    expect(map.dtype).toBe("float32");
    await expectClose(tf.reshape(map, [8, 8]), tf.eye(8), 1e-7);
    expect(await labelsOf(map)).toEqual(EIGHT);
  });

  it("refuses an index that is no class, by its place", () => {
    expect(() => oneHot(Uint8Array.from([0, 0, 0, 0, 0, 0, 255, 9]), SIZE)).toThrow(
      "the label picture has index 255 at pixel (2, 1), and classes are 0 to 7",
    );
  });

  it("refuses labels that do not fill the picture", () => {
    expect(() => oneHot(EIGHT, { height: 3, width: 3 })).toThrow("8 labels do not fill 3 × 3 pixels: give 9");
  });

  it("leaves one tensor behind: its result", () => {
    const before = tf.memory().numTensors;
    oneHot(EIGHT, SIZE);
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

it("argmax takes the first of equals", async () => {
  expect(Array.from(await argmax(tf.tensor4d([0.2, 0.4, 0.4], [1, 1, 1, 3])).data())).toEqual([1]);
});

describe("label pictures", () => {
  it("go through the official colours and back", () => {
    const picture = pictureOfLabels(EIGHT, SIZE);
    expect([...picture.rgb.slice(0, 6)]).toEqual([153, 153, 153, 0, 255, 255]);
    expect(labelsOfPicture(picture)).toEqual(EIGHT);
  });

  it("are read from greys that are indices, with 8 and with 16 bits", () => {
    expect(labelsOfPicture(grey([7, 0, 3]))).toEqual(Uint8Array.from([7, 0, 3]));
    expect(labelsOfPicture(grey([7, 0, 3], 16))).toEqual(Uint8Array.from([7, 0, 3]));
  });

  it("are read from colours of 16 bits", () => {
    const { rgb } = pictureOfLabels(EIGHT, SIZE);
    const deep: Picture = { ...SIZE, bits: 16, rgb: Uint16Array.from(rgb, (v) => v * 257) };
    expect(labelsOfPicture(deep)).toEqual(EIGHT);
    deep.rgb[4] = 255 * 257 - 1;
    expect(() => labelsOfPicture(deep)).toThrow("at pixel (1, 0)");
  });

  it("are refused for the first colour that is no class, by its place", () => {
    const picture = pictureOfLabels(EIGHT, SIZE);
    picture.rgb.set([0, 254, 255], 3 * 5);
    expect(() => labelsOfPicture(picture)).toThrow("the label picture has the colour 0 254 255 at pixel (1, 1)");
    expect(() => labelsOfPicture(grey([0, 1, 8]))).toThrow("the label picture has the colour 8 8 8 at pixel (2, 0)");
  });

  it("are not made of indices that are no class", () => {
    expect(() => pictureOfLabels(Uint8Array.from([0, 8]), { height: 1, width: 2 })).toThrow(
      "there is no class 8, found at pixel (1, 0): classes are 0 to 7",
    );
  });
});

describe("colourPrior", () => {
  it("shows a sure place in its class's colour and a doubtful one in between", async () => {
    const map = tf.tensor4d([0, 1, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0, 0, 0.5], [1, 1, 2, 8]);
    const mean = CLASS_COLOURS[0]!.map((v, c) => (v + CLASS_COLOURS[7]![c]!) / 2);
    await expectClose(colourPrior(map), tf.div(tf.tensor4d([0, 255, 255, ...mean], [1, 1, 2, 3]), 255), 1e-6);
  });

  it("takes other colours for other channels, one for each", async () => {
    const result = colourPrior(tf.tensor4d([1, 0, 0, 1], [1, 2, 1, 2]), [
      [255, 0, 0],
      [0, 0, 255],
    ]);
    await expectClose(result, tf.tensor4d([1, 0, 0, 0, 0, 1], [1, 2, 1, 3]), 1e-7);
    expect(() => colourPrior(noise([1, 2, 2, 5]))).toThrow("a prior of 5 channels cannot be shown in 8 colours");
  });
});

describe("overlay", () => {
  it("goes from the photo to the colours, evenly or by a mask", async () => {
    const [photo, colours] = [noise([1, 2, 2, 3], 1), noise([1, 2, 2, 3], 2)];
    await expectClose(overlay(photo, colours, 0), photo, 1e-7);
    await expectClose(overlay(photo, colours, 1), colours, 1e-7);
    const mask = tf.tensor4d([0, 1, 0, 1], [1, 2, 2, 1]);
    await expectClose(overlay(photo, colours, mask), tf.where(tf.tile(tf.equal(mask, 1), [1, 1, 1, 3]), colours, photo), 1e-7);
  });

  it("refuses pictures of different sizes", () => {
    expect(() => overlay(noise([1, 2, 3, 3]), noise([1, 4, 6, 3]), 0.5)).toThrow(
      "colours of 6 × 4 pixels cannot be laid over a photo of 3 × 2 pixels",
    );
  });
});
