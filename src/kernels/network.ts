/**
 * A network written down: a plain list of operations with PyTorch's semantics, in the order and under the names of the paper's
 * code. It knows nothing of who runs it; readers of this folder run it, write it to a file, or say what it reaches and costs.
 */

/** What follows an operation, value by value: ReLU, ReLU6 (at most 6), or LeakyReLU of a slope. */
export type Activation = "relu" | "relu6" | { readonly leaky: number };

interface Named {
  /** Names the map it makes. */
  readonly name: string;
  /** Names its weights, where it has some: `LAYER.weight`, `LAYER.bias`. Absent: as the map. */
  readonly layer?: string;
  /** The map it is given. */
  readonly x: string;
}

/** Conv2d; the kernel `[out, in / groups, kh, kw]` says how many groups there are. The bias is optional. */
export interface Conv extends Named {
  readonly op: "conv";
  readonly stride?: number;
  readonly dilation?: number;
  /**
   * Pixels of zeros on every side. Default: what keeps the size at stride 1. "same": as TensorFlow does it, where the sides are
   * multiples of the stride: kernel - stride in all, the larger half at the bottom and right (see `padding`).
   */
  readonly pad?: number | "same";
  /** A map that is added before the activation; one of 1 × 1 pixels is added everywhere. */
  readonly residual?: string;
  readonly activation?: Activation;
}

/** What the two small branches of an SFT layer are like (paper, section 3.2). */
export interface SftBranches {
  /** Of the LeakyReLU inside. */
  readonly slope: number;
  /** Whether γ is one more than the branch gives. */
  readonly unitScale: boolean;
}

/** Spatial feature transform: γ ⊙ x + β, both computed from the condition (`LAYER.SFT_scale_conv0`, …). */
export interface Sft extends Named, SftBranches {
  readonly op: "sft";
  readonly condition: string;
  readonly activation?: Activation;
}

/** γ or β of SFT layer `layer` by itself; `x` is the condition. */
export interface SftMap extends Named, SftBranches {
  readonly op: "sftMap";
  readonly which: "scale" | "shift";
}

export type Operation =
  | Conv
  | Sft
  | SftMap
  /** The activation alone. */
  | (Named & { readonly op: "activate"; readonly activation: Activation })
  /** PixelShuffle: channel `c·r² + i·r + j` of pixel (y, x) becomes channel `c` of pixel (y·r + i, x·r + j). */
  | (Named & { readonly op: "pixelShuffle"; readonly factor: number })
  /** Upsample(scale_factor=2, mode="nearest"). */
  | (Named & { readonly op: "nearest2" })
  /**
   * Bilinear, centres of pixels at half coordinates (align_corners=False), to the size of map `like`, `times` as large each way.
   */
  | (Named & { readonly op: "resizeLike"; readonly like: string; readonly times?: number })
  /** Maps side by side, channel by channel, after `x`. */
  | (Named & { readonly op: "concat"; readonly others: readonly string[] })
  /** Two maps of one shape, or one of them of 1 × 1 pixels. */
  | (Named & { readonly op: "add"; readonly other: string; readonly activation?: Activation })
  /** Red, green and blue, 0 to 1: less their mean, over their deviation; then the other way round where `bgr`. */
  | (Named & { readonly op: "normalise"; readonly mean: Rgb; readonly deviation: Rgb; readonly bgr?: boolean })
  /** MaxPool2d(3, 2, ceil_mode=True). */
  | (Named & { readonly op: "maxPool" })
  /** The mean of the whole map: one pixel. */
  | (Named & { readonly op: "mean" })
  /** ConvTranspose2d(K, K, 2·stride, stride, padding stride / 2, groups K, no bias). */
  | (Named & { readonly op: "upConv"; readonly stride: number })
  /** The last row and column repeated until both sides are multiples of a number. */
  | (Named & { readonly op: "padTo"; readonly multiple: number })
  /** The top left of a map, of the size of map `like`. */
  | (Named & { readonly op: "cropLike"; readonly like: string })
  /** Over the channels. */
  | (Named & { readonly op: "softmax" });

