import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { createStore, type UseStore } from "idb-keyval";
import { afterEach, describe, expect, it } from "vitest";
import { Kernels } from "../../src/browser/kernels";
import { fastest, type Try, tryAll } from "../../src/kernels/webgl/choose";
import { nextTask } from "../../src/webgl/backend";
import { tinyModel } from "../support";

const gl = () => (tf.backend() as MathBackendWebGL).gpgpu.gl as WebGL2RenderingContext;
const newStore = () => createStore(`kernels ${crypto.randomUUID()}`, "choices");
const model = () => tinyModel("sft-net", { features: 4, condition: 4, blocks: 1 });
const tries = (ours: number, wrong?: string): Try[] => [
  { choice: "stock", ms: 10 },
  { choice: "2×2×8", ms: ours, ...(wrong && { wrong }) },
];

afterEach(() => new Kernels(gl(), "stock", newStore()));

describe("Kernels", () => {
  it("are the fastest of those that give what tfjs's give", () => {
    expect(fastest(tries(5))).toBe("2×2×8");
    expect(fastest(tries(20))).toBe("stock");
    expect(fastest(tries(5, "it differs"))).toBe("stock");
  });

  it("are tried at the first model that they can run, and remembered for this renderer", async () => {
    const store = newStore();
    let count = 0;
    const compare: typeof tryAll = async () => (count++, tries(5));
    const kernels = (store: UseStore) => new Kernels(gl(), "auto", store, compare);
    const first = kernels(store);
    await first.ready(tinyModel("sft-net", { features: 6, blocks: 1 }));
    expect([first.used, count]).toEqual([undefined, 0]);
    await Promise.all([first.ready(model()), first.ready(model())]);
    expect([first.used, count]).toEqual(["2×2×8", 1]);
    const second = kernels(store);
    await second.ready(model());
    expect([second.used, count]).toEqual(["2×2×8", 1]);
    await kernels(newStore()).ready(model());
    expect(count).toBe(2);
  });

  it("are what a setting says, untried", async () => {
    const compare: typeof tryAll = () => Promise.reject(new Error("tried"));
    for (const setting of ["stock", "2×2×4"] as const) {
      const kernels = new Kernels(gl(), setting, newStore(), compare);
      if (setting === "stock") await kernels.ready(model());
      expect(kernels.used).toBe(setting);
    }
  });

  it("are tried again the next time where the storage holds something odd, or nothing can be stored", async () => {
    const broken: UseStore = () => Promise.reject(new Error("no storage"));
    const kernels = new Kernels(gl(), "auto", broken, async () => tries(5));
    await kernels.ready(model());
    expect(kernels.used).toBe("2×2×8");
  });

  it("are thrown out where a driver computes them wrong", async () => {
    const { uniform4fv } = WebGL2RenderingContext.prototype;
    WebGL2RenderingContext.prototype.uniform4fv = () => {}; // no bias of ours arrives; tfjs has none of these
    const network = { inputs: { x: { channels: 4, scale: 1 } }, operations: [{ op: "conv", name: "conv1", x: "x" } as const] };
    const one = tinyModel("srresnet", { features: 4, blocks: 1 });
    const { "sft_branch.0.conv0.weight": weight, "sft_branch.0.conv0.bias": bias } = one.weights.tensors;
    const weights = { ...one.weights, tensors: { "conv1.weight": weight!, "conv1.bias": bias! } };
    const trial = {
      model: { ...one, weights },
      stages: [{ name: "result", network, inputs: {} }],
      sides: [6],
      poison: "x",
      given: (side: number) => ({ x: tf.randomUniform<tf.Rank.R4>([1, side, side, 4], 0, 1, "float32", 1) }),
    };
    const before = tf.memory().numTensors;
    try {
      const found = await tryAll(trial, nextTask);
      expect(found.length).toBeGreaterThan(1);
      expect(found.filter(({ wrong }) => !wrong).map(({ choice }) => choice)).toEqual(["stock"]);
      expect(fastest(found)).toBe("stock");
    } finally {
      WebGL2RenderingContext.prototype.uniform4fv = uniform4fv;
    }
    const found = await tryAll(trial, nextTask);
    expect(found.filter(({ wrong }) => wrong)).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
