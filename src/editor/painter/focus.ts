/** Which part of the result is computed first while a stroke is drawn. */
import { type Region, SCALE, type Size } from "../../types";
import type { Spot } from "../viewer/tool";

/** Sides of the part, in low-resolution pixels: the first that holds the brush. Few, as shaders are compiled for each size. */
const SIDES = [32, 64] as const;
/** The part of a result, four times as large as the picture, around a place of it. Lies on whole low-resolution pixels. */
export function partAround({ x, y }: Spot, { height, width }: Size, brush: number): Region {
  const side = SIDES.find((side) => brush <= side) ?? SIDES.at(-1)!;
  const from = (at: number, length: number, own: number) =>
    Math.max(0, Math.min(Math.round(length) - own, Math.round(at * length - own / 2)));
  const [tall, wide] = [Math.min(side, Math.round(height)), Math.min(side, Math.round(width))];
  return {
    top: SCALE * from(y, height, tall),
    left: SCALE * from(x, width, wide),
    height: SCALE * tall,
    width: SCALE * wide,
  };
}
