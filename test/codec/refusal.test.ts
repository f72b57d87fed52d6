import { describe, expect, it } from "vitest";
import { PICTURE_ACCEPT } from "../../src/codec/inspect";
import { fileRefusal } from "../../src/codec/refusal";
import { caseFile } from "../fixture";

const PICTURE = PICTURE_ACCEPT;
const PRIOR = ".npy,.pth,image/png";
const WEIGHTS = ".pth,.pt,.safetensors";
const text = (content: string) => new TextEncoder().encode(content);

describe("A file is refused by its content", () => {
  it.each([
    ["x.heic", PICTURE, /x\.heic is a HEIC picture, which is not read here/],
    ["x.svg", PICTURE, /x\.svg is an SVG drawing, which is not read here/],
    ["zero.png", PICTURE, /zero\.png is empty \(0 bytes\)/],
    ["html.jpg", PICTURE, /html\.jpg is a web page .* download it again/],
    ["x.heic", PRIOR, /x\.heic is a HEIC picture/],
    ["zero.png", WEIGHTS, /zero\.png is empty \(0 bytes\); choose \.pth, \.pt, \.safetensors/],
    ["html.jpg", WEIGHTS, /html\.jpg is a web page \(HTML\); choose \.pth, \.pt, \.safetensors/],
    ["base.jpg", WEIGHTS, /base\.jpg is a JPEG picture; choose/],
  ])("%s for %s", async (name, accept, message) => {
    expect(fileRefusal(await caseFile(`pictures/${name}`), name, accept)).toMatch(message);
  });

  it("where its name says otherwise, too", () => {
    expect(fileRefusal(text("<!doctype html><html>"), "model.pth", WEIGHTS)).toContain("model.pth is a web page");
    expect(fileRefusal(text("any words"), "prior.txt", PRIOR)).toContain("prior.txt is of no kind that is known");
  });

  it("and is taken where nothing speaks against it", async () => {
    const npy = Uint8Array.from([0x93, ...text("NUMPY"), 1, 0]);
    expect(fileRefusal(npy, "a", PRIOR)).toBeUndefined();
    expect(fileRefusal(npy, "a.npy", WEIGHTS)).toContain("a NumPy array");
    expect(fileRefusal(await caseFile("pictures/base.png"), "base.png", PRIOR)).toBeUndefined();
    expect(fileRefusal(await caseFile("pictures/base.jpg"), "base.jpg", PICTURE)).toBeUndefined();
    expect(fileRefusal(text("(lp0"), "old.pth", WEIGHTS)).toBeUndefined();
    expect(fileRefusal(text("any"), "any", "")).toBeUndefined();
  });
});
