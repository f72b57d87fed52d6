/** Whether a map of a prior fits the picture it is for, and what to do where it does not. */
import { SCALE, type Size } from "../types";
import { sameSize, sizeText } from "./raster";

export const FITS = ["exact", "resize"] as const;
export type Fit = (typeof FITS)[number];

/**
 * The low-resolution picture a map of size `map` belongs to. "exact": the map is four times the picture's size, each way;
 * "resize": it is stretched to it, which the condition net does as it reads. Throws a sentence where an exact map does not fit.
 */
export function fit(map: Size, picture: Size | undefined, how: Fit): Size {
  if (picture === undefined) {
    if (map.height % SCALE === 0 && map.width % SCALE === 0) return { height: map.height / SCALE, width: map.width / SCALE };
    throw new Error(
      `the map has ${sizeText(map)} places, not a multiple of ${SCALE} each way: connect the picture it is for, and choose fit "resize"`,
    );
  }
  const wanted = { height: SCALE * picture.height, width: SCALE * picture.width };
  if (how === "exact" && !sameSize(map, wanted))
    throw new Error(
      `the map has ${sizeText(map)} places, but the picture of ${sizeText(picture)} needs ${sizeText(wanted)}: give such a map, or choose fit "resize"`,
    );
  return picture;
}
