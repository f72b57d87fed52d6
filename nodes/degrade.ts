import { choice } from "../src/graph/node";
import { shrink } from "../src/image/shrink";
import { defineNode, image } from "./sockets";

/** Shrinks a picture by four as the networks' training data were. */
export default defineNode({
  type: "sftgan/degrade",
  title: "Degrade",
  description:
    "Shrinks a high-resolution picture by four with antialiased bicubic, to get a low-resolution one whose answer is known.",
  inputs: { image: image("the high-resolution picture [1, h, w, 3]") },
  params: {
    mode: choice(["float", "8 bit"], {
      default: "float",
      help: "float: the authors' imresize. 8 bit: MATLAB's on 8-bit pictures, which made the standard benchmarks",
    }),
  },
  outputs: { image: image("the low-resolution picture [1, ⌈h/4⌉, ⌈w/4⌉, 3]") },

  run: async ({ image }, { mode }, context) => ({ image: await shrink(image, mode, context) }),
});
