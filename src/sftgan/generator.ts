/**
 * The SFT-GAN generator in the order and with the names of the paper (Wang et al., "Recovering Realistic Texture in Image
 * Super-resolution by Deep Spatial Feature Transform", CVPR 2018): condition network, head, SFT layers in residual blocks,
 * trunk end with the long skip, upsampling. Each stage is a list of operations, in whichever sizes the weights have.
 *
 * Checked against the authors' SFT_Net and SFT_Net_torch (SFTGAN, pytorch_test/architectures.py).
 */
import type { Activation, Conv, Input, Network, Operation, SftBranches } from "../kernels/network";
import { type Model, SCALE } from "../types";
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

/** The names of maps that stages hand on. */
type Names = { readonly features?: string; readonly head?: string; readonly condition?: string };

const picture: Input = { channels: 3, scale: 1 };
const features = (model: Model): Input => ({ channels: model.features, scale: 1 });
const prior = (model: Model): Input => ({ channels: model.classes, scale: SCALE });
const condition = (model: Model): Input => ({ channels: model.condition, scale: 1 });

const conv = (name: string, x: string, more: Partial<Conv> = {}): Conv => ({ op: "conv", name, x, ...more });

/** Whether the stage modulates: there are SFT layers, and they are not switched off. */
const steered = (model: Model, modulation: boolean) => modulation && model.condition > 0;

/** `[1, 4h, 4w, K]` to the condition `[1, h, w, C]` that all SFT layers share. Neighbouring places never mix. */
export function conditionNet(model: Model): Network {
  requireCondition(model);
  return { inputs: { prior: prior(model) }, operations: conditionLayers("prior") };
}

function conditionLayers(prior: string): Operation[] {
  const activation = { leaky: CONDITION_SLOPE };
  return [
    conv("CondNet.0", prior, { stride: SCALE, pad: 0, activation }),
    conv("CondNet.2", "CondNet.0", { activation }),
    conv("CondNet.4", "CondNet.2", { activation }),
    conv("CondNet.6", "CondNet.4", { activation }),
    conv("CondNet.8", "CondNet.6"),
  ];
}

/** The first convolution: a picture `[1, h, w, 3]` to features `[1, h, w, F]`. */
export function head(model: Model): Network {
  requireGenerator(model);
  return { inputs: { image: picture }, operations: [conv("conv0", "image")] };
}

const branches = (model: Model): SftBranches => {
  const { slope, unitScale } = VARIANTS[model.upsampling];
  return { slope, unitScale };
};

/** What SFT layer `layer` multiplies features by ("scale", γ) or adds to them ("shift", β), from the condition. */
export function sftMap(model: Model, layer: string, which: "scale" | "shift"): Network {
  requireCondition(model);
  const map = { op: "sftMap", name: `${layer}.${which}`, layer, x: "condition", which, ...branches(model) } as const;
  return { inputs: { condition: condition(model) }, operations: [map] };
}

/**
 * Residual blocks `from` (counted in the model, from 0) up to `until`: features `[1, h, w, F]` and the condition to features.
 * With `modulation` off SFT layers pass features through (γ 1, β 0), which is outside what the network was trained on. Throws
 * where the model has no such block.
 */
export function residualBlocks(model: Model, from: number, until: number, modulation = true): Network {
  requireGenerator(model);
  if (!(Number.isInteger(from) && Number.isInteger(until) && from >= 0 && from < until && until <= model.blocks)) {
    throw new Error(
      `"${model.name}" has ${model.blocks} residual blocks and block ${until} was asked for; use ${model.blocks} at most.`,
    );
  }
  return {
    inputs: { features: features(model), ...(steered(model, modulation) && { condition: condition(model) }) },
    operations: blockLayers(model, from, until, modulation, {}),
  };
}

