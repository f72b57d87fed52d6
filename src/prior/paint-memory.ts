/** Whether a map can be painted on, said before anything is computed. */

import { sameSize, sizeText } from "../region";
import { CLASSES, type Size } from "../types";
import type { Grid } from "./stroke-mask";

/** Maps of all places that painting holds at once: the last, the next, and two on the way. */
const MAPS = 4;

/**
 * Throws an error where painting needs more than `budget` bytes, with what to do. What a fill reaches is known from the
 * whole map only, so it is not painted in tiles. `own` is the resolution of the prior that is painted on.
 */
export function checkMemory({ picture, map }: Grid, own: Size, budget: number): void {
  const bytes = MAPS * CLASSES.length * 4 * map.height * map.width;
  if (bytes <= budget) return;
  const factor = Math.sqrt(budget / bytes);
  const most = ({ height, width }: Size) =>
    sizeText({ height: Math.max(1, Math.floor(factor * height)), width: Math.max(1, Math.floor(factor * width)) });
  const finer = sameSize(own, map) && !sameSize(own, picture) && factor * own.height >= picture.height;
  const remedy = finer
    ? `resize the prior to at most ${most(own)} places`
    : `crop the picture to ${most(picture)} pixels or less`;
  const gigabytes = (count: number) => `${(count / 2 ** 30).toFixed(2)} GB`;
  throw new Error(
    `painting on ${sizeText(map)} places needs ${gigabytes(bytes)}, and at most ${gigabytes(budget)} are allowed: ${remedy}`,
  );
}
