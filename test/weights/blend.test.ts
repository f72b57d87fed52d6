import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Model, Weights } from "../../src/types";
import { blendModels } from "../../src/weights/blend";
import { disposeModel } from "../../src/weights/model";
import { weightsOf } from "../../src/weights/weights";
import { refusal } from "../message";
import { tinyModel, tinySegmenter } from "../support";

/** `tinyModel` with its weights moved, so that two differ in every parameter. */
function moved(model: Model, by: number, more: Partial<Model> = {}): Model {
  const tensors = Object.entries(model.weights.tensors).map(
    ([name, { shape, data }]) => [name, { shape, data: data.map((value) => value * (1 - by) + by) }] as const,
  );
  return { ...model, weights: weightsOf(Object.fromEntries(tensors)), ...more };
}
const fidelity = (more?: Partial<Model>) =>
  moved(tinyModel(), 0, { hash: "a".repeat(64), name: "weights:psnr.safetensors", ...more });
const texture = (more?: Partial<Model>) => moved(tinyModel(), 0.3, { hash: "b".repeat(64), name: "my texture.pth", ...more });

describe("blendModels", () => {
  let count: number;
  beforeEach(() => {
    count = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors).toBe(count);
  });

  it("takes each parameter between the two, as arithmetic on the host does", async () => {
    const [a, b] = [fidelity(), texture()];
    const blend = await blendModels(a, b, 0.3);
    expect(Object.keys(blend.weights.tensors)).toEqual(Object.keys(a.weights.tensors));
    for (const [name, { shape }] of Object.entries(a.weights.tensors)) {
      const [x, y, found] = [a, b, blend].map(({ weights }) => weights.tensors[name]!.data);
      expect(blend.weights.tensors[name]!.shape).toEqual(shape);
      const worst = Math.max(...Array.from(found!, (value, i) => Math.abs(value - (0.7 * x![i]! + 0.3 * y![i]!))));
      expect(worst, name).toBeLessThan(1e-6);
    }
    [a, b, blend].forEach(disposeModel);
  });

  it("is the first model at 0 and the second at 1, without a tensor of its own", async () => {
    const [a, b] = [fidelity(), texture()];
    const before = tf.memory().numTensors;
    expect(await blendModels(a, b, 0)).toBe(a);
    expect(await blendModels(a, b, 1)).toBe(b);
    expect(tf.memory().numTensors).toBe(before);
    [a, b].forEach(disposeModel);
  });

  it("says what it is: sizes of both, a hash of the blend, and what it was made of", async () => {
    const [a, b] = [fidelity({ metadata: { classes: "x,y" } }), texture()];
    const blend = await blendModels(a, b, 0.3);
    expect(blend).toMatchObject({ architecture: "sft-net", features: 4, blocks: 2, condition: 3, classes: 8 });
    expect(blend.name).toBe("blend of psnr and my texture");
    expect(blend.metadata).toEqual({ first: a.hash, second: b.hash, amount: "0.3", classes: "x,y" });
    const others = await Promise.all([blendModels(a, b, 0.3), blendModels(a, b, 0.4), blendModels(b, a, 0.3)]);
    expect(blend.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(others[0]!.hash).toBe(blend.hash);
    expect(new Set([a, b, ...others].map(({ hash }) => hash)).size).toBe(5);
    const again = await blendModels(blend, others[1]!, 0.5);
    expect(again.name.length).toBeLessThan(80);
    [a, b, blend, again, ...others].forEach(disposeModel);
  });

  it("blends segmentation networks too", async () => {
    const [a, b] = [tinySegmenter(), moved(tinySegmenter(), 0.5)];
    const blend = await blendModels(a, b, 0.5);
    expect(blend.architecture).toBe("segmenter");
    [a, b, blend].forEach(disposeModel);
  });

  it("refuses models that are not alike, and names the first difference", async () => {
    const refused = async (a: Model, b: Model) => {
      const message = await refusal(() => blendModels(a, b, 0.5));
      [a, b].forEach(disposeModel);
      return message;
    };
    const own = (more = {}) => ({ ...tinyModel("sft-net", more), name: "mine" });
    expect(await refused(fidelity(), tinyModel("srresnet"))).toBe(
      '"weights:psnr.safetensors" is an SFT-GAN generator in the layout of SFTGAN_noBN_OST_bg.pth, but "tiny srresnet" is a plain SRResNet: blend two of one architecture',
    );
    expect(await refused(fidelity(), tinySegmenter())).toContain("is this package's segmentation network");
    expect(await refused(fidelity(), own({ blocks: 1, features: 2 }))).toBe(
      '"weights:psnr.safetensors" has 2 residual blocks, but "mine" has 1: blend two of the same sizes',
    );
    expect(await refused(fidelity(), own({ features: 2 }))).toContain('has 4 features, but "mine" has 2');
    expect(await refused(fidelity(), own({ condition: 2 }))).toContain('has a condition of 3 channels, but "mine" has 2');
    expect(await refused(fidelity(), own({ classes: 2 }))).toContain('has a prior of 8 channels, but "mine" has 2');
  });

  it("refuses models that differ in names, in shapes, or in what their prior means", async () => {
    const [a, b] = [fidelity({ metadata: { classes: "near, far" } }), texture({ metadata: { classes: "sky,water" } })];
    const refused = (parts: Partial<Model>) => refusal(() => blendModels(a, { ...b, ...parts }, 0.5));
    const { "conv0.bias": bias, ...rest } = b.weights.tensors;
    expect(await refused({ weights: weightsOf(rest) })).toBe(
      'the tensor "conv0.bias" is [4] in "weights:psnr.safetensors" and missing in "my texture.pth": blend two with the same names and shapes',
    );
    const more = (tensors: Weights["tensors"]) => weightsOf({ ...b.weights.tensors, ...tensors });
    expect(await refused({ weights: more({ extra: bias! }) })).toContain(
      'the tensor "extra" is missing in "weights:psnr.safetensors" and [4] in "my texture.pth"',
    );
    const wide = { shape: [5, 8, 4, 4], data: new Float32Array(640) };
    expect(await refused({ weights: more({ "CondNet.0.weight": wide }) })).toContain(
      'the tensor "CondNet.0.weight" is [4, 8, 4, 4] in "weights:psnr.safetensors" and [5, 8, 4, 4] in',
    );
    expect(await refused({})).toBe(
      'the first model was trained on a prior of "near,far", but the second on one of "sky,water": blend two that know the same prior',
    );
    expect(await refused({ name: "x".repeat(5000), architecture: "srresnet" })).toContain("…");
    for (const amount of [-0.1, 1.1, Number.NaN])
      expect(await refusal(() => blendModels(a, a, amount))).toBe(
        `models cannot be blended by an amount of ${amount}: give 0 to 1`,
      );
    [a, b].forEach(disposeModel);
  });
});
