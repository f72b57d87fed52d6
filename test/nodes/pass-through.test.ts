import { expect, it } from "vitest";
import compare from "../../nodes/compare";
import number from "../../nodes/number";
import preview from "../../nodes/preview";
import text from "../../nodes/text";
import { imageOf, noise, runNode } from "../support";

it("Preview hands its picture on, and runs unasked", async () => {
  const image = imageOf(noise([1, 2, 3, 3]));
  expect((await runNode(preview, { image })).image).toBe(image);
  expect(preview.sink).toBe("always");
});

it("Compare hands both pictures on, of whatever sizes, and runs unasked", async () => {
  const [before, after] = [imageOf(noise([1, 2, 3, 3])), imageOf(noise([1, 8, 12, 3]))];
  const result = await runNode(compare, { before, after });
  expect([result.before, result.after]).toEqual([before, after]);
  expect(compare.sink).toBe("always");
});

it("Number gives its number", async () => {
  expect(await runNode(number, {}, { value: 2.5 })).toEqual({ value: 2.5 });
  expect(await runNode(number, {})).toEqual({ value: 0 });
});

it("Text gives its text", async () => {
  expect(await runNode(text, {}, { value: "<b>sky</b>" })).toEqual({ value: "<b>sky</b>" });
});
