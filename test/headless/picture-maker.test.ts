/** What results are known by; nothing is computed here. */
import { describe, expect, it } from "vitest";
import { encodePng } from "../../src/codec/png-encode";
import { sha256 } from "../../src/graph/file";
import { asset } from "../../src/headless/assets";
import { recipeHash } from "../../src/headless/own";
import { type Making, PictureMaker } from "../../src/headless/picture-maker";

const begun = async (making: Making) => {
  const maker = await PictureMaker.prepare(making, () => Promise.reject(new Error("nothing is computed")));
  const bytes = await encodePng({ width: 1, height: 1, bits: 8, rgb: Uint8Array.of(1, 2, 3) });
  return maker.begin(bytes, "photo.png", "large.png", ".png");
};

describe("PictureMaker", () => {
  it("knows a result by what is in the weights that ship, so that other weights make it anew", async () => {
    const names = ["weights:segment.safetensors", "weights:sftgan.safetensors"];
    const lines = await Promise.all(names.map(async (name) => `${name} ${await sha256(await asset(name))}\n`));
    for (const [metadata, beside] of [
      ["none", ""],
      ["keep", "metadata: keep"],
    ] as const) {
      const { work, recipe } = await begun({ metadata });
      expect(recipe).toBe(await recipeHash(JSON.stringify(work.stored), lines.join("") + beside));
    }
    const steered = await begun({ metadata: "none", prior: "sky" });
    expect(steered.recipe).toBe(await recipeHash(JSON.stringify(steered.work.stored), lines[1]));
  });
});
