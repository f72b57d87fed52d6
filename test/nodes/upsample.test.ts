import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import upsample from "../../nodes/upsample";
import { bicubicUp4 } from "../../src/image/bicubic";
import { toGrey } from "../../src/image/grey";
import { read } from "../../src/image/raster";
import type { Features } from "../../src/types";
import { refusal } from "../message";
import { net } from "../sftgan/nets";
import * as network from "../sftgan/stages";
import { expectClose, noise, runNode, testContext, tinyModel } from "../support";
import { tensorOf } from "./values";

const features: Features = { map: noise([1, 5, 6, 4]), head: noise([1, 5, 6, 4], 4), blocks: 2 };
const condition = { map: noise([1, 5, 6, 3], 2) };
const model = tinyModel();

describe("Upsample", () => {
  it.each(["sft-net", "sft-net-torch", "srresnet"] as const)("ends the trunk of %s and enlarges it", async (variant) => {
    const net = tinyModel(variant);
    const steered = net.condition ? condition : undefined;
    const { image } = await runNode(upsample, { features, condition: steered, model: net });
    const expected = network.upsample(net, features.map as tf.Tensor4D, features.head as tf.Tensor4D, steered?.map);
    await expectClose(tensorOf(image.rgb), expected, 1e-6);
    expect(image.alpha).toBeUndefined();
  });

  it("enlarges the opacity bicubically and clips it", async () => {
    const alpha = tf.tensor4d(
      [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0],
      [1, 5, 6, 1],
    );
    const { image } = await runNode(upsample, { features: { ...features, alpha }, condition, model });
    await expectClose(tensorOf(image.alpha!), tf.clipByValue(bicubicUp4(alpha), 0, 1), 1e-6);
  });

  it("with modulation off leaves the trunk's last SFT layer out", async () => {
    const { image } = await runNode(upsample, { features, model }, { modulation: false });
    const expected = network.upsample(model, features.map as tf.Tensor4D, features.head as tf.Tensor4D, undefined, false);
    await expectClose(tensorOf(image.rgb), expected, 1e-6);
  });

  it("keeps a grey picture grey, by the luma of what the network says, or gives it as the network says it", async () => {
    const steered = { condition, model };
    const grey = { ...features, grey: true };
    const { image: said } = await runNode(upsample, { features: grey, ...steered }, { grey: "as the network says" });
    await expectClose(tensorOf(said.rgb), tensorOf((await runNode(upsample, { features, ...steered })).image.rgb), 1e-7);
    const { image: kept } = await runNode(upsample, { features: grey, ...steered });
    expect([kept.grey, said.grey]).toEqual([true, undefined]);
    await expectClose(tensorOf(kept.rgb), toGrey(tensorOf(said.rgb)), 1e-6);
    const { image: seen } = await upsample.defer!(
      { features: grey, ...steered },
      { modulation: true, grey: "keep" },
      testContext(),
    );
    const part = { top: 3, left: 6, height: 9, width: 5 };
    await expectClose(read(seen.rgb, part), read(kept.rgb, part), 1e-5);
    expect(seen.grey).toBe(true);
  });

  it("refuses what does not fit", async () => {
    const run = (inputs: object) => runNode(upsample, { features, condition, model, ...inputs });
    expect(await refusal(() => run({ condition: undefined }))).toContain("no condition is connected");
    expect(await refusal(() => run({ condition: { map: noise([1, 5, 7, 3]) } }))).toContain("for a picture of 7 × 5");
    expect(await refusal(() => run({ condition: { map: noise([1, 5, 6, 2]) } }))).toContain("has 2 channels");
    expect(await refusal(() => run({ features: { ...features, map: noise([1, 5, 6, 8]) } }))).toContain("have 8 channels");
    expect(await refusal(() => run({ model: tinyModel("srresnet") }))).toContain("leave the condition unconnected");
    const segmenter = await net("outdoor-scene-seg.pth");
    expect(await refusal(() => run({ model: segmenter }))).toContain("not a generator");
  });

  it("leaves nothing behind when cancelled between colours and opacity", async () => {
    let pauses = 0;
    const checkpoint = async () => {
      if (++pauses === 2) throw new Error("it was cancelled");
    };
    const alpha = noise([1, 5, 6, 1]);
    await refusal(() => runNode(upsample, { features: { ...features, alpha }, condition, model }, {}, { checkpoint }));
    expect(pauses).toBe(2);
  });
});
