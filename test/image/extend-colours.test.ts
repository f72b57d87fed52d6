import { describe, expect, it } from "vitest";
import { extendColours } from "../../src/image/extend-colours";
import type { Picture } from "../../src/types";
import { random } from "../support";

type Hidden = (i: number) => number;

/** A picture of `colour` where `opacity` is above 0, and of `hidden` samples where it is not. */
function cutOut(
  size: { width: number; height: number; bits?: 8 | 16 },
  opacity: (x: number, y: number) => number,
  colour: (x: number, y: number, c: number) => number,
  hidden: Hidden,
): Picture {
  const { width, height, bits = 8 } = size;
  const samples = (count: number) => (bits === 16 ? new Uint16Array(count) : new Uint8Array(count));
  const [rgb, alpha] = [samples(3 * width * height), samples(width * height)];
  for (let i = 0; i < alpha.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    alpha[i] = opacity(x, y);
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = alpha[i] ? colour(x, y, c) : hidden(3 * i + c);
  }
  return { width, height, bits, rgb, alpha };
}

const extended = (picture: Picture): Picture => {
  extendColours(picture);
  return picture;
};

const disc = (x: number, y: number) => ((x - 9) ** 2 + (y - 7) ** 2 < 20 ? 255 : (x - 9) ** 2 + (y - 7) ** 2 < 26 ? 90 : 0);

describe("Colours under transparent pixels", () => {
  const top = { 8: 255, 16: 65535 };

  it.each([8, 16] as const)("do not depend on what the file held there, at %i bits", (bits) => {
    for (const [width, height] of [
      [19, 14],
      [1, 1],
      [1, 23],
      [16, 16],
      [2, 1],
    ] as const) {
      const noise = random(3);
      const colour = (x: number, y: number, c: number) => ((x * 37 + y * 91 + c * 50) % 256) * (bits === 16 ? 257 : 1);
      const opacity = (x: number, y: number) => (width > 2 ? disc(x, y) * (bits === 16 ? 257 : 1) : 0);
      const pictures = [() => 0, () => top[bits], () => Math.floor(noise() * (top[bits] + 1))].map((hidden) =>
        extended(cutOut({ width, height, bits }, opacity, colour, hidden)),
      );
      expect(pictures[1]!.rgb).toEqual(pictures[0]!.rgb);
      expect(pictures[2]!.rgb).toEqual(pictures[0]!.rgb);
    }
  });

  it("become that of what is visible: exactly, where it has one colour", () => {
    const colour = [201, 17, 92];
    const { rgb } = extended(
      cutOut(
        { width: 19, height: 14 },
        disc,
        (_x, _y, c) => colour[c]!,
        () => 0,
      ),
    );
    for (let i = 0; i < rgb.length; i++) expect(rgb[i]).toBe(colour[i % 3]);
  });

  it("go on smoothly from each edge: left is of the left thing, right of the right one", () => {
    const bars = (x: number) => (x < 4 || x >= 28 ? 255 : 0);
    const { rgb } = extended(
      cutOut(
        { width: 32, height: 8 },
        bars,
        (x) => (x < 16 ? 40 : 200),
        () => 255,
      ),
    );
    const row = Array.from({ length: 32 }, (_, x) => rgb[3 * (4 * 32 + x)]!);
    expect(row[4]).toBeLessThan(50);
    expect(row[27]).toBeGreaterThan(190);
    for (let x = 1; x < 32; x++) expect(row[x]).toBeGreaterThanOrEqual(row[x - 1]!);
    expect(row[16]).toBeGreaterThan(80);
    expect(row[16]).toBeLessThan(160);
  });

  it("count by their opacity: a nearly transparent fleck leaves no trace beside what is opaque", () => {
    const opacity = (x: number) => (x === 0 ? 255 : x === 1 ? 1 : 0);
    const { rgb } = extended(
      cutOut(
        { width: 6, height: 1 },
        opacity,
        (x) => (x === 0 ? 100 : 255),
        () => 0,
      ),
    );
    expect(Array.from({ length: 6 }, (_, x) => rgb[3 * x])).toEqual([100, 255, 101, 101, 101, 101]);
  });

  it("leave those of all other pixels, however faint, and the opacity as they are", () => {
    const before = cutOut(
      { width: 19, height: 14 },
      disc,
      (x, y, c) => (x * 7 + y * 3 + c) % 256,
      (i) => i % 256,
    );
    const { rgb, alpha } = extended({ ...before, rgb: before.rgb.slice(), alpha: before.alpha!.slice() });
    expect(alpha).toEqual(before.alpha);
    for (let i = 0; i < alpha!.length; i++)
      if (alpha![i]) expect([...rgb.slice(3 * i, 3 * i + 3)]).toEqual([...before.rgb.slice(3 * i, 3 * i + 3)]);
  });

  it("are black where nothing is visible, and those of an opaque picture stay", () => {
    const nothing = extended(
      cutOut(
        { width: 5, height: 3 },
        () => 0,
        () => 9,
        (i) => 100 + i,
      ),
    );
    expect(nothing.rgb).toEqual(new Uint8Array(45));
    const opaque: Picture = { width: 2, height: 1, bits: 8, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect(extended(opaque).rgb).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  });

  it("keep a grey picture grey", () => {
    const { rgb } = extended(
      cutOut(
        { width: 19, height: 14 },
        disc,
        (x, y) => (x * 11 + y * 29) % 256,
        (i) => i % 256,
      ),
    );
    for (let i = 0; i < rgb.length; i += 3) expect([rgb[i + 1], rgb[i + 2]]).toEqual([rgb[i], rgb[i]]);
  });
});
