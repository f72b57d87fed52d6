import { choice, number } from "../src/graph/node";
import { degradedSize } from "../src/image/degrade";
import { ofSize, sizeOf } from "../src/image/raster";
import { shrink } from "../src/image/shrink";
import { defineNode, image } from "./sockets";

/** Shrinks a picture by four as the networks' training data were; with blur, noise and JPEG, as those of `real` were. */
export default defineNode({
  type: "sftgan/degrade",
  title: "Degrade",
  description:
    "Shrinks a high-resolution picture by four with antialiased bicubic, to get a low-resolution one whose answer is known; and blurs it, adds noise and compresses it as photographs from the web are.",
  inputs: { image: image("the high-resolution picture [1, h, w, 3]") },
  params: {
    mode: choice(["float", "8 bit"], {
      default: "float",
      help: "float: the authors' imresize. 8 bit: MATLAB's on 8-bit pictures, which made the standard benchmarks",
    }),
    blur: number({ default: 0, min: 0, max: 4, step: 0.1, unit: "px", help: "σ of a Gaussian on the small picture; 0: none" }),
    noise: number({ default: 0, min: 0, max: 50, step: 0.5, help: "σ of Gaussian noise in levels of 255; 0: none" }),
    jpeg: number({
      default: 0,
      min: 0,
      max: 100,
      step: 1,
      help: "quality of a JPEG file that the small picture goes through, colours at half its resolution; 0: none",
    }),
    seed: number({ default: 0, min: 0, max: 65535, step: 1, help: "which noise it is: the same number gives the same" }),
  },
  outputs: { image: image("the low-resolution picture [1, ⌈h/4⌉, ⌈w/4⌉, 3]") },

  run: async ({ image }, degradation, context) => ({ image: await shrink(image, degradation, context) }),

  expect: ({ image }) => ({ outputs: { image: ofSize(image, degradedSize(sizeOf(image.rgb))) } }),
});
