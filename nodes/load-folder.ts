import { PICTURE_ACCEPT } from "../src/codec/inspect";
import { file } from "../src/graph/node";
import { SAMPLES } from "../src/samples";
import loadLr from "./load-lr";
import { defineNode, image } from "./sockets";

/** Stands for several pictures: gives the one that is chosen, as Load LR does; a batch gives it one after another. */
export default defineNode({
  type: "sftgan/load-folder",
  title: "Load Folder",
  description:
    "Several photos: a run gives the one that is chosen, and a batch runs the graph for each of them. Drop them on the page, or choose them or their folder; on the command line, sftgan upscale FOLDER OUT --recipe GRAPH.",
  inputs: {},
  params: {
    file: file({
      default: null,
      help: "the photo that a run gives; a batch gives one after another",
      accept: PICTURE_ACCEPT,
      shipped: SAMPLES,
      editor: "photos",
    }),
    damaged: loadLr.params.damaged,
  },
  outputs: { image: image("the chosen picture [1, h, w, 3]") },

  async run(inputs, params, context) {
    if (!params.file)
      throw new Error(
        "there are no photos yet: drop some on the page, choose them or their folder, or run sftgan upscale FOLDER OUT --recipe GRAPH",
      );
    return loadLr.run(inputs, params, context);
  },
});
