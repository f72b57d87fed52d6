/** The text of our WebGPU shaders, read without a device: what it asks of one, and which maps are half floats. */
import { describe, expect, it } from "vitest";
import type { Trial } from "../../../src/kernels/choose";
import { GENERAL_KERNELS } from "../../../src/kernels/general";
import { outputOf } from "../../../src/kernels/network";
import { besideOf, isSft } from "../../../src/kernels/passes";
import { convShader } from "../../../src/kernels/webgpu/conv";
import type { Device } from "../../../src/kernels/webgpu/device";
import { generalShader } from "../../../src/kernels/webgpu/general/shaders";
import { BLOCKINGS } from "../../../src/kernels/webgpu/kernels";
import { type Blocking, type Pass, planOf } from "../../../src/kernels/webgpu/plan";
import { sftShader } from "../../../src/kernels/webgpu/sft";
import { candidatesFor } from "../../../src/kernels/webgpu/trial";
import { generator } from "../../../src/sftgan/generator";
import { tinyModel } from "../../support";

const model = tinyModel("sft-net", { features: 64, condition: 32, blocks: 2 });
const network = generator(model);
const passesBy = (blocking: Blocking) => planOf(model, network, blocking)!.passes;
const textOf = (pass: Pass) => (isSft(pass) ? sftShader(pass.program) : convShader(pass.program));
const general = [...GENERAL_KERNELS, "import", "export"].map((name) =>
  generalShader({ kind: "general", name: name as "import" }),
);

describe("Shaders for WebGPU", () => {
  it("need nothing that a device may lack: no extension is enabled, and sums are of single floats", () => {
    const texts = [...Object.values<Blocking>(BLOCKINGS).flatMap((blocking) => passesBy(blocking).map(textOf)), ...general];
    expect(texts.length).toBeGreaterThan(30);
    for (const text of texts) {
      expect(text).not.toMatch(/^\s*(enable|requires)\b/m);
      expect(text).not.toMatch(/\bf16\b|\bvec[234]h\b/);
      expect(text).toMatch(/@compute/);
    }
  });

  it("keep in half floats the maps between two passes where that is asked for by name, and none that come from tfjs or go there", () => {
    for (const [name, blocking] of Object.entries<Blocking>(BLOCKINGS)) {
      const ends = [...Object.keys(network.inputs), outputOf(network)];
      for (const pass of passesBy(blocking)) {
        const { halves } = pass.program;
        const isHalf = (map: string | undefined) => name.endsWith("half") && map !== undefined && !ends.includes(map);
        expect(halves).toEqual({ x: isHalf(pass.x), beside: isHalf(besideOf(pass)), result: isHalf(pass.name) });
        const text = textOf(pass);
        for (const [map, half] of [
          ["x", halves.x],
          ["result", halves.result],
        ] as const)
          expect(text.includes(`${map}: array<vec2u>`), `${map} of ${pass.name}`).toBe(half);
      }
    }
  });

  it("are tried on a device without those that are less exact: a half float is never chosen unasked", () => {
    const trial = { model, stages: [{ name: "picture", network, inputs: {} }] } as unknown as Trial;
    const tried = candidatesFor(trial, {} as Device).map(({ choice }) => choice);
    expect(tried).toEqual(Object.keys(BLOCKINGS).filter((name) => !name.endsWith("half")));
  });
});
