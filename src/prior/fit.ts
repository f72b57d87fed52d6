/** Whether a map of a prior fits the picture it is for, and what to do where it does not. */

import { sizeOf } from "../image/raster";
import { sameSize, scaledSize, sizeText } from "../region";
import { type Prior, SCALE, type Size } from "../types";

/** The remedy that messages here name, for whoever has another one. */
export const STRETCH = 'choose fit "resize"';

export const FITS = ["exact", "resize"] as const;
export type Fit = (typeof FITS)[number];

/**
 * The low-resolution picture a map of size `map` belongs to. "exact": the map is four times the picture's size, each way;
 * "resize": it is stretched to it, which the condition net does as it reads. Throws an error where an exact map does not fit.
 */
export function fit(map: Size, picture: Size | undefined, how: Fit): Size {
  if (picture === undefined) {
    if (map.height % SCALE === 0 && map.width % SCALE === 0) return { height: map.height / SCALE, width: map.width / SCALE };
    throw new Error(
      `the map has ${sizeText(map)} places, not a multiple of ${SCALE} each way: connect the picture it is for, and ${STRETCH}`,
    );
  }
  const wanted = scaledSize(picture, SCALE);
  if (how === "exact" && !sameSize(map, wanted))
    throw new Error(
      `the map has ${sizeText(map)} places, but the picture of ${sizeText(picture)} needs ${sizeText(wanted)}: give such a map, or ${STRETCH}`,
    );
  return picture;
}

/**
 * Checks a picture that is laid over priors, such as a mask. "exact": it has the size of their picture, four times that, or a
 * pixel for each place of one of them; "resize": it is stretched to them, or they to it. Throws an error that calls it `what`.
 */
export function requireOverlay(what: string, found: Size, priors: readonly Prior[], how: Fit): void {
  if (how === "resize") return;
  const own = priors.map(({ map }) => sizeOf(map));
  const picture = priors.find((prior) => prior.picture)?.picture;
  const enlarged = picture && scaledSize(picture, SCALE);
  const fitting = [...(picture && enlarged ? [picture, enlarged] : own.flatMap(quarterOf)), ...own];
  if (fitting.some((size) => sameSize(size, found))) return;
  const belongs = picture
    ? `the prior is for a picture of ${sizeText(picture)}`
    : `the prior has ${[...new Set(own.map(sizeText))].join(" and ")} places`;
  throw new Error(
    `the ${what} has ${sizeText(found)} pixels, but ${belongs}: give one of that size${picture ? ` or of ${sizeText(enlarged!)}` : ""}, or ${STRETCH}`,
  );
}

const quarterOf = ({ height, width }: Size): Size[] =>
  height % SCALE || width % SCALE ? [] : [{ height: height / SCALE, width: width / SCALE }];
