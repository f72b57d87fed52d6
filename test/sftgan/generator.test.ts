import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { stageReach } from "../../src/sftgan/reach";
import type { Model } from "../../src/types";
import { expectClose, noise, tensorCount } from "../support";
import { array, difference, leaks, net, touched } from "./nets";
import { conditionNet, generator, head, residualBlock, sftMap, upsample } from "./stages";

let image: tf.Tensor4D;
let prior: tf.Tensor4D;
let srresnet: Model;

beforeAll(async () => {
  image = await array("picture");
  prior = await array("prior");
  srresnet = await net("srresnet.pth");
});

describe.each(["sft-net", "sft-net-torch"] as const)("%s", (variant) => {
  let model: Model;
  let condition: tf.Tensor4D;

  beforeAll(async () => {
    model = await net(`${variant}.pth`);
    condition = conditionNet(model, prior);
  });

  it("has the condition and the picture of the PyTorch network", async () => {
    expect(model.architecture).toBe(variant);
    await expectClose(condition, await array(`${variant}.condition`));
    await expectClose(generator(model, image, prior), await array(`${variant}.out`));
  });

  it("is its stages one after the other", async () => {
    const first = head(model, image);
    let x = first;
    for (let i = 0; i < model.blocks; i++) x = residualBlock(model, i, x, condition);
    await expectClose(upsample(model, x, first, condition), await array(`${variant}.out`));
  });

  it("with modulation off is the same network without SFT layers", async () => {
    const plain: Model = { ...model, architecture: "srresnet", condition: 0, classes: 0 };
    const first = head(model, image);
    let x = first;
    for (let i = 0; i < model.blocks; i++) x = residualBlock(model, i, x, undefined, false);
    await expectClose(upsample(model, x, first, undefined, false), generator(plain, image), 1e-6);
  });

  it("depends on the prior", async () => {
    const other = conditionNet(model, tf.reverse(prior, 3));
    const block = (condition: tf.Tensor4D) => residualBlock(model, 0, head(model, image), condition);
    await expect(expectClose(block(condition), block(other), 0.01)).rejects.toThrow("largest difference");
  });

  it("changes the condition at one place where one pixel of the prior changes", async () => {
    const changed = conditionNet(model, touched(prior, 22, 9));
    expect(await difference(condition, changed)).toEqual({ places: 1, rows: [5, 5], columns: [2, 2] });
  });

  it("reaches as far as is read from its operations, and no further", async () => {
    const REACH = stageReach(model);
    const [size, middle, wide, c] = [15, 7, model.features, model.condition];
    const [photo, map, steered] = [noise([1, size, size, 3]), noise([1, size, size, wide]), noise([1, size, size, c])];
    const around = (reach: number, scale = 1) => [(middle - reach) * scale, (middle + reach + 1) * scale - 1] as const;

    const headBox = await difference(head(model, photo), head(model, touched(photo, middle, middle)));
    expect([headBox.rows, headBox.columns]).toEqual([around(REACH.head), around(REACH.head)]);

    const block = residualBlock(model, 1, map, steered);
    const byFeatures = await difference(block, residualBlock(model, 1, touched(map, middle, middle), steered));
    const byCondition = await difference(block, residualBlock(model, 1, map, touched(steered, middle, middle)));
    for (const box of [byFeatures, byCondition]) {
      expect([box.rows, box.columns]).toEqual([around(REACH.block), around(REACH.block)]);
    }

    const picture = upsample(model, map, map, steered);
    const changed = touched(map, middle, middle);
    for (const other of [
      upsample(model, changed, changed, steered),
      upsample(model, map, map, touched(steered, middle, middle)),
    ]) {
      const box = await difference(picture, other);
      const [most, least] = [around(REACH.upsample, 4), around(REACH.upsample - 1, 4)];
      for (const [first, last] of [box.rows, box.columns]) {
        expect(first).toBeGreaterThanOrEqual(most[0]);
        expect(last).toBeLessThanOrEqual(most[1]);
        expect(first! < least[0] || last! > least[1], "a reach one less would do").toBe(true);
      }
    }
  });

  it("takes a picture of one pixel", () => {
    expect(generator(model, noise([1, 1, 1, 3]), noise([1, 4, 4, 8])).shape).toEqual([1, 4, 4, 3]);
  });

  it("leaves no tensor behind", () => {
    const map = noise([1, 4, 5, model.features]);
    const steered = noise([1, 4, 5, model.condition]);
    expect(leaks(() => conditionNet(model, prior))).toBe(0);
    expect(leaks(() => head(model, image))).toBe(0);
    expect(leaks(() => sftMap(model, "sft_branch.0.sft0", "scale", steered))).toBe(0);
    expect(leaks(() => residualBlock(model, 0, map, steered))).toBe(0);
    expect(leaks(() => residualBlock(model, 0, map, undefined, false))).toBe(0);
    expect(leaks(() => upsample(model, map, map, steered))).toBe(0);
    expect(leaks(() => generator(model, image, prior))).toBe(0);
    const before = tensorCount();
    expect(() => upsample(model, map, map, undefined)).toThrow();
    expect(tensorCount()).toBe(before);
  });

  it("says what does not fit", () => {
    const map = noise([1, 4, 5, model.features]);
    expect(() => conditionNet(model, noise([1, 8, 8, 5]))).toThrow(/The prior has 5 channels and ".*" takes 8/);
    expect(() => conditionNet(model, noise([1, 8, 10, 8]))).toThrow("The prior is 10 × 8 where multiples of 4 are needed");
    expect(() => residualBlock(model, 2, map, undefined, false)).toThrow("has 2 residual blocks and block 3 was asked for");
    expect(() => residualBlock(model, 0, map, undefined)).toThrow("takes a condition; connect one, or switch modulation off");
    expect(() => residualBlock(model, 0, map, noise([1, 1, 1, model.condition]))).toThrow(
      "The condition is for 1 × 1 and the features for 5 × 4",
    );
    expect(() => residualBlock(model, 0, map, noise([1, 4, 5, 3]))).toThrow(/The condition has 3 channels and ".*" takes 6/);
  });
});

describe("srresnet", () => {
  it("has the picture of the PyTorch network", async () => {
    expect(srresnet.architecture).toBe("srresnet");
    await expectClose(generator(srresnet, image), await array("srresnet.out"));
  });

  it("takes no prior and no condition", () => {
    const map = noise([1, 4, 5, srresnet.features]);
    expect(() => conditionNet(srresnet, prior)).toThrow("SRResNet");
    expect(() => residualBlock(srresnet, 0, map, noise([1, 4, 5, 6]))).toThrow("leave the condition unconnected");
  });

  it("is not what a segmentation network can be used as", async () => {
    const segmenter = await net("segmenter.safetensors");
    expect(() => head(segmenter, image)).toThrow("segmentation network");
  });
});
