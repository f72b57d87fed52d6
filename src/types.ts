/**
 * The vocabulary: the values that flow between nodes. What has no tensors in it is in plain-types.ts. Tensors are float32 and NHWC, one picture at
 * a time. A value owns the tensors in it; whoever is handed a value borrows them.
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { Legend } from "./plain-types";
import type { Region, Size } from "./region";

export * from "./plain-types";
export type { Region, Size };

/**
 * A map `[1, h, w, c]` that is not one tensor: kept in host memory, or computed region by region when asked. Pictures too
 * large for the GPU travel in this form.
 */
export interface Regional extends Resource {
  readonly shape: readonly [1, number, number, number];
  /** The region as a tensor `[1, height, width, c]` that the caller owns. Synchronous, so it may be called in `tf.tidy`. */
  read(region: Region): tf.Tensor4D;
}

/** A map `[1, h, w, c]` in either form. `read` in src/image/raster.ts takes a region of it. */
export type Raster = tf.Tensor4D | Regional;

/** A picture: sRGB-encoded, nominally 0 to 1 and free to overshoot; clipped only where shown, measured or encoded. */
export interface Image {
  /** `[1, h, w, 3]` */
  readonly rgb: Raster;
  /**
   * Opacity `[1, h, w, 1]`, 0 to 1. Colours are not multiplied by it; where it is 0 they go on from the visible ones, so that
   * whoever looks at a pixel's neighbours sees no edge. Absent: opaque.
   */
  readonly alpha?: Raster;
  /** Whether the three channels are equal everywhere, where its maker knows. Whoever changes colours leaves it out. */
  readonly grey?: boolean;
  /** What the colours stand for. Whoever changes them leaves it out. */
  readonly legend?: Legend;
}

/** What each place shows, as the condition network takes it in. */
export interface Prior {
  /** `[1, H, W, K]`, at a resolution of its own. */
  readonly map: Raster;
  /** A name for each of the K channels. */
  readonly channels: readonly string[];
  /** "probabilities" sum to 1 over the channels; a "map" is anything else. */
  readonly kind: "probabilities" | "map";
  /** The low-resolution picture the prior belongs to. Absent: the map is at four times that size. */
  readonly picture?: Size;
}

/** The condition network's output `[1, h, w, C]`, at the size of the low-resolution picture. */
export interface Condition {
  readonly map: Raster;
}

/** Where a picture is in the trunk. */
export interface Features {
  /** `[1, h, w, F]` */
  readonly map: Raster;
  /** The head's output `[1, h, w, F]`, for the long skip. */
  readonly head: Raster;
  /** Residual blocks passed so far. */
  readonly blocks: number;
  /** The low-resolution picture is grey, all of it, and so is what is made of it to be. */
  readonly grey?: boolean;
  /** The low-resolution picture's opacity `[1, h, w, 1]`, on its way to be enlarged. */
  readonly alpha?: Raster;
}

/** Row-major float32 values in host memory. `data` may be shared between tensors: read it, do not write it. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What is there until it is disposed: what results are made of, and what they compute from. */
export interface Resource {
  /** Bytes of its own, wherever they lie. */
  readonly bytes: number;
  readonly sources: readonly (tf.Tensor | Resource)[];
  dispose(): void;
}

/** A network's weights in host memory, and what its readers have made of them for their devices. */
export interface Weights extends Resource {
  /** Under the names of the PyTorch checkpoint and in its layout: convolution kernels are `[out, in / groups, kh, kw]`. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
  /** Whether they belong to somebody else than the results they are in, such as the weights that ship with the package. */
  kept: boolean;
  /** Readers' own copies, by names that tell readers apart. Disposed with the weights. */
  readonly copies: Map<string, { dispose(): void }>;
}

/**
 * What a checkpoint was found to be. `sft-net` is the layout of `SFTGAN_noBN_OST_bg.pth`, `sft-net-torch` that of
 * `SFTGAN_torch.pth`, `srresnet` either of them without SFT layers and condition net (`upsampling` then tells which),
 * `segmenter` our small segmentation network, `outdoor-scene-seg` the official `segmentation_OST_bic.pth`.
 */
export type Architecture = "sft-net" | "sft-net-torch" | "srresnet" | "segmenter" | "outdoor-scene-seg";

export interface Model {
  readonly weights: Weights;
  readonly architecture: Architecture;
  /** SHA-256 of the file, lower-case hex. */
  readonly hash: string;
  /** The file's name. */
  readonly name: string;
  /** Generators only: features F, residual blocks, condition channels C (0 without SFT) and prior channels K (0 without). */
  readonly features: number;
  readonly blocks: number;
  readonly condition: number;
  readonly classes: number;
  /** Generators only: how the picture is enlarged. */
  readonly upsampling: "pixel-shuffle" | "nearest";
  /** The file's own metadata, such as the provenance of the weights. */
  readonly metadata: Readonly<Record<string, string>>;
}
