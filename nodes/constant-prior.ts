import { choice } from "../src/graph/node";
import { sizeOf } from "../src/image/raster";
import { oneHot } from "../src/prior/classes";
import { CLASSES } from "../src/types";
import { defineNode, image, prior } from "./sockets";

/** One class everywhere. */
export default defineNode({
  type: "sftgan/constant-prior",
  title: "Constant Prior",
  description: "One class everywhere: the whole picture is treated as sky, as grass, and so on.",
  inputs: { picture: image("the low-resolution picture the prior is for") },
  params: { class: choice(CLASSES, { default: "background", help: "what everything is said to be" }) },
  outputs: { prior: prior("probability 1 for the class, in one place [1, 1, 1, 8]") },

  run: ({ picture }, { class: name }) => ({
    prior: {
      map: oneHot(Uint8Array.of(CLASSES.indexOf(name)), { height: 1, width: 1 }),
      channels: CLASSES,
      kind: "probabilities",
      picture: sizeOf(picture.rgb),
    },
  }),
});
