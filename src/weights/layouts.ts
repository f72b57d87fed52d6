/**
 * The tensors each network has, by their names and shapes in PyTorch (OIHW), for given sizes. Sources: the authors'
 * pytorch_test/architectures.py, and training/lite0.py for the package's own segmentation network.
 */

/** Tensor names and shapes, in the network's order. */
export type Layout = readonly (readonly [name: string, shape: readonly number[]])[];

export interface GeneratorSizes {
  readonly features: number;
  readonly blocks: number;
  readonly upsampling: "pixel-shuffle" | "nearest";
  /** Absent: a plain SRResNet. */
  readonly sft?: {
    /** Channels of the condition. */
    readonly condition: number;
    /** Channels of the prior. */
    readonly classes: number;
    /** Channels between the convolutions of the condition network, and of an SFT layer. */
    readonly conditionHidden: number;
    readonly layerHidden: number;
  };
  /** The convolution at the end of the trunk; see `trunkEnd`. */
  readonly end: string;
}

/** The trunk's last convolution: the SFT layer before it has the number in between, which a plain net leaves out. */
export const trunkEnd = (blocks: number): string => `sft_branch.${blocks + 1}`;

/** The convolutions of the upsampling, in order. */
const HR_BRANCH = {
  "pixel-shuffle": ["HR_branch.0", "HR_branch.3", "HR_branch.6", "HR_branch.8"],
  nearest: ["HR_branch.1", "HR_branch.4", "HR_branch.6", "HR_branch.8"],
} as const;

export function generatorLayout({ features, blocks, upsampling, sft, end }: GeneratorSizes): Layout {
  const sftLayer = (name: string): Layout =>
    sft
      ? ["scale", "shift"].flatMap((part) => [
          ...conv(`${name}.SFT_${part}_conv0`, sft.condition, sft.layerHidden, 1),
          ...conv(`${name}.SFT_${part}_conv1`, sft.layerHidden, features, 1),
        ])
      : [];
  const block = (name: string): Layout => [
    ...sftLayer(`${name}.sft0`),
    ...conv(`${name}.conv0`, features, features, 3),
    ...sftLayer(`${name}.sft1`),
    ...conv(`${name}.conv1`, features, features, 3),
  ];
  const [first, second, third, last] = HR_BRANCH[upsampling];
  const widened = upsampling === "pixel-shuffle" ? 4 * features : features;
  return [
    ...conv("conv0", 3, features, 3),
    ...Array.from({ length: blocks }, (_, i) => block(`sft_branch.${i}`)).flat(),
    ...sftLayer(`sft_branch.${blocks}`),
    ...conv(end, features, features, 3),
    ...conv(first, features, widened, 3),
    ...conv(second, features, widened, 3),
    ...conv(third, features, features, 3),
    ...conv(last, features, 3, 3),
    ...(sft ? conditionNet(sft.classes, sft.conditionHidden, sft.condition) : []),
  ];
}

const conditionNet = (classes: number, hidden: number, condition: number): Layout => [
  ...conv("CondNet.0", classes, hidden, 4),
  ...["CondNet.2", "CondNet.4", "CondNet.6"].flatMap((name) => conv(name, hidden, hidden, 1)),
  ...conv("CondNet.8", hidden, condition, 1),
];

/** EfficientNet-Lite0's blocks but for the last three: the depth-wise kernel's side and stride, and what the width inside is. */
export const SEGMENTER_BLOCKS: readonly { readonly side: number; readonly stride: number; readonly wider: number }[] = [
  { side: 3, stride: 1, wider: 1 },
  ...[
    [3, 2],
    [3, 1],
    [5, 2],
    [5, 1],
    [3, 2],
    [3, 1],
    [3, 1],
    [5, 1],
    [5, 1],
    [5, 1],
    [5, 2],
    [5, 1],
  ].map(([side, stride]) => ({
    side: side!,
    stride: stride!,
    wider: 6,
  })),
];
/** The blocks whose results the decoder looks at: the last ones at 1/4, 1/8, 1/16 and 1/32. */
export const SEGMENTER_TAPS = [2, 4, 10, 12] as const;

