import { describe, expect, it } from "vitest";
import { costOf, reachOf } from "../../src/kernels/cost";
import { conditionNet, generator, head, residualBlocks, upsample } from "../../src/sftgan/generator";
import { outdoorSceneSeg } from "../../src/sftgan/outdoor-scene-seg";
import { segmenter } from "../../src/sftgan/segmenter";
import { net } from "../sftgan/nets";
import { tinyModel, tinySegmenter } from "../support";

describe("reachOf", () => {
  it.each(["sft-net", "sft-net-torch"] as const)("is the paper's for a generator of 16 blocks, %s", (architecture) => {
    const model = tinyModel(architecture, { blocks: 16, features: 2, condition: 2 });
    expect(reachOf(model, head(model))).toEqual({ image: 1 });
    expect(reachOf(model, conditionNet(model))).toEqual({ prior: 0 });
    expect(reachOf(model, residualBlocks(model, 3, 4))).toEqual({ features: 2, condition: 2 });
    expect(reachOf(model, residualBlocks(model, 0, 16))).toEqual({ features: 32, condition: 32 });
    expect(reachOf(model, upsample(model))).toEqual({ features: 3, head: 2, condition: 3 });
    expect(reachOf(model, generator(model))).toEqual({ image: 36, prior: 35 });
  });

  it("is everything for a network with a mean over everything, and far for the official one", async () => {
    const ours = tinySegmenter();
    expect(reachOf(ours, segmenter(ours))).toEqual({ image: Number.POSITIVE_INFINITY });
    const official = await net("outdoor-scene-seg.pth");
    expect(reachOf(official, outdoorSceneSeg(official)).image).toBeGreaterThan(500);
  });
});

describe("costOf", () => {
  it("counts multiply-adds for each pixel of the picture, layer by layer", () => {
    const [F, C, K, blocks] = [4, 3, 8, 2];
    const model = tinyModel("sft-net", { features: F, blocks, condition: C, classes: K });
    const sft = 2 * (C * C + C * F) + F;
    const block = 2 * (sft + 9 * F * F);
    const condition = 16 * K * F + 3 * F * F + F * C;
    const shuffles = 4 * F + 16 * F; // a pass over the map each
    const branch = 9 * F * 4 * F * (1 + 4) + shuffles + 16 * 9 * F * F + 16 * 9 * F * 3;
    const all = condition + 9 * 3 * F + blocks * block + sft + 9 * F * F + branch;
    expect(costOf(model, generator(model)).multiplyAdds).toBe(all);
  });

  it("counts the maps that are there at once", () => {
    const model = tinyModel("srresnet", { features: 4, blocks: 2 });
    expect(costOf(model, head(model)).bytes).toBe(4 * (3 + 4));
    // What goes in is needed by the last convolution again; between the two there is one map beside it and one comes.
    expect(costOf(model, residualBlocks(model, 0, 1)).bytes).toBe(4 * 4 * 3);
    // The last two maps of four times the size, and nothing else.
    expect(costOf(model, upsample(model)).bytes).toBe(4 * 16 * (4 + 4));
  });
});
