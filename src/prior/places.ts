/** How fine the map of a prior is that people change by hand. */
import { SCALE, type Size } from "../types";

/** A map of more places is kept at the picture's own resolution. */
const MOST_PLACES = 2 ** 22;

/** The prior's own resolution where that is at least the picture's, else as much finer than the picture as is sensible. */
export function placesFor(picture: Size, own: Size): Size {
  if (own.height >= picture.height && own.width >= picture.width) return own;
  const times = [SCALE, 2].find((scale) => scale * scale * picture.height * picture.width <= MOST_PLACES) ?? 1;
  return { height: times * picture.height, width: times * picture.width };
}
