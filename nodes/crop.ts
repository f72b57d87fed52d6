import { number } from "../src/graph/node";
import { cropImage, regionIn } from "../src/image/crop";
import { ofSize, sizeOf } from "../src/image/raster";
import { defineNode, image } from "./sockets";

/** A part of a picture. A prior of the whole does not follow by itself: Crop Prior makes it. */
export default defineNode({
  type: "sftgan/crop",
  title: "Crop",
  description: "A region of a picture. A prior made for the whole picture needs a Crop Prior with the same numbers.",
  inputs: { image: image("the picture [1, h, w, 3]") },
  params: {
    left: number({ default: 0, min: 0, max: 65535, step: 1, unit: "px", help: "first column" }),
    top: number({ default: 0, min: 0, max: 65535, step: 1, unit: "px", help: "first row" }),
    width: number({ default: 64, min: 0, max: 65535, step: 1, unit: "px", help: "columns; 0: all that follow" }),
    height: number({ default: 64, min: 0, max: 65535, step: 1, unit: "px", help: "rows; 0: all that follow" }),
  },
  outputs: { image: image("the region [1, height, width, 3]") },

  run: async ({ image }, region, context) => ({ image: await cropImage(image, region, context) }),

  expect: ({ image }, region) => ({ outputs: { image: ofSize(image, regionIn(sizeOf(image.rgb), region)) } }),
});
