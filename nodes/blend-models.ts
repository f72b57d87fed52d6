import { number } from "../src/graph/node";
import { blendModels } from "../src/weights/blend";
import { defineNode, model, modelOrShipped } from "./sockets";

/** A model between two: network interpolation (ESRGAN, section 3.4), as between fidelity and texture. */
export default defineNode({
  type: "sftgan/blend-models",
  title: "Blend Models",
  description:
    "Weights between two models of one architecture, parameter by parameter, as ESRGAN does between fidelity and texture. Connect the result to every node of the network.",
  inputs: {
    a: modelOrShipped("psnr", "the model at 0; unconnected: psnr, the faithful weights that ship with the package"),
    b: modelOrShipped("sftgan", "the model at 1; unconnected: sftgan, the weights for texture that ship with the package"),
  },
  params: { amount: number({ default: 0.5, min: 0, max: 1, step: 0.01, help: "how much of the second model" }) },
  outputs: { model: model("the weights in between") },

  async run({ a, b }, { amount }) {
    return { model: await blendModels(a, b, amount) };
  },
});
