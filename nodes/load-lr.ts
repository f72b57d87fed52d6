import { file } from "../src/graph/node";
import { imageOf } from "../src/image/picture";
import { SAMPLES } from "../src/samples";
import { defineNode, image } from "./sockets";

/** Decodes the low-resolution picture: upright, in sRGB, all its bits, opacity apart, visible colours carried on under what is transparent. */
export default defineNode({
  type: "sftgan/load-lr",
  title: "Load LR",
  description:
    "The low-resolution picture to enlarge: PNG, JPEG, WebP or AVIF. Drop or paste one, choose a file, or keep a sample.",
  inputs: {},
  params: {
    file: file({
      default: { name: "sample:scene.png" },
      help: "the picture",
      accept: "image/png,image/jpeg,image/webp,image/avif",
      shipped: SAMPLES,
    }),
  },
  outputs: { image: image("the picture [1, h, w, 3]") },

  async run(_, { file }, { file: read, decode, budget }) {
    if (!file) throw new Error("there is no picture yet: drop one on the node, or choose a file");
    return { image: imageOf(await decode(await read(file), file.name), budget / 4) };
  },
});
