import { expect, it } from "vitest";
import type { Backend } from "../../src/browser/backend";
import { decode } from "../../src/browser/codec";
import type { Picture } from "../../src/types";
import { coreOf, noisyPng, SAVE, sixStages, tinyAssets } from "./engine";

/** One after another in one context: there and back, thin and square. */
const SIZES = [
  [4, 5],
  [1, 1],
  [1, 9],
  [13, 7],
  [4, 5],
] as const;
/** Largest difference allowed, of 65535 levels. */
const LIMIT = 8;

it("pictures of many sizes come out of one WebGL context as they come out of the CPU", async () => {
  const asset = await tinyAssets();
  const pictures = async (backend: Backend["name"]): Promise<Picture[]> => {
    const core = coreOf({ backend, asset });
    const saved: Picture[] = [];
    for (const [index, [height, width]] of SIZES.entries()) {
      const file = await core.addFile(await noisyPng({ height, width }, index + 1), "noise.png");
      saved.push(await decode((await core.encode(sixStages({ file }), SAVE)).bytes, "saved"));
    }
    await core.close();
    return saved;
  };
  const expected = await pictures("cpu");
  for (const [index, { rgb, height, width }] of (await pictures("webgl")).entries()) {
    const [h, w] = SIZES[index]!;
    expect([height, width]).toEqual([4 * h, 4 * w]);
    const worst = [...rgb].reduce((most, value, i) => Math.max(most, Math.abs(value - expected[index]!.rgb[i]!)), 0);
    expect(worst, `${w} × ${h}`).toBeLessThanOrEqual(LIMIT);
  }
});
