/** Two priors in one, by weight or by mask. */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../image/raster";
import { readScaled } from "../image/scaled";
import type { TiledMap } from "../image/update";
import { sameSize, sizeText } from "../region";
import type { Image, Prior, Size } from "../types";
import { fit } from "./fit";
import { normalised } from "./normalise";

/**
 * Mixes the maps `a` and `b`, both `[1, H, W, K]`: `share` is how much of the mixture is `b`, 0 to 1, for all or as a mask
 * `[1, H, W, 1]`, clipped to that range. The caller owns the result. Throws an error where shapes differ.
 */
function mixMaps(a: tf.Tensor4D, b: tf.Tensor4D, share: number | tf.Tensor4D): tf.Tensor4D {
  const [, height, width, channels] = a.shape;
  if (channels !== b.shape[3]) {
    throw new Error(`a prior of ${channels} channels cannot be mixed with one of ${b.shape[3]}: give two with the same channels`);
  }
  if (height !== b.shape[1] || width !== b.shape[2]) {
    throw new Error(
      `a prior of ${width} × ${height} places cannot be mixed with one of ${b.shape[2]} × ${b.shape[1]}: resize one to the other's size`,
    );
  }
  if (typeof share === "number") {
    if (!(share >= 0 && share <= 1)) throw new Error(`priors cannot be mixed by a weight of ${share}: give 0 to 1`);
  } else if (share.shape[1] !== height || share.shape[2] !== width || share.shape[3] !== 1) {
    throw new Error(
      `a mask of ${share.shape[2]} × ${share.shape[1]} places and ${share.shape[3]} channels cannot mix priors of ` +
        `${width} × ${height}: give one channel at that size`,
    );
  }
  return tf.tidy(() => {
    const part = typeof share === "number" ? share : tf.clipByValue(share, 0, 1);
    return tf.add(tf.mul(a, tf.sub(1, part)), tf.mul(b, part));
  });
}

/**
 * Mixes probabilities as `mixMaps` does; each place is then scaled to sum 1, and where both maps are empty, all channels are
 * equally probable.
 */
export const mixPriors = (a: tf.Tensor4D, b: tf.Tensor4D, share: number | tf.Tensor4D): tf.Tensor4D =>
  tf.tidy(() => normalised(mixMaps(a, b, share)));

/**
 * The mixture of two priors at the finer of their resolutions, `weight` of it the second, as far as the mask (its channels'
 * mean, stretched to the prior) is white. Probabilities where both are. Throws an error where they are for pictures of two
 * sizes.
 */
export function mixture(
  a: Prior,
  b: Prior,
  mask: Image | undefined,
  weight: number,
): Omit<Prior, "map"> & { readonly map: TiledMap } {
  const [picture, other] = [a, b].map((p) => p.picture ?? fit(sizeOf(p.map), undefined, "exact")) as [Size, Size];
  if (!sameSize(picture, other))
    throw new Error(
      `the first prior is for a picture of ${sizeText(picture)}, the second for one of ${sizeText(other)}: give two for the same picture`,
    );
  const [one, two] = [sizeOf(a.map), sizeOf(b.map)];
  const size = one.height * one.width >= two.height * two.width ? one : two;
  const kind = a.kind === "probabilities" && b.kind === "probabilities" ? "probabilities" : "map";
  const mix = kind === "probabilities" ? mixPriors : mixMaps;
  const channels = a.map.shape[3];
  return {
    picture,
    kind,
    channels: a.channels,
    map: {
      tiling: { size, reach: 0, scale: 1, channels, bytesPerPixel: 4 * (7 * channels + 8) },
      compute: (window) =>
        tf.tidy(() => {
          const read = (prior: Prior) => readScaled(prior.map, size, window);
          const share = mask ? tf.mul<tf.Tensor4D>(tf.mean(readScaled(mask.rgb, size, window), 3, true), weight) : weight;
          return mix(read(a), read(b), share);
        }),
    },
  };
}
