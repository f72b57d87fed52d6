import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import conditionNet from "../../nodes/condition-net";
import { HostRaster, read, sizeOf } from "../../src/image/raster";
import { refusal } from "../message";
import { array, difference, net, touched } from "../sftgan/nets";
import { expectClose, noise, runNode, tinyModel } from "../support";
import { priorOf, tensorOf } from "./values";

const run = async (prior: ReturnType<typeof priorOf>, model = tinyModel()) =>
  tensorOf((await runNode(conditionNet, { prior, model })).condition.map);

describe.each(["sft-net", "sft-net-torch"] as const)("Condition Net with %s", (variant) => {
  it("gives the PyTorch network's condition", async () => {
    await expectClose(await run(priorOf(await array("prior")), await net(`${variant}.pth`)), await array(`${variant}.condition`));
  });

  it("gives the same in tiles, from host memory to host memory", async () => {
    const model = await net(`${variant}.pth`);
    const prior = priorOf(await array("prior"));
    const { condition } = await runNode(conditionNet, { prior, model }, {}, { budget: 4000 });
    expect(condition.map).toBeInstanceOf(HostRaster);
    const whole = read(condition.map, { top: 0, left: 0, height: 12, width: 10 });
    await expectClose(whole, await array(`${variant}.condition`));
  });
});

describe("Condition Net", () => {
  it("changes at one place where one pixel of the prior changes", async () => {
    const prior = tf.softmax(noise([1, 24, 20, 8])) as tf.Tensor4D;
    const changed = touched(prior, 13, 6);
    expect(await difference(await run(priorOf(prior)), await run(priorOf(changed)))).toEqual({
      places: 1,
      rows: [3, 3],
      columns: [1, 1],
    });
  });

  it("enlarges a prior of few places to the picture it is for", async () => {
    const one = tf.tensor4d([0, 0, 0, 1, 0, 0, 0, 0], [1, 1, 1, 8]);
    const picture = { height: 3, width: 5 };
    const small = await run(priorOf(one, { picture }));
    expect(sizeOf(small)).toEqual(picture);
    await expectClose(small, await run(priorOf(tf.tile(one, [1, 12, 20, 1]))), 1e-6);
  });

  it("keeps probabilities probabilities when it enlarges them", async () => {
    const uniform = tf.fill([1, 3, 2, 8], 1 / 8) as tf.Tensor4D;
    const picture = { height: 7, width: 9 };
    await expectClose(await run(priorOf(uniform, { picture })), await run(priorOf(tf.fill([1, 28, 36, 8], 1 / 8))), 1e-6);
  });

  it("uses the weights that ship with the package where no model is connected", async () => {
    const { condition } = await runNode(conditionNet, { prior: priorOf(noise([1, 8, 8, 8])) });
    expect(condition.map.shape).toEqual([1, 2, 2, 3]);
  });

  it("refuses a prior of other channels than the weights take", async () => {
    expect(await refusal(() => run(priorOf(noise([1, 8, 8, 5]))))).toBe(
      'the prior has 5 channels (channel 0, channel 1, channel 2, channel 3, channel 4), but "tiny sft-net" takes 8: connect a prior of that many',
    );
    await refusal(() => run(priorOf(noise([1, 4, 4, 256]))));
  });

  it("refuses a prior that is for no picture and not four times one", async () => {
    expect(await refusal(() => run(priorOf(noise([1, 8, 10, 8]))))).toBe(
      "the prior has 10 × 8 places, not a multiple of 4 each way: connect the picture it is for to its node",
    );
  });

  it("refuses weights without a condition network", async () => {
    const prior = priorOf(noise([1, 8, 8, 8]));
    expect(await refusal(() => run(prior, tinyModel("srresnet")))).toBe(
      '"tiny srresnet" is a plain SRResNet without SFT layers: remove the Condition Net, or connect SFT-GAN weights',
    );
    const segmenter = await net("segmenter.safetensors");
    expect(await refusal(() => run(prior, segmenter))).toContain("is a segmentation network, not a generator");
  });
});
