import { bicubicEnlarge } from "../src/image/enlarge";
import { ofSize, sizeOf } from "../src/image/raster";
import { scaledSize } from "../src/region";
import { SCALE } from "../src/types";
import { defineNode, image } from "./sockets";

/** The baseline. */
export default defineNode({
  type: "sftgan/bicubic-upscale",
  title: "Bicubic Upscale",
  description: "The picture enlarged four times by bicubic interpolation: the baseline to compare with.",
  inputs: { image: image("the low-resolution picture [1, h, w, 3]") },
  params: {},
  outputs: { image: image("the picture [1, 4h, 4w, 3]") },

  run: async ({ image }, _, context) => ({ image: await bicubicEnlarge(image, context) }),

  expect: ({ image }) => ({ outputs: { image: ofSize(image, scaledSize(sizeOf(image.rgb), SCALE)) } }),
});
