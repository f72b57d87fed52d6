/**
 * The SFT-GAN generator in the order and with the names of the paper (Wang et al., "Recovering Realistic Texture in Image
 * Super-resolution by Deep Spatial Feature Transform", CVPR 2018): condition network, head, SFT layers in residual blocks,
 * trunk end with the long skip, upsampling. Each stage is a function of a model and tensors. All sizes are read from the
 * weights, so a smaller checkpoint is a smaller network. Results belong to the caller.
 *
 * Checked against the authors' SFT_Net and SFT_Net_torch (SFTGAN, pytorch_test/architectures.py).
 */
import * as tf from "@tensorflow/tfjs-core";
import { type Model, SCALE } from "../types";
import { consume, conv, convShuffle, nearest2 } from "./layers";
import { requireCondition, requireGenerator } from "./roles";

/**
 * What the two official generators do differently, told apart by how they upsample: SFTGAN_noBN_OST_bg shuffles pixels,
 * SFTGAN_torch (the paper's own) repeats them. Without SFT layers either is an SRResNet.
 */
const VARIANTS = {
  "pixel-shuffle": { unitScale: true, slope: 0.1, relu: "after conv0" },
  nearest: { unitScale: false, slope: 0.01, relu: "before each conv" },
} as const;

/** LeakyReLU in the condition network, of both variants. */
const CONDITION_SLOPE = 0.1;

/**
 * How far each stage sees, in low-resolution pixels each way: a tile with this much context around it comes out exact. A
 * block has two 3x3 convs. Upsampling has the trunk end's conv (1) and the HR branch (2): its convs at 1x, 2x, 4x and 4x
 * reach 1, 1/2, 1/4 and 1/4 of a pixel with pixel shuffle, and those at 2x, 4x, 4x and 4x reach 1/2 and 3/4 with nearest;
 * both round up to 2. The condition network sees its own pixel only.
 */
export const REACH = { condition: 0, head: 1, block: 2, upsample: 3 } as const;

/**
 * The condition every SFT layer shares, from a prior at four times the picture's size: `[1, 4h, 4w, K]` to `[1, h, w, C]`.
 * Neighbouring places never mix. Throws where the model has no condition network, or the prior's size or channels do not fit.
 */
export function conditionNet(model: Model, prior: tf.Tensor4D): tf.Tensor4D {
  requireCondition(model);
  const [, height, width, channels] = prior.shape;
  if (channels !== model.classes) {
    throw new Error(
      `The prior has ${channels} channels and "${model.name}" takes ${model.classes}; use a prior of ${model.classes}.`,
    );
  }
  if (height % SCALE !== 0 || width % SCALE !== 0) {
    throw new Error(
      `The prior is ${width} x ${height} where multiples of ${SCALE} are needed; resize it to ${SCALE} times the picture.`,
    );
  }
  return tf.tidy(() => {
    const activation = { leaky: CONDITION_SLOPE };
    let x = conv(model.weights, "CondNet.0", prior, { stride: SCALE, pad: 0, activation });
    for (const i of [2, 4, 6]) x = conv(model.weights, `CondNet.${i}`, x, { activation });
    return conv(model.weights, "CondNet.8", x);
  });
}

/** The first convolution: a picture `[1, h, w, 3]` to features `[1, h, w, F]`. */
export function head(model: Model, image: tf.Tensor4D): tf.Tensor4D {
  requireGenerator(model);
  return conv(model.weights, "conv0", image);
}

/**
 * What SFT layer `name` multiplies features by ("scale", gamma; the 1 that a variant adds included) or adds to them ("shift",
 * beta): `[1, h, w, F]` computed from the condition `[1, h, w, C]` by a small branch.
 */
export function sftMap(model: Model, name: string, which: "scale" | "shift", condition: tf.Tensor4D): tf.Tensor4D {
  const { unitScale, slope } = VARIANTS[model.upsampling];
  const { weights } = model;
  return tf.tidy(() => {
    const hidden = conv(weights, `${name}.SFT_${which}_conv0`, condition, { activation: { leaky: slope } });
    const map = consume(hidden, (hidden) => conv(weights, `${name}.SFT_${which}_conv1`, hidden));
    return which === "scale" && unitScale ? consume(map, (gamma) => tf.add(gamma, 1)) : map;
  });
}

/**
 * Spatial feature transform `name`: features `[1, h, w, F]` scaled and shifted by gamma and beta, maps of the same size
 * computed from the condition `[1, h, w, C]`.
 */
export function sftLayer(model: Model, name: string, x: tf.Tensor4D, condition: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const scaled = consume(sftMap(model, name, "scale", condition), (gamma) => tf.mul(x, gamma));
    return tf.add(scaled, sftMap(model, name, "shift", condition));
  });
}

/**
 * Residual block `index`, from 0: features `[1, h, w, F]` to features. With `modulation` off SFT layers pass features
 * through (gamma 1, beta 0), which is outside what the network was trained on, and the condition is not looked at. Throws
 * where the model has no such block or the condition does not fit.
 */
