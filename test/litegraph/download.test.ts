import { expect, it } from "vitest";
import { fileName, pictureName } from "../../src/litegraph/download";

it.each([
  ["picture", "image/png", "picture.png"],
  ["a/b\\c:d", "image/jpeg", "a b c d.jpg"],
  ["photo.png", "image/webp", "photo.webp"],
  ["..", "image/png", "picture.png"],
  ["", "image/png", "picture.png"],
  ["<b>\u0000", "image/png", "b.png"],
] as const)("names the download of %j as %s %s", (title, type, name) => expect(pictureName(title, type)).toBe(name));

it("makes file names that every system takes", () => {
  expect(fileName("Depth / classes: a <b>?", "json", "graph")).toBe("Depth classes a b.json");
  expect(fileName("../../etc", "json", "graph")).toBe("etc.json");
  expect(fileName("…", "json", "graph")).toBe("….json");
  expect(fileName("  ", "json", "graph")).toBe("graph.json");
  expect(fileName("x".repeat(300), "png", "graph")).toHaveLength(84);
});
