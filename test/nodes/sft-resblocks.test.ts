import type * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import sftResblocks from "../../nodes/sft-resblocks";
import { splice } from "../../src/image/raster";
import type { Features, Image, Model } from "../../src/types";
import { refusal } from "../message";
import { array, net } from "../sftgan/nets";
import { head, residualBlock } from "../sftgan/stages";
import { expectClose, imageOf, noise, runNode, testHost, tinyModel } from "../support";
import { tensorOf } from "./values";

interface Inputs {
  image?: Image;
  features?: Features;
  condition?: { map: tf.Tensor4D };
  model?: Model;
}
const run = async (inputs: Inputs, blocks: number, modulation = true): Promise<Features> =>
  (await runNode(sftResblocks, inputs, { blocks, modulation })).features;

const image = imageOf(noise([1, 5, 6, 3]));
const condition = { map: noise([1, 5, 6, 3], 2) };

describe.each(["sft-net", "sft-net-torch", "srresnet"] as const)("SFT ResBlock×N with %s", (variant) => {
  it("is the head and then the blocks of the network", async () => {
    const model = await net(`${variant}.pth`);
    const picture = await array("picture");
    const steered = model.condition ? { map: await array(`${variant}.condition`) } : undefined;
    const { map, head: first, blocks } = await run({ image: { rgb: picture }, condition: steered, model }, model.blocks);
    let x = head(model, picture);
    await expectClose(tensorOf(first), x, 1e-6);
    for (let i = 0; i < model.blocks; i++) x = residualBlock(model, i, x, steered?.map);
    expect(blocks).toBe(model.blocks);
    await expectClose(tensorOf(map), x, 1e-5);
  });

  it("in a chain of one and one is the same as of two", async () => {
    const model = await net(`${variant}.pth`);
    const steered = model.condition ? { map: await array(`${variant}.condition`) } : undefined;
    const inputs = { condition: steered, model };
    const rgb = await array("picture");
    const two = await run({ image: { rgb }, ...inputs }, 2);
    const one = await run({ image: { rgb }, ...inputs }, 1);
    expect(one.blocks).toBe(1);
    const chained = await run({ features: one, ...inputs }, 1);
    expect(chained.blocks).toBe(2);
    await expectClose(tensorOf(chained.map), tensorOf(two.map), 1e-6);
    expect(chained.head).toBe(one.head);
  });
});