function blockLayers(model: Model, from: number, until: number, modulation: boolean, names: Names): Operation[] {
  const operations: Operation[] = [];
  const add = (operation: Operation) => (operations.push(operation), operation.name);
  const steer = steering(model, modulation, names, add);
  const activation = VARIANTS[model.upsampling].relu === "after conv0" ? ({ activation: "relu" } as const) : {};
  let x = names.features ?? "features";
  for (let index = from; index < until; index++) {
    const block = `sft_branch.${index}`;
    const first = add(conv(`${block}.conv0`, steer(`${block}.sft0`, x), activation));
    x = add(conv(`${block}.conv1`, steer(`${block}.sft1`, first), { residual: x }));
  }
  return operations;
}

/** What puts an SFT layer on a map, or leaves it out, with the ReLU that one variant has after it; gives the new map's name. */
function steering(model: Model, modulation: boolean, { condition = "condition" }: Names, add: (o: Operation) => string) {
  const after: { readonly activation?: Activation } =
    VARIANTS[model.upsampling].relu === "before each conv" ? { activation: "relu" } : {};
  return (name: string, x: string): string => {
    if (steered(model, modulation)) return add({ op: "sft", name, x, condition, ...branches(model), ...after });
    return after.activation ? add({ op: "activate", name, x, activation: after.activation }) : x;
  };
}

/** The trunk's last SFT layer and convolution, then the long skip from the head's output: all `[1, h, w, F]`. */
function endLayers(model: Model, modulation: boolean, names: Names): Operation[] {
  const operations: Operation[] = [];
  const add = (operation: Operation) => (operations.push(operation), operation.name);
  // The last SFT layer has no ReLU after it in either variant.
  const { features: x = "features", head = "head", condition = "condition" } = names;
  const name = `sft_branch.${model.blocks}`;
  const end = steered(model, modulation) ? add({ op: "sft", name, x, condition, ...branches(model) }) : x;
  add(conv(`sft_branch.${model.blocks + 1}`, end, { residual: head }));
  return operations;
}

/** The HR branch, to a picture that may overshoot 0 to 1. Its numbers are those of the authors' list of layers. */
function hrLayers(model: Model): Operation[] {
  const activation = "relu" as const;
  const start = `sft_branch.${model.blocks + 1}`;
  const twice: Operation[] =
    model.upsampling === "pixel-shuffle"
      ? [
          conv("HR_branch.0", start, { activation }),
          { op: "pixelShuffle", name: "HR_branch.1", x: "HR_branch.0", factor: 2 },
          conv("HR_branch.3", "HR_branch.1", { activation }),
          { op: "pixelShuffle", name: "HR_branch.4", x: "HR_branch.3", factor: 2 },
        ]
      : [
          { op: "nearest2", name: "HR_branch.0", x: start },
          conv("HR_branch.1", "HR_branch.0", { activation }),
          { op: "nearest2", name: "HR_branch.3", x: "HR_branch.1" },
          conv("HR_branch.4", "HR_branch.3", { activation }),
        ];
  return [...twice, conv("HR_branch.6", "HR_branch.4", { activation }), conv("HR_branch.8", "HR_branch.6")];
}

/**
 * From features after the last block, the head's output and the condition to the picture `[1, 4h, 4w, 3]`: trunk end, long
 * skip, HR branch.
 */
export function upsample(model: Model, modulation = true): Network {
  requireGenerator(model);
  return {
    inputs: {
      features: features(model),
      head: features(model),
      ...(steered(model, modulation) && { condition: condition(model) }),
    },
    operations: [...endLayers(model, modulation, {}), ...hrLayers(model)],
  };
}

/** The whole network: a picture `[1, h, w, 3]` and, with SFT layers, a prior `[1, 4h, 4w, K]`, to `[1, 4h, 4w, 3]`. */
export function generator(model: Model): Network {
  requireGenerator(model);
  const names = { features: "conv0", head: "conv0", condition: "CondNet.8" };
  const end = { ...names, features: `sft_branch.${model.blocks - 1}.conv1` };
  return {
    inputs: { image: picture, ...(model.condition > 0 && { prior: prior(model) }) },
    operations: [
      ...(model.condition > 0 ? conditionLayers("prior") : []),
      conv("conv0", "image"),
      ...blockLayers(model, 0, model.blocks, true, names),
      ...endLayers(model, true, end),
      ...hrLayers(model),
    ],
  };
}
