import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import sftMaps from "../../nodes/sft-maps";
import { colourMap } from "../../src/image/colour-map";
import type { SftMap } from "../../src/kernels/network";
import { run } from "../../src/kernels/tfjs/run";
import { sftMap } from "../../src/sftgan/generator";
import { refusal } from "../message";
import { array, net } from "../sftgan/nets";
import { expectClose, noise, runNode, tinyModel } from "../support";
import { tensorOf } from "./values";

describe.each(["sft-net", "sft-net-torch"] as const)("SFT Maps of %s", (variant) => {
  /** What the layer itself does: γ + β to ones, β to zeros. */
  async function probed(name: string) {
    const model = await net(`${variant}.pth`);
    const map = await array(`${variant}.condition`);
    const [x, condition] = [
      { channels: model.features, scale: 1 },
      { channels: model.condition, scale: 1 },
    ];
    const { slope, unitScale } = sftMap(model, name, "scale").operations[0] as SftMap;
    const layer = { op: "sft", name, x: "x", condition: "condition", slope, unitScale } as const;
    const network = { inputs: { x, condition }, operations: [layer] };
    const of = (value: number) =>
      run(model, network, { x: tf.fill([...map.shape.slice(0, 3), model.features] as never, value), condition: map });
    const shift = of(0);
    return { model, condition: { map }, scale: tf.sub(of(1), shift) as tf.Tensor4D, shift };
  }
  const one = (map: tf.Tensor4D, c: number) => tf.slice(map, [0, 0, 0, c - 1], [-1, -1, -1, 1]);

  it.each([
    ["scale", 1, "first", "sft_branch.0.sft0"],
    ["shift", 1, "second", "sft_branch.0.sft1"],
    ["scale", 2, "second", "sft_branch.1.sft1"],
    ["shift", 3, "first", "sft_branch.2"],
  ] as const)("show the %s of block %i's %s layer around neutral", async (which, block, layer, name) => {
    const { model, condition, ...maps } = await probed(name);
    expect(model.blocks).toBe(2);
    const { image, low, high } = await runNode(sftMaps, { condition, model }, { block, layer, which, channel: 2 });
    const expected = one(maps[which], 2);
    const neutral = which === "scale" ? 1 : 0;
    const far = (await tf.max(tf.abs(tf.sub(expected, neutral))).data())[0]!;
    expect([low, high]).toEqual([expect.closeTo(neutral - far, 4), expect.closeTo(neutral + far, 4)]);
    await expectClose(tensorOf(image.rgb), colourMap(expected, { low, high }, "cool-warm"), 1e-2);
    const label = which === "scale" ? "scale γ of channel 2" : "shift β of channel 2";
    expect(image.legend).toEqual({ kind: "bar", map: "cool-warm", label, low, high, below: false, above: false });
  });

  it("show how far all channels are from neutral, in the mean", async () => {
    const { model, condition, scale } = await probed("sft_branch.0.sft0");
    const { image, low, high } = await runNode(sftMaps, { condition, model });
    const expected = tf.mean(tf.abs(tf.sub(scale, 1)), 3, true) as tf.Tensor4D;
    const [least, most] = [(await tf.min(expected).data())[0]!, (await tf.max(expected).data())[0]!];
    expect([low, high]).toEqual([expect.closeTo(least, 4), expect.closeTo(most, 4)]);
    await expectClose(tensorOf(image.rgb), colourMap(expected, { low, high }, "viridis"), 1e-2);
    expect(image.legend).toMatchObject({ map: "viridis", label: "mean |γ − 1|", low, high });
  });
});

describe("SFT Maps", () => {
  const condition = { map: noise([1, 3, 4, 3]) };

  it("use the weights that ship with the package where no model is connected", async () => {
    expect((await runNode(sftMaps, { condition })).image.rgb.shape).toEqual([1, 3, 4, 3]);
  });

  it("refuse a layer, a channel, a condition or weights that do not fit", async () => {
    const run = (params: object, map = condition.map, model = tinyModel()) =>
      refusal(() => runNode(sftMaps, { condition: { map }, model }, params));
    expect(await run({ block: 4 })).toBe('block is 4, but "tiny sft-net" has 2: choose 1 to 2, or 3 for the trunk\'s end');
    expect(await run({ channel: 5 })).toBe('channel is 5, but "tiny sft-net" has 4: choose 1 to 4, or 0 for all together');
    expect(await run({}, noise([1, 3, 4, 5]))).toBe(
      'the condition has 5 channels, but "tiny sft-net" takes 3: give the Condition Net the same weights',
    );
    expect(await run({}, condition.map, tinyModel("srresnet"))).toContain("without SFT layers");
  });
});
