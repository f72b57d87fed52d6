/** What is kept between visits is what its key says. */
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import bicubicUpscale from "../../nodes/bicubic-upscale";
import { made } from "../../src/browser/keeping";

it("a result that another has come in the place of meanwhile is not kept under its key", async () => {
  const outputs = { image: { rgb: tf.zeros([1, 4, 6, 3]) } };
  let asked = 0;
  /** The undo of a parameter comes while the small picture is drawn. */
  const peek = () => ({ key: asked++ < 1 ? "old" : "new", outputs });
  expect(await made(bicubicUpscale, "1", "old", peek)).toBeUndefined();
  expect(asked).toBe(2);
  expect((await made(bicubicUpscale, "1", "new", peek))?.pictures).toMatchObject([{ output: "image", width: 6, height: 4 }]);
  outputs.image.rgb.dispose();
});
