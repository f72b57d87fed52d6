/** Cells of a contact sheet in one picture. */
import * as tf from "@tensorflow/tfjs-core";
import { read } from "../image/raster";
import { whole } from "../region";
import type { Raster, Size } from "../types";
import { COLUMNS, GAP, ROWS } from "./contact-sheet";

/** What lies between cells, and where there is none: a grey that no result is. */
const GROUND = 0.12;

/**
 * Cells `[1, h, w, 3]`, all of `size`, row by row in a grid as `sheetSize` says; undefined leaves a place empty. The caller
 * owns the result.
 */
export function assemble(cells: readonly (Raster | undefined)[], size: Size): tf.Tensor4D {
  return tf.tidy(() => {
    const ground = (height: number, width: number) => tf.fill([1, height, width, 3], GROUND) as tf.Tensor4D;
    const row = (from: number): tf.Tensor4D => {
      const parts = cells.slice(from, from + COLUMNS).flatMap((cell, i) => {
        const shown = cell ? read(cell, whole(size)) : ground(size.height, size.width);
        return i === 0 ? [shown] : [ground(size.height, GAP), shown];
      });
      return tf.concat(parts, 2);
    };
    const rows = Array.from({ length: ROWS }, (_, i) => row(i * COLUMNS));
    const between = () => ground(GAP, rows[0]!.shape[2]);
    return tf.concat(
      rows.flatMap((one, i) => (i === 0 ? [one] : [between(), one])),
      1,
    );
  });
}