export type Rgb = readonly [number, number, number];

/** A map that a network is given. */
export interface Input {
  readonly channels: number;
  /** Pixels for one of the picture, each way: a prior has 4. */
  readonly scale: number;
  /** Whether it may be of any size of its own, and `scale` is the most it has. */
  readonly own?: boolean;
  /** How a map of another size is resized to it. Absent: linearly. "cubic": by the authors' bicubic, clipped to 0…1. */
  readonly kernel?: "cubic";
}

/** A network, or a stage of one. Every map has one name and is made once; the last operation makes the result. */
export interface Network {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly operations: readonly Operation[];
}

/** Pixels of zeros before and after a side that a kernel of `size` goes over. */
export function padding(
  size: number,
  { stride = 1, dilation = 1, pad }: Partial<Conv>,
): readonly [before: number, after: number] {
  if (pad !== "same") {
    const both = pad ?? (dilation * (size - 1)) / 2;
    return [both, both];
  }
  const missing = Math.max(dilation * (size - 1) + 1 - stride, 0);
  const before = Math.floor(missing / 2);
  return [before, missing - before];
}

/** Names of the maps an operation looks at, without those of which only the size matters. */
export function mapsOf(operation: Operation): string[] {
  const { x } = operation;
  switch (operation.op) {
    case "conv":
      return operation.residual === undefined ? [x] : [x, operation.residual];
    case "sft":
      return [x, operation.condition];
    case "concat":
      return [x, ...operation.others];
    case "add":
      return [x, operation.other];
    default:
      return [x];
  }
}

/** The name of an operation's weights. */
export const layerOf = ({ layer, name }: Operation): string => layer ?? name;

/** The map of which an operation takes the size. */
const sizedLike = (operation: Operation): string | undefined => ("like" in operation ? operation.like : undefined);

/** The name of a network's result. */
export const outputOf = ({ operations }: Network): string => operations.at(-1)!.name;

/** For each operation, the maps that no later one needs. */
export function lastUses({ inputs, operations }: Network): (readonly string[])[] {
  const seen = new Set<string>();
  const result = outputOf({ inputs, operations });
  const uses = [...operations].reverse().map((operation) => {
    const like = sizedLike(operation);
    const found = new Set([...mapsOf(operation), ...(like === undefined ? [] : [like])]);
    const last = [...found].filter((name) => !seen.has(name) && name !== result);
    for (const name of last) seen.add(name);
    return last;
  });
  return uses.reverse();
}

/**
 * `outer` with `inner` computed in place of its input `input`: one network of both, of the same weights. Maps of the inner one
 * get names that begin with `prefix`; its inputs are called as `names` says.
 */
export function compose(
  outer: Network,
  input: string,
  inner: Network,
  prefix: string,
  names: Readonly<Record<string, string>> = {},
): Network {
  const within = (name: string) => (name in inner.inputs ? (names[name] ?? name) : prefix + name);
  const result = within(outputOf(inner));
  const { [input]: _, ...others } = outer.inputs;
  return {
    inputs: { ...Object.fromEntries(Object.entries(inner.inputs).map(([name, of]) => [within(name), of])), ...others },
    operations: [
      ...inner.operations.map((operation) => renamed(operation, within)),
      ...outer.operations.map((operation) => renamed(operation, (name) => (name === input ? result : name))),
    ],
  };
}

/** An operation on other maps; its weights stay. */
function renamed(operation: Operation, to: (name: string) => string): Operation {
  const named = { ...operation, layer: layerOf(operation), name: to(operation.name), x: to(operation.x) };
  switch (named.op) {
    case "conv":
      return named.residual === undefined ? named : { ...named, residual: to(named.residual) };
    case "sft":
      return { ...named, condition: to(named.condition) };
    case "concat":
      return { ...named, others: named.others.map(to) };
    case "add":
      return { ...named, other: to(named.other) };
    case "resizeLike":
    case "cropLike":
      return { ...named, like: to(named.like) };
    default:
      return named;
  }
}