export interface SegmenterSizes {
  readonly stem: number;
  /** After each block. */
  readonly widths: readonly number[];
  /** Of the way back up. */
  readonly merged: number;
  readonly classes: number;
}

export function segmenterLayout({ stem, widths, merged, classes }: SegmenterSizes): Layout {
  const block = ({ side, wider }: (typeof SEGMENTER_BLOCKS)[number], i: number): Layout => {
    const [from, to] = [widths[i - 1] ?? stem, widths[i]!];
    const inside = from * wider;
    const name = `encoder._blocks.${i}`;
    return [
      ...(wider === 1 ? [] : conv(`${name}._expand_conv`, from, inside, 1)),
      [`${name}._depthwise_conv.weight`, [inside, 1, side, side]],
      [`${name}._depthwise_conv.bias`, [inside]],
      ...conv(`${name}._project_conv`, inside, to, 1),
    ];
  };
  return [
    ...conv("encoder._conv_stem", 3, stem, 3),
    ...SEGMENTER_BLOCKS.flatMap(block),
    ...SEGMENTER_TAPS.flatMap((tap, i) => conv(`across.${i}`, widths[tap]!, merged, 1)),
    ...conv("whole", widths.at(-1)!, merged, 1),
    ...["f16", "f8", "f4"].flatMap((name) => conv(name, merged, merged, 3)),
    ...conv("out", merged, classes, 1),
  ];
}

export interface OutdoorSceneSegSizes {
  /** After `feature.0`, `feature.3` and `feature.6`. */
  readonly stem: readonly [number, number, number];
  /** Of the four stages of bottlenecks: inside, and after. */
  readonly stages: readonly (readonly [inside: number, after: number])[];
  readonly neck: number;
  readonly classes: number;
}

/** The numbers of the first bottleneck and of the one past the last, stage by stage. */
export const BOTTLENECKS = [
  [10, 13],
  [13, 17],
  [17, 40],
  [40, 43],
] as const;

export function outdoorSceneSegLayout({ stem, stages, neck, classes }: OutdoorSceneSegSizes): Layout {
  const layout = [
    ...normalised("feature.0", "feature.1", 3, stem[0], 3),
    ...normalised("feature.3", "feature.4", stem[0], stem[1], 3),
    ...normalised("feature.6", "feature.7", stem[1], stem[2], 3),
  ];
  let width = stem[2];
  BOTTLENECKS.forEach(([from, to], stage) => {
    const [inside, after] = stages[stage]!;
    for (let i = from; i < to; i++) {
      const name = `feature.${i}`;
      layout.push(...normalised(`${name}.res.0`, `${name}.res.1`, width, inside, 1));
      layout.push(...normalised(`${name}.res.3`, `${name}.res.4`, inside, inside, 3));
      layout.push(...normalised(`${name}.res.6`, `${name}.res.7`, inside, after, 1));
      if (width !== after) layout.push(...normalised(`${name}.proj.0`, `${name}.proj.1`, width, after, 1));
      width = after;
    }
  });
  return [
    ...layout,
    ...normalised("feature.43", "feature.44", width, neck, 3),
    ...conv("feature.47", neck, classes, 1),
    ["deconv.weight", [classes, 1, 16, 16]],
  ];
}

const conv = (name: string, from: number, to: number, size: number): Layout => [
  [`${name}.weight`, [to, from, size, size]],
  [`${name}.bias`, [to]],
];

/** A convolution without bias and the batch norm after it. */
const normalised = (name: string, norm: string, from: number, to: number, size: number): Layout => [
  [`${name}.weight`, [to, from, size, size]],
  ...["weight", "bias", "running_mean", "running_var"].map((part) => [`${norm}.${part}`, [to]] as const),
];
