import { describe, expect, it } from "vitest";
import { convertToSrgb, isSrgb, type Profile } from "../../src/codec/colour";
import { readProfile } from "../../src/codec/icc";
import type { Picture } from "../../src/types";
import { gamma, icc, name, parametric, SRGB_COLORANTS, SRGB_CURVE, type Tag, u16, u32, xyz } from "./raw-icc";

const curves = (curve: readonly number[]): Tag[] => ["rTRC", "gTRC", "bTRC"].map((tag) => [tag, curve]);
const profile = (bytes: Uint8Array) => readProfile(bytes) as Profile;
const dot = (...rgb: readonly number[]): Picture => ({ width: 1, height: 1, bits: 8, rgb: Uint8Array.from(rgb) });

describe("ICC profiles", () => {
  it("knows sRGB by its colours, in whichever kind of curve", () => {
    expect(isSrgb(profile(icc("RGB ", "XYZ ", ...SRGB_COLORANTS, ...curves(SRGB_CURVE))))).toBe(true);
    const table = Array.from({ length: 1024 }, (_, i) => i / 1023).flatMap((v) =>
      u16(Math.round(65535 * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))),
    );
    expect(
      isSrgb(profile(icc("RGB ", "XYZ ", ...SRGB_COLORANTS, ...curves([...name("curv"), 0, 0, 0, 0, ...u32(1024), ...table])))),
    ).toBe(true);
    expect(isSrgb(profile(icc("RGB ", "XYZ ", ...SRGB_COLORANTS, ...curves(gamma(1.8)))))).toBe(false);
  });

  it("converts Adobe RGB as its specification says and clips what sRGB has not", () => {
    const colorants: Tag[] = [
      ["rXYZ", xyz(0.60974, 0.31111, 0.01947)],
      ["gXYZ", xyz(0.20528, 0.62567, 0.06087)],
      ["bXYZ", xyz(0.14919, 0.06322, 0.74457)],
    ];
    const adobe = profile(icc("RGB ", "XYZ ", ...colorants, ...curves(gamma(2.19921875))));
    const grey = dot(128, 128, 128);
    convertToSrgb(grey, adobe);
    for (const v of grey.rgb) expect(Math.abs(v - 128)).toBeLessThanOrEqual(1);
    const green = dot(0, 255, 0);
    convertToSrgb(green, adobe);
    expect([...green.rgb]).toEqual([0, 255, 0]);
    for (const [from, to] of [
      [
        [200, 50, 50],
        [232, 46, 46],
      ],
      [
        [100, 150, 120],
        [66, 151, 119],
      ],
      [
        [220, 200, 90],
        [228, 201, 80],
      ],
    ] as const) {
      const colour = dot(...from);
      convertToSrgb(colour, adobe);
      for (const [c, v] of colour.rgb.entries()) expect(Math.abs(v - to[c]!)).toBeLessThanOrEqual(1);
    }
  });

  it("makes linear light brighter, in 8 and in 16 bits", () => {
    const linear = profile(icc("RGB ", "XYZ ", ...SRGB_COLORANTS, ...curves([...name("curv"), 0, 0, 0, 0, ...u32(0)])));
    const eight = dot(55, 55, 55);
    convertToSrgb(eight, linear);
    expect([...eight.rgb]).toEqual([128, 128, 128]);
    const sixteen: Picture = { width: 1, height: 1, bits: 16, rgb: Uint16Array.of(14029, 14029, 14029) };
    convertToSrgb(sixteen, linear);
    for (const v of sixteen.rgb) expect(Math.abs(v - 32768)).toBeLessThanOrEqual(8);
  });

  it("converts grey by its one curve", () => {
    const grey = profile(icc("GRAY", "XYZ ", ["kTRC", gamma(1)]));
    expect(grey.space).toBe("grey");
    const picture = dot(55, 55, 55);
    convertToSrgb(picture, grey);
    expect([...picture.rgb]).toEqual([128, 128, 128]);
  });

  it("leaves profiles of tables to the host, and damaged ones and other colours aside", () => {
    expect(readProfile(icc("RGB ", "XYZ ", ["A2B0", [1, 2, 3, 4]]))).toBe("tables");
    expect(readProfile(icc("CMYK", "XYZ ", ["A2B0", [1, 2, 3, 4]]))).toBeUndefined();
    expect(readProfile(icc("RGB ", "XYZ ", ...SRGB_COLORANTS))).toBeUndefined();
    expect(readProfile(icc("RGB ", "XYZ ", ...SRGB_COLORANTS, ...curves(name("curv"))))).toBeUndefined();
    const whole = icc("RGB ", "XYZ ", ...SRGB_COLORANTS, ...curves(SRGB_CURVE));
    for (let length = 0; length < whole.length; length += 7) expect(readProfile(whole.slice(0, length))).toBeUndefined();
  });

  it("takes curves that go nowhere without giving up or leaving the range", () => {
    for (const curve of [
      parametric(3, 0, 0, 0, 0, 0),
      parametric(1, 1, 0, 0),
      parametric(0, -1),
      parametric(4, 2, 1, 1, 1, 1, 1, 1),
    ]) {
      const picture = dot(0, 128, 255);
      convertToSrgb(picture, profile(icc("RGB ", "XYZ ", ...SRGB_COLORANTS, ...curves(curve))));
      for (const v of picture.rgb) expect(v).toBeLessThanOrEqual(255);
    }
  });
});
