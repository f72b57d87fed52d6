import { describe, expect, it } from "vitest";
import { decodeBmp } from "../../src/codec/bmp";
import { BMPS } from "./raw-bmp";

describe("BMP", () => {
  it.each(Object.entries(BMPS))("of %s is read from its upper row", (_, [bytes, first]) => {
    const { width, height, rgb } = decodeBmp(bytes, "a.bmp");
    expect([width, height, ...rgb.subarray(0, 3)]).toEqual([5, 3, ...first]);
  });

  it("is refused in one message wherever it is cut, and whatever its header says", () => {
    for (const [bytes] of Object.values(BMPS)) {
      for (let length = 26; length < bytes.length; length++)
        try {
          decodeBmp(bytes.slice(0, length), "a.bmp");
        } catch (error) {
          expect((error as Error).message).toMatch(/^a\.bmp is (cut short|damaged)[^\n]*\.$/);
        }
      for (const value of [0, 1, 7, 0x7fffffff, 0x80000000, 0xffffffff])
        for (let at = 10; at < 54 && at + 4 <= bytes.length; at += 4) {
          const changed = bytes.slice();
          new DataView(changed.buffer).setUint32(at, value, true);
          try {
            decodeBmp(changed, "a.bmp");
          } catch (error) {
            expect((error as Error).message).toMatch(/^a\.bmp (is|says)[^\n]*\.$/);
          }
        }
    }
  });
});
