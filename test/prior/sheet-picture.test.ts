import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { read, sizeOf } from "../../src/image/raster";
import { CELLS, cellRegion, sheetSize } from "../../src/prior/contact-sheet";
import { assemble } from "../../src/prior/sheet-picture";
import { expectClose, noise } from "../support";

it("A sheet has every cell in its place, and grey where there is none", async () => {
  const size = { height: 3, width: 5 };
  const cells = CELLS.map((cell, i) => (cell === "yours" ? undefined : noise([1, 3, 5, 3], i + 1)));
  const before = tf.memory().numTensors;
  const sheet = assemble(cells, size);
  expect(tf.memory().numTensors - before).toBe(1);
  expect(sizeOf(sheet)).toEqual(sheetSize(size));
  for (const [i, cell] of cells.entries())
    await expectClose(read(sheet, cellRegion(i, size)), cell ?? tf.fill([1, 3, 5, 3], 0.12), 1e-6);
});
