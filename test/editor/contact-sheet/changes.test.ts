import { expect, it } from "vitest";
import { sheetChange } from "../../../src/editor/contact-sheet/changes";

const at = { choice: "predicted", left: -1, top: -1, size: 64, regions: "" };
const label = (was: object, is: object) => sheetChange({ ...at, ...was }, { ...at, ...is }, 4)?.label;

it("A choice from the contact sheet is named by what it is and where", () => {
  expect(label({}, { choice: "sky" })).toBe("use sky everywhere");
  expect(label({ choice: "sky" }, { choice: "predicted" })).toBe("use the predicted prior everywhere");
  expect(label({ regions: "1 sky@1,1" }, { choice: "yours", regions: "" })).toBe("use your prior everywhere");
  expect(label({}, { regions: "1 grass@1,2" })).toBe("use grass in one region");
  expect(label({ regions: "1 grass@1,2" }, { regions: "1 yours@1,3" })).toBe("use your prior in one region");
  expect(label({ regions: "1 grass@1,2 sky@2,2" }, { regions: "1 grass@1,2" })).toBe("change the regions");
  expect(label({ regions: "1 grass@1,2" }, { regions: "" })).toBe("use the predicted prior everywhere");
});

it("A crop that is moved on is one step", () => {
  expect(sheetChange(at, { ...at, left: 4 }, 4)).toEqual({ label: "move the crop", merge: "crop 4", cosmetic: false });
});

it("What cannot be read, and what is no choice, is left to others to name", () => {
  expect(label({}, { regions: "nonsense" })).toBe(undefined);
  expect(label({}, { choice: "none" })).toBe(undefined);
  expect(label({}, { choice: "sky", regions: "1 grass@1,2" })).toBe(undefined);
  expect(label({}, { size: 32 })).toBe(undefined);
});
