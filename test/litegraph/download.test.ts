import { expect, it } from "vitest";
import { fileName } from "../../src/litegraph/download";

it.each([
  ["picture", "image/png", "picture.png"],
  ["a/b\\c:d", "image/jpeg", "a-b-c-d.jpg"],
  ["photo.png", "image/webp", "photo.webp"],
  ["..", "image/png", "picture.png"],
  ["", "image/png", "picture.png"],
  ["<b>\u0000", "image/png", "-b--.png"],
] as const)("names the download of %j as %s %s", (title, type, name) => expect(fileName(title, type)).toBe(name));
