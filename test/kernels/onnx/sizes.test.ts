/** Names of sizes against the sizes that maps turn out to have. */
import { describe, expect, it } from "vitest";
import type { Network } from "../../../src/kernels/network";
import { sides, sizesOf } from "../../../src/kernels/onnx/sizes";
import { generator } from "../../../src/sftgan/generator";
import { segmentationNet } from "../../../src/sftgan/segment";
import { tinyModel, tinySegmenter } from "../../support";

describe("Names of sizes", () => {
  it("are the picture's for all that is steered, and for the prior when it has come down to the picture", () => {
    const model = tinyModel("sft-net");
    const sizes = sizesOf(model, generator(model));
    for (const name of ["image", "conv0", "CondNet.0", "CondNet.8", "sft_branch.0.sft0", "sft_branch.0.conv1"])
      expect(sides(sizes.get(name)!), name).toEqual(["height", "width"]);
    expect(sides(sizes.get("prior")!)).toEqual(["4*height", "4*width"]);
    expect(sides(sizes.get("HR_branch.8")!)).toEqual(["4*height", "4*width"]);
  });

  it("are a padded map's where its parts are whole, and a crop's are those of what it is cropped like", () => {
    const model = tinySegmenter();
    const sizes = sizesOf(model, segmentationNet(model));
    expect(sides(sizes.get("padded")!)).toEqual(["32*padded.height", "32*padded.width"]);
    expect(sides(sizes.get("encoder._conv_stem")!)).toEqual(["16*padded.height", "16*padded.width"]);
    expect(sizes.get("mean")).toBeUndefined();
    expect(sides(sizes.get("probabilities")!)).toEqual(["height", "width"]);
  });

  it("are new where a size does not follow: an odd one halved, an input of its own size, a convolution that cuts the rim off", () => {
    const network: Network = {
      inputs: { image: { channels: 3, scale: 1 }, prior: { channels: 8, scale: 4, own: true } },
      operations: [
        { op: "maxPool", name: "half", x: "image" },
        { op: "nearest2", name: "back", x: "half" },
        { op: "conv", name: "rimless", layer: "wide", x: "image", pad: 0 },
        { op: "resizeLike", name: "large", x: "prior", like: "image", times: 4 },
        { op: "conv", name: "quarter", layer: "wide", x: "large", stride: 4, pad: 0 },
      ],
    };
    const weights = { tensors: { "wide.weight": { shape: [3, 3, 3, 3], data: new Float32Array(81) } } };
    const found = [...sizesOf({ weights }, network)].map(([name, size]) => [name, sides(size!)[0]]);
    expect(Object.fromEntries(found)).toEqual({
      image: "height",
      prior: "prior.height",
      half: "half.height",
      back: "2*half.height",
      rimless: "rimless.height",
      large: "4*height",
      quarter: "height",
    });
  });
});
