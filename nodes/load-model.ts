import { file } from "../src/graph/node";
import { SHIPPED_WEIGHTS } from "../src/samples";
import { loadModel } from "../src/weights/model";
import { defineNode, model } from "./sockets";

/** Reads a checkpoint; architecture and sizes are read from its names and shapes. Executes nothing in it. */
export default defineNode({
  type: "sftgan/load-model",
  title: "Load Model",
  description:
    "Weights from a .pth (2018 stream or today's zip) or .safetensors file: SFT-GAN in either official layout, a plain SRResNet, or a segmentation network.",
  inputs: {},
  params: {
    file: file({
      default: { name: "weights:sftgan.safetensors" },
      help: "the checkpoint",
      accept: ".pth,.pt,.safetensors",
      shipped: SHIPPED_WEIGHTS,
    }),
  },
  outputs: { model: model("the network's weights") },

  async run(_, { file }, { file: read }) {
    if (!file) throw new Error("there are no weights yet: drop a checkpoint on the node, or choose a file");
    return { model: await loadModel(await read(file), file.name) };
  },
});
