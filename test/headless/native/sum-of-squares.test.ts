/** Whether a map can be computed with, by one number. */
import onnx from "onnxruntime-node";
import { expect, it } from "vitest";
import { openSumOfSquares } from "../../../src/headless/native/sum-of-squares";

it("is the sum of the squares, and no finite number where a sample is none, or its square", async () => {
  const sum = await openSumOfSquares(onnx, 1);
  expect(await sum(Float32Array.of(1, -2, 3))).toBe(14);
  expect(await sum(Float32Array.from({ length: 5000 }, () => 2))).toBe(20_000);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e20])
    expect(await sum(Float32Array.of(0, value, 0))).not.toBeLessThan(3.4e38);
});