export function residualBlock(
  model: Model,
  index: number,
  x: tf.Tensor4D,
  condition: tf.Tensor4D | undefined,
  modulation = true,
): tf.Tensor4D {
  requireGenerator(model);
  if (!(Number.isInteger(index) && index >= 0 && index < model.blocks)) {
    throw new Error(
      `"${model.name}" has ${model.blocks} residual blocks and block ${index + 1} was asked for; use ${model.blocks} at most.`,
    );
  }
  const { weights } = model;
  const name = `sft_branch.${index}`;
  const sft = modulator(model, x, condition, modulation);
  return tf.tidy(() => {
    const half = (y: tf.Tensor4D, i: 0 | 1) => {
      const reluFirst = VARIANTS[model.upsampling].relu === "before each conv";
      const activation = !reluFirst && i === 0 ? "relu" : "linear";
      const steered = sft(`${name}.sft${i}`, y);
      const input = reluFirst ? consume(steered, (y) => tf.relu(y)) : steered;
      return consume(input, (y) => conv(weights, `${name}.conv${i}`, y, { activation }));
    };
    const y = consume(half(x, 0), (y) => half(y, 1));
    return tf.add(x, y);
  });
}

/** The trunk's last SFT layer and convolution, then the long skip from the head's output: all `[1, h, w, F]`. */
export function trunkEnd(
  model: Model,
  x: tf.Tensor4D,
  head: tf.Tensor4D,
  condition: tf.Tensor4D | undefined,
  modulation = true,
): tf.Tensor4D {
  requireGenerator(model);
  const sft = modulator(model, x, condition, modulation);
  const name = (index: number) => `sft_branch.${index}`;
  return tf.tidy(() => {
    const y = consume(sft(name(model.blocks), x), (y) => conv(model.weights, name(model.blocks + 1), y));
    return tf.add(head, y);
  });
}

/** The HR branch: features `[1, h, w, F]` to a picture `[1, 4h, 4w, 3]`, which may overshoot 0 to 1. */
export function hrBranch(model: Model, x: tf.Tensor4D): tf.Tensor4D {
  requireGenerator(model);
  const { weights } = model;
  const relu = { activation: "relu" } as const;
  return tf.tidy(() => {
    const twice = (x: tf.Tensor4D, stage: 0 | 1) =>
      model.upsampling === "pixel-shuffle"
        ? convShuffle(weights, `HR_branch.${[0, 3][stage]}`, x, 2, "relu")
        : consume(nearest2(x), (x) => conv(weights, `HR_branch.${[1, 4][stage]}`, x, relu));
    let y = consume(twice(x, 0), (y) => twice(y, 1));
    y = consume(y, (y) => conv(weights, "HR_branch.6", y, relu));
    return conv(weights, "HR_branch.8", y);
  });
}

/**
 * From features after the last block to the picture: trunk end, long skip, HR branch. `features` and `head` are
 * `[1, h, w, F]`, the result is `[1, 4h, 4w, 3]`.
 */
export function upsample(
  model: Model,
  features: tf.Tensor4D,
  head: tf.Tensor4D,
  condition: tf.Tensor4D | undefined,
  modulation = true,
): tf.Tensor4D {
  return consume(trunkEnd(model, features, head, condition, modulation), (x) => hrBranch(model, x));
}

/**
 * The whole network: a picture `[1, h, w, 3]` and, with SFT layers, a prior `[1, 4h, 4w, K]`, to `[1, 4h, 4w, 3]`.
 */
export function generator(model: Model, image: tf.Tensor4D, prior?: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const condition = prior && conditionNet(model, prior);
    const first = head(model, image);
    let x = tf.clone(first);
    for (let i = 0; i < model.blocks; i++) x = consume(x, (x) => residualBlock(model, i, x, condition));
    return upsample(model, x, first, condition);
  });
}

/** SFT layer `name` on features; its result is a tensor of its own. */
type Modulator = (name: string, x: tf.Tensor4D) => tf.Tensor4D;

/** The model's SFT layers under one condition, or the identity where there are none or modulation is off. */
function modulator(model: Model, x: tf.Tensor4D, condition: tf.Tensor4D | undefined, modulation: boolean): Modulator {
  if (model.condition === 0) {
    if (condition) throw new Error(`"${model.name}" is an SRResNet without SFT layers; leave the condition unconnected.`);
    return (_, x) => tf.clone(x);
  }
  if (!modulation) return (_, x) => tf.clone(x);
  if (!condition) throw new Error(`"${model.name}" has SFT layers; connect a condition to it or switch modulation off.`);
  const [, height, width, channels] = condition.shape;
  if (height !== x.shape[1] || width !== x.shape[2]) {
    throw new Error(
      `The condition is ${width} x ${height} and the features ${x.shape[2]} x ${x.shape[1]}; make both from one picture.`,
    );
  }
  if (channels !== model.condition) {
    throw new Error(
      `The condition has ${channels} channels and "${model.name}" takes ${model.condition}; make it with the same model.`,
    );
  }
  return (name, x) => sftLayer(model, name, x, condition);
}
