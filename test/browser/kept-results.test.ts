import { createStore } from "idb-keyval";
import { describe, expect, it } from "vitest";
import { drawKept, encodeKept, type KeptResult, KeptResults } from "../../src/browser/kept-results";

let count = 0;
const storeOf = () => createStore(`kept-results-test-${count++}`, "results");
const none = async (): Promise<never> => {
  throw new Error("nothing ships here");
};
const bytes = (length: number) => new Uint8Array(length);
const result = (length = 10, summary = "8 × 4"): KeptResult => ({
  summary,
  pictures: [{ output: "image", width: 8, height: 4, data: bytes(length) }],
});

/** The left half red, the right half blue. */
async function picture(width: number, height: number): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.fillStyle = "#f00";
  context.fillRect(0, 0, width / 2, height);
  context.fillStyle = "#00f";
  context.fillRect(width / 2, 0, width / 2, height);
  return canvas.transferToImageBitmap();
}

describe("Results kept from visit to visit", () => {
  it("are found in another visit under the same key and with the same weights only", async () => {
    const store = storeOf();
    await new KeptResults("weights 1", none, () => store).add("a", result());
    const again = new KeptResults("weights 1", none, () => store);
    expect(await again.find("a", true)).toEqual({ from: "visit", result: result() });
    expect([await again.has("a"), await again.has("b")]).toEqual([true, false]);
    expect(await again.find("b", true)).toBeUndefined();
    expect(await new KeptResults("weights 2", none, () => store).find("a", true)).toBeUndefined();
  });

  it("are bounded in number and in bytes: the oldest go", async () => {
    const kept = new KeptResults("", none, storeOf);
    const numbers = Array.from({ length: 62 }, (_, i) => String(i));
    await Promise.all(numbers.map((key) => kept.add(key, result())));
    const there = async () => (await Promise.all(numbers.map((key) => kept.has(key)))).filter(Boolean).length;
    expect([await there(), await kept.has("1"), await kept.has("2")]).toEqual([60, false, true]);
    await kept.add("large", result(5.9 * 2 ** 20));
    await kept.add("larger", result(6 * 2 ** 20));
    expect([await there(), await kept.has("large"), (await kept.find("larger", false))?.from]).toEqual([0, false, "visit"]);
    await kept.add("too large", result(7 * 2 ** 20));
    expect(await kept.find("too large", false)).toBeUndefined();
  });

  it("come from the package where a graph is about what ships, and are fetched once, or not at all", async () => {
    let fetched = 0;
    const shipped = async () => {
      fetched++;
      const one = { output: "image", width: 8, height: 4, data: 0 };
      return { data: [btoa("abc")], results: { a: { summary: "8 × 4", pictures: [one] } } };
    };
    const kept = new KeptResults("", shipped, storeOf);
    expect([await kept.find("a", false), fetched]).toEqual([undefined, 0]);
    const found = await kept.find("a", true);
    expect([found?.from, [...found!.result.pictures[0]!.data]]).toEqual(["package", [97, 98, 99]]);
    expect([await kept.find("constructor", true), fetched]).toEqual([undefined, 1]);
  });

  it("are nothing in a browser that keeps nothing", async () => {
    const kept = new KeptResults("", none, () => {
      throw new Error("no storage");
    });
    await kept.add("a", result());
    expect([await kept.has("a"), await kept.find("a", true)]).toEqual([false, undefined]);
  });

  it("are drawn in part, in pixels of what they are of", async () => {
    const data = await encodeKept(await picture(64, 32));
    const bitmap = await drawKept(
      { output: "image", width: 640, height: 320, data },
      { width: 2, height: 2 },
      { left: 480, top: 0, width: 160, height: 320 },
    );
    const context = new OffscreenCanvas(2, 2).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const [red = 0, , blue = 0] = context.getImageData(1, 1, 1, 1).data;
    expect(red).toBeLessThan(40);
    expect(blue).toBeGreaterThan(215);
  });
});
