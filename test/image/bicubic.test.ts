import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { bicubicUp4, bicubicUp4Region } from "../../src/image/bicubic";
import { expectClose } from "../support";
import { npyFixture } from "./pictures";

/** float32 sums of 16 products, in another order than the authors'. */
const LIMIT = 1e-6;

it("enlarges as the authors' imresize does", async () => {
  const lr = await npyFixture("image-lr_float.npy", [1, 32, 32, 3]);
  await expectClose(bicubicUp4(lr), await npyFixture("image-bicubic_up.npy", [1, 128, 128, 3]), LIMIT);
});

it("enlarges tile by tile to the same picture", async () => {
  const lr = await npyFixture("image-lr_float.npy", [1, 32, 32, 3]);
  const whole = await bicubicUp4(lr).data();
  const rows: tf.Tensor4D[] = [];
  for (let top = 0; top < 128; top += 64) {
    const tiles: tf.Tensor4D[] = [];
    for (let left = 0; left < 128; left += 32) {
      const { needs, apply } = bicubicUp4Region({ height: 32, width: 32 }, { top, left, height: 64, width: 32 });
      expect([needs.height, needs.width]).toEqual([21, 13]);
      tiles.push(apply(tf.slice(lr, [0, needs.top, needs.left, 0], [1, needs.height, needs.width, 3])));
    }
    rows.push(tf.concat(tiles, 2));
  }
  expect(await tf.concat(rows, 1).data()).toEqual(whole);
});

it("enlarges a picture of one pixel to sixteen of the same colour", async () => {
  await expectClose(bicubicUp4(tf.fill([1, 1, 1, 3], 0.3)), tf.fill([1, 4, 4, 3], 0.3), LIMIT);
});
