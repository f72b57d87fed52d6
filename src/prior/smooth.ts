/** A prior smoothed along the edges of the picture it is for. */
import * as tf from "@tensorflow/tfjs-core";
import { type GuidedFilter, guidedFilter, guidedReach } from "../image/guided-filter";
import { greyOf } from "../image/luma";
import { read, sizeOf } from "../image/raster";
import { readScaled } from "../image/scaled";
import type { TiledMap } from "../image/update";
import { sameSize, sizeText } from "../region";
import type { Image, Prior } from "../types";
import { fit } from "./fit";
import { normalised } from "./normalise";

/** Maps of all channels of a tile that the filter holds at once. */
const MAPS = 8;

/**
 * Each channel through the guided filter, at the prior's own resolution; the guide is the picture's luma, resampled to that.
 * Probabilities are scaled to sum 1 again, anything below 0 taken for 0. Throws an error where the prior is for a picture
 * of another size.
 */
export function smoothed(prior: Prior, picture: Image, filter: GuidedFilter): TiledMap {
  const size = sizeOf(prior.map);
  const [wanted, found] = [prior.picture ?? fit(size, undefined, "exact"), sizeOf(picture.rgb)];
  if (!sameSize(wanted, found))
    throw new Error(
      `the prior is for a picture of ${sizeText(wanted)}, and this one has ${sizeText(found)} pixels: connect the picture that the prior was made for`,
    );
  const channels = prior.map.shape[3];
  return {
    tiling: { size, reach: guidedReach(filter), scale: 1, channels, bytesPerPixel: 4 * MAPS * channels },
    compute: (window) =>
      tf.tidy(() => {
        const guide = greyOf(readScaled(picture.rgb, size, window));
        const smooth = guidedFilter(guide, read(prior.map, window), filter);
        return prior.kind === "probabilities" ? normalised(smooth) : smooth;
      }),
  };
}
