import { scaled, sizeOf, sizeText } from "../src/image/raster";
import { readScaled } from "../src/image/scaled";
import { mapTiles } from "../src/image/tiles";
import { conditionNet } from "../src/sftgan/generator";
import { requireCondition } from "../src/sftgan/roles";
import { SCALE } from "../src/types";
import { condition, defineNode, model, optional, prior } from "./sockets";

/** The condition network: 1×1 convolutions only, so that neighbouring classes never mix (paper, section 3.1). */
export default defineNode({
  type: "sftgan/condition-net",
  title: "Condition Net",
  description: "Turns the prior into the condition that all SFT layers share, at the low-resolution picture's size.",
  inputs: {
    prior: prior("class probabilities [1, H, W, K]"),
    model: optional(model("generator weights; unconnected: those that ship with the package")),
  },
  params: {},
  outputs: { condition: condition("[1, h, w, C]") },

  async run({ prior, model }, _, context) {
    const net = model ?? (await context.shipped("sftgan"));
    requireCondition(net);
    const found = sizeOf(prior.map);
    if (prior.channels.length !== net.classes)
      throw new Error(
        `the prior has ${prior.channels.length} channels (${prior.channels.slice(0, 8).join(", ")}), but "${net.name}" takes ${net.classes}: connect a prior of that many`,
      );
    if (!prior.picture && (found.height % SCALE || found.width % SCALE))
      throw new Error(
        `the prior has ${sizeText(found)} places, not a multiple of ${SCALE} each way: connect the picture it is for to its node`,
      );
    const size = prior.picture ?? { height: found.height / SCALE, width: found.width / SCALE };
    const enlarged = { height: SCALE * size.height, width: SCALE * size.width };
    const bytesPerPixel = 4 * (2 * SCALE * SCALE * net.classes + 4 * 128);
    const map = await mapTiles({ size, reach: 0, scale: 1, channels: net.condition, bytesPerPixel }, context, (window) =>
      conditionNet(net, readScaled(prior.map, enlarged, scaled(window, SCALE))),
    );
    return { condition: { map } };
  },
});
