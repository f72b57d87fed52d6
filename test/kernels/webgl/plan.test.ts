import { describe, expect, it } from "vitest";
import { isSft } from "../../../src/kernels/passes";
import { convShader } from "../../../src/kernels/webgl/conv";
import { BLOCKINGS } from "../../../src/kernels/webgl/kernels";
import { planOf } from "../../../src/kernels/webgl/plan";
import { generator, residualBlocks, sftMap, upsample } from "../../../src/sftgan/generator";
import { segmenter } from "../../../src/sftgan/segmenter";
import type { Architecture } from "../../../src/types";
import { tinyModel, tinySegmenter } from "../../support";

const official = (architecture: Architecture) => tinyModel(architecture, { features: 64, condition: 32, blocks: 2 });
const blocking = BLOCKINGS["2×2×8"];

describe("A plan", () => {
  it("has one pass for each convolution and each SFT layer, and none for what only moves pixels", () => {
    for (const architecture of ["sft-net", "sft-net-torch", "srresnet"] as const) {
      const model = official(architecture);
      const { operations } = generator(model);
      const computing = operations.filter(({ op }) => op === "conv" || op === "sft");
      expect(planOf(model, generator(model), blocking)?.passes.length, architecture).toBe(computing.length);
    }
  });

  it("needs few shaders, and no other ones for a network of more blocks", () => {
    const shaders = (blocks: number) => {
      const model = tinyModel("sft-net", { features: 64, condition: 32, blocks });
      return new Set(planOf(model, generator(model), blocking)!.passes.map(({ program }) => JSON.stringify(program)));
    };
    expect(shaders(2).size).toBeLessThan(12);
    expect(shaders(4)).toEqual(shaders(2));
  });

  it("frees each map after the pass that is the last to look at it, and the result never", () => {
    const model = official("sft-net-torch");
    const { passes, maps } = planOf(model, generator(model), blocking)!;
    const gone = new Set<string>();
    for (const pass of passes) {
      const needed = [pass.x, isSft(pass) ? pass.condition : pass.residual].filter((name) => name !== undefined);
      expect(needed.filter((name) => gone.has(name))).toEqual([]);
      for (const name of pass.last) gone.add(name);
    }
    expect([...maps.keys()].filter((name) => !gone.has(name))).toEqual([passes.at(-1)!.name]);
  });

  it("is there for the channels that loaders allow in whole vectors of four, and not for others", () => {
    const has = (features: number, condition: number) => {
      const model = tinyModel("sft-net", { features, condition, blocks: 1 });
      return Object.values(BLOCKINGS).map((blocking) => planOf(model, generator(model), blocking) !== undefined);
    };
    for (const [features, condition] of [
      [4, 4],
      [12, 8],
      [64, 32],
      [128, 32],
    ] as const)
      expect(has(features, condition), `${features}, ${condition}`).toEqual(Object.values(BLOCKINGS).map(() => true));
    for (const [features, condition] of [
      [6, 4],
      [8, 3],
      [8, 36],
      [260, 32],
    ] as const)
      expect(has(features, condition), `${features}, ${condition}`).toEqual(Object.values(BLOCKINGS).map(() => false));
  });

  it("is there for each stage by itself, and not for what has another operation in it", () => {
    const model = official("sft-net");
    expect(planOf(model, residualBlocks(model, 0, 1), blocking)).toBeDefined();
    expect(planOf(model, residualBlocks(model, 0, 1, false), blocking)).toBeDefined();
    expect(planOf(model, upsample(model), blocking)).toBeDefined();
    expect(planOf(model, sftMap(model, "sft_branch.0.sft0", "scale"), blocking)).toBeUndefined();
    expect(planOf(tinySegmenter(), segmenter(tinySegmenter()), blocking)).toBeUndefined();
  });

  it("keeps the weights of a draw within the uniform blocks that every device has", () => {
    const model = tinyModel("sft-net", { features: 128, condition: 32, blocks: 1 });
    for (const blocking of Object.values(BLOCKINGS))
      for (const { program } of planOf(model, generator(model), blocking)!.passes) {
        if (program.kind !== "conv") continue;
        const sizes = [...convShader(program).matchAll(/mat4 block\d+\[(\d+)\]/g)].map(([, size]) => Number(size));
        expect(sizes.length).toBeLessThanOrEqual(12);
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(256);
      }
  });
});
