import { withRemedy } from "../src/codec/header";
import { PICTURE_ACCEPT } from "../src/codec/inspect";
import { choice, FACE, file } from "../src/graph/node";
import { imageOf } from "../src/image/picture";
import { SAMPLES } from "../src/samples";
import { defineNode, image } from "./sockets";

const AS_FAR = "read as far as it goes";

/** Decodes the low-resolution picture: upright, in sRGB, all its bits, opacity apart, colours carried on under transparency. */
export default defineNode({
  type: "sftgan/load-lr",
  title: "Load LR",
  description:
    "The low-resolution picture to enlarge: PNG, JPEG, WebP, AVIF, TIFF, GIF or BMP. Drop or paste one, choose a file, or keep a sample.",
  inputs: {},
  params: {
    file: file({
      default: { name: "sample:scene.png" },
      help: "the picture",
      accept: PICTURE_ACCEPT,
      shipped: SAMPLES,
    }),
    damaged: choice(["refuse", AS_FAR], {
      default: "refuse",
      help: "a PNG or JPEG that ends early: refused, or read with grey for what is missing",
    }),
  },
  outputs: { image: image("the picture [1, h, w, 3]") },

  async run(_, { file, damaged }, { file: read, decode, budget }) {
    if (!file) throw new Error("there is no picture yet: drop one on the node, or choose a file");
    const picture = await decode(await read(file), file.name, { partial: damaged !== "refuse" }).catch((error) => {
      throw withRemedy(error, `set “damaged” to “${AS_FAR}”`);
    });
    return { image: imageOf(picture, budget / 4), ...(picture.warnings && { [FACE]: { warnings: picture.warnings } }) };
  },
});