describe("SFT ResBlock×N", () => {
  it.each([0, 1])(
    "that starts from a picture a part of which has changed is the same as anew, to the last value (%i blocks)",
    async (blocks) => {
      const model = tinyModel();
      model.weights.kept = true;
      const size = [1, 40, 48] as const;
      const before = imageOf(noise([...size, 3], 3));
      const region = { top: 16, left: 24, height: 3, width: 4 };
      const after = imageOf(splice(before.rgb as tf.Tensor4D, noise([1, 3, 4, 3], 7), region));
      const inputs = { condition: { map: noise([...size, 3], 2) }, model };
      const last = await run({ image: before, ...inputs }, blocks);
      const params = { blocks, modulation: true };
      const context = {
        ...testHost(),
        checkpoint: async () => {},
        progress: () => {},
        memo: (_: unknown, __: unknown, make: () => unknown) => make(),
      };
      const found = await sftResblocks.update!(
        { image: after, ...inputs } as never,
        params,
        context as never,
        {
          params,
          outputs: { features: last },
          changed: { image: region },
        } as never,
      );
      const anew = await run({ image: after, ...inputs }, blocks);
      const updated = (found as unknown as { outputs: { features: Features } }).outputs.features;
      await expectClose(tensorOf(updated.map), tensorOf(anew.map), 1e-6);
    },
  );

  it("gives the head's output for no blocks", async () => {
    const { map, head, blocks } = await run({ image, condition }, 0);
    expect([map === head, blocks]).toEqual([true, 0]);
  });

  it("takes a condition of its own in each part of a chain", async () => {
    const other = { map: noise([1, 5, 6, 3], 9) };
    const model = tinyModel();
    const first = await run({ image, condition, model }, 1);
    const { map } = await run({ features: first, condition: other, model }, 1);
    const expected = residualBlock(
      model,
      1,
      residualBlock(model, 0, head(model, image.rgb as tf.Tensor4D), condition.map),
      other.map,
    );
    await expectClose(tensorOf(map), expected, 1e-6);
  });

  it("with modulation off runs without a condition, and passes over one that does not fit", async () => {
    const model = tinyModel();
    const plain: Model = { ...model, architecture: "srresnet", condition: 0, classes: 0 };
    const [off, bare] = [await run({ image, model }, 2, false), await run({ image, model: plain }, 2)];
    await expectClose(tensorOf(off.map), tensorOf(bare.map), 1e-6);
    const odd = await run({ image, model, condition: { map: noise([1, 2, 2, 7]) } }, 2, false);
    await expectClose(tensorOf(odd.map), tensorOf(off.map), 1e-6);
  });

  it("carries the picture's opacity along", async () => {
    const alpha = noise([1, 5, 6, 1]);
    const first = await run({ image: { ...image, alpha }, condition }, 1);
    expect(first.alpha).toBe(alpha);
    expect((await run({ features: first, condition }, 1)).alpha).toBe(alpha);
  });

  it("says how far it is, never backwards", async () => {
    const seen: number[] = [];
    const progress = (fraction: number) => seen.push(fraction);
    const features: Features = { map: noise([1, 5, 6, 4]), head: noise([1, 5, 6, 4]), blocks: 0 };
    await runNode(sftResblocks, { features, condition }, { blocks: 2 }, { progress });
    expect(seen).toEqual([0.5, 1]);
  });

  it("refuses to start from nothing, and from two things", async () => {
    const features: Features = { map: noise([1, 5, 6, 4]), head: noise([1, 5, 6, 4]), blocks: 0 };
    expect(await refusal(() => run({ condition }, 1))).toBe("nothing is connected to start from: connect a picture or features");
    expect(await refusal(() => run({ image, features, condition }, 1))).toBe(
      "both a picture and features are connected: remove one",
    );
  });

  it("refuses more blocks than the weights have", async () => {
    const start = await run({ image, condition }, 0);
    expect(await refusal(() => run({ features: start, condition }, 3))).toBe(
      'blocks is 3, but "tiny sft-net" has 2: set blocks to 2 at most',
    );
    const features = await run({ image, condition }, 1);
    expect(await refusal(() => run({ features, condition }, 2))).toBe(
      'blocks is 2, but "tiny sft-net" has 2, and 1 are already passed: set blocks to 1 at most',
    );
    expect(await refusal(() => run({ features: { ...features, blocks: 5 }, condition }, 0))).toBe(
      '5 blocks are already passed, but "tiny sft-net" has only 2: go on with the weights that made the features',
    );
  });

  it("refuses features and conditions that the weights do not take", async () => {
    const start = await run({ image, condition }, 0);
    const features: Features = { map: noise([1, 5, 6, 7]), head: noise([1, 5, 6, 7]), blocks: 0 };
    expect(await refusal(() => run({ features, condition }, 1))).toBe(
      'the features have 7 channels, but "tiny sft-net" works with 4: make them with the same weights',
    );
    expect(await refusal(() => run({ features: start, condition: { map: noise([1, 4, 6, 3]) } }, 1))).toBe(
      "the condition is for a picture of 6 × 4, but the features are of one of 6 × 5: connect that picture to the prior's node",
    );
    expect(await refusal(() => run({ features: start, condition: { map: noise([1, 5, 6, 5]) } }, 1))).toBe(
      'the condition has 5 channels, but "tiny sft-net" takes 3: give the Condition Net the same weights',
    );
    expect(await refusal(() => run({ features: start }, 1))).toBe(
      '"tiny sft-net" has SFT layers, and no condition is connected: connect one, or switch modulation off',
    );
    expect(await refusal(() => run({ features: start, condition, model: tinyModel("srresnet") }, 1))).toBe(
      '"tiny srresnet" is a plain SRResNet without SFT layers: leave the condition unconnected',
    );
    const segmenter = await net("segmenter.safetensors");
    expect(await refusal(() => run({ features: start, condition, model: segmenter }, 1))).toContain("not a generator");
  });

  it("says the same of a picture whose features are computed later", async () => {
    const start = await run({ image, condition }, 0);
    const budget = 64;
    const late = (inputs: Inputs) => runNode(sftResblocks, inputs, { blocks: 1 }, { budget });
    expect(await refusal(() => late({ features: start }))).toContain("no condition is connected");
    expect(await refusal(() => late({ features: start, condition: { map: noise([1, 5, 6, 5]) } }))).toContain("has 5 channels");
  });
});
