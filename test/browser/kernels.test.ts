import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { createStore, type UseStore } from "idb-keyval";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Checked } from "../../src/browser/choices";
import { type Compare, KernelsOnWebGL } from "../../src/browser/kernels";
import { segmentTrialOf, trialOf } from "../../src/browser/trial";
import { OnWebGPU, onTrial } from "../../src/browser/webgpu";
import { fastest, type Try, tryAll } from "../../src/kernels/choose";
import { runInPortions } from "../../src/kernels/tfjs/run";
import { deviceOf } from "../../src/kernels/webgl/device";
import { candidatesFor, generalCandidates } from "../../src/kernels/webgl/kernels";
import { registerKernels } from "../../src/kernels/webgl/register";
import { nextTask } from "../../src/next-task";
import { segmentationNet } from "../../src/sftgan/segment";
import { findAdapter } from "../../src/webgpu/backend";
import { noise, tinyModel, tinySegmenter } from "../support";

const gl = () => (tf.backend() as MathBackendWebGL).gpgpu.gl as WebGL2RenderingContext;
const newStore = () => createStore(`kernels ${crypto.randomUUID()}`, "choices");
const model = () => tinyModel("sft-net", { features: 4, condition: 4, blocks: 1 });
const tries = (ours: number, wrong?: string): Try<"2×2×8">[] => [
  { choice: "stock", ms: 10 },
  { choice: "2×2×8", ms: ours, ...(wrong && { wrong }) },
];

const segmenter = () => tinySegmenter();
const calm = () => true;
/** As on a GPU that WebGPU does not have. */
const REAL = { recall: async () => undefined, isSoftware: false };
/** What computes a network that segments. */
async function sees(): Promise<"general" | "stock"> {
  const { programs } = deviceOf(tf.backend() as MathBackendWebGL);
  const draws = vi.spyOn(programs, "use");
  const image = noise([1, 5, 5, 3]);
  const work = { checkpoint: async () => {}, progress: () => {} };
  (await runInPortions(segmenter(), segmentationNet(segmenter()), { image }, work)).dispose();
  const count = draws.mock.calls.filter(([{ kind }]) => kind === "general").length;
  draws.mockRestore();
  return count > 0 ? "general" : "stock";
}

afterEach(() => {
  new KernelsOnWebGL(gl(), "stock", newStore());
  registerKernels();
});

describe("Kernels", () => {
  it("are the fastest of those that give what tfjs's give", () => {
    expect(fastest(tries(5))).toBe("2×2×8");
    expect(fastest(tries(20))).toBe("stock");
    expect(fastest(tries(5, "it differs"))).toBe("stock");
  });

  it("are tfjs's for generators until there is time to try, then the fastest, which are remembered for this renderer", async () => {
    const store = newStore();
    let count = 0;
    const compare: Compare = {
      generators: async () => (count++, tries(5)),
      segmenters: async () => (
        count++,
        [
          { choice: "stock", ms: 10 },
          { choice: "general", ms: 15 },
        ]
      ),
    };
    const kernels = (store: UseStore) => new KernelsOnWebGL(gl(), "auto", store, { compare, ...REAL });
    const first = kernels(store);
    await first.ready(tinyModel("sft-net", { features: 6, blocks: 1 }));
    await first.decide(calm);
    expect([first.used, count]).toEqual([undefined, 0]);
    await first.ready(model());
    await first.ready(segmenter());
    await first.decide(() => false);
    expect([first.used, count, first.segment, await sees()]).toEqual([undefined, 1, "general", "general"]);
    await Promise.all([first.decide(calm), first.decide(calm)]);
    expect([first.used, count, first.segment, await sees()]).toEqual(["2×2×8", 3, "stock", "stock"]);
    const second = kernels(store);
    await second.ready(model());
    await second.ready(segmenter());
    await second.decide(calm);
    expect([second.used, count, await sees()]).toEqual(["2×2×8", 3, "stock"]);
    await kernels(newStore()).ready(model());
    expect(count).toBe(3);
  });

  it("are what a setting says, untried, and without a GPU tfjs's for generators and the general ones for the rest", async () => {
    const refuse = () => Promise.reject(new Error("tried"));
    const compare = { generators: refuse, segmenters: refuse };
    for (const [setting, isSoftware, used, seeing] of [
      ["stock", false, "stock", "stock"],
      ["2×2×4", false, "2×2×4", "general"],
      ["auto", true, "stock", "general"],
    ] as const) {
      const kernels = new KernelsOnWebGL(gl(), setting, newStore(), { compare, isSoftware });
      if (used === "stock") await kernels.ready(model());
      await kernels.ready(segmenter());
      await kernels.decide(calm);
      expect([kernels.used, kernels.segment, await sees()]).toEqual([used, seeing, seeing]);
    }
  });

  it("are those of ours that a driver computes right, at the first run already, which is remembered", async () => {
    for (const isSoftware of [false, true]) {
      const store = newStore();
      const asked: string[] = [];
      const check = async (checked: Checked) => (asked.push(checked), checked === "squares" ? undefined : "it differs");
      const kernels = () => new KernelsOnWebGL(gl(), "auto", store, { ...REAL, isSoftware, check });
      const expectWrong = async (own: KernelsOnWebGL) => {
        await own.ready(segmenter());
        expect([own.segment, await sees(), [...own.wrong].sort()]).toEqual([
          "stock",
          "stock",
          ["assemble", "general", "resample"],
        ]);
        expect(["Resample", "SumOfSquares"].map((name) => tf.getKernel(name, "webgl") !== undefined)).toEqual([false, true]);
      };
      await expectWrong(kernels());
      await expectWrong(kernels());
      expect(asked.sort()).toEqual(["assemble", "general", "resample", "squares"]);
    }
  });

  it("are tried again the next time where the storage holds something odd, or nothing can be stored", async () => {
    const broken: UseStore = () => Promise.reject(new Error("no storage"));
    const compare = { generators: async () => tries(5), segmenters: async () => [] };
    const kernels = new KernelsOnWebGL(gl(), "auto", broken, { compare, ...REAL });
    await kernels.ready(model());
    await kernels.decide(calm);
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
      const found = await tryAll(trial, candidatesFor(trial), nextTask);
      expect(found.length).toBeGreaterThan(1);
      expect(found.filter(({ wrong }) => !wrong).map(({ choice }) => choice)).toEqual(["stock"]);
      expect(fastest(found)).toBe("stock");
    } finally {
      WebGL2RenderingContext.prototype.uniform4fv = uniform4fv;
    }
    const found = await tryAll(trial, candidatesFor(trial), nextTask);
    expect(found.filter(({ wrong }) => wrong)).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("all give what tfjs's give on the networks of a whole model, on WebGL and on WebGPU beside it", async () => {
    const adapter = await findAdapter(true);
    const trial = trialOf(tinyModel("sft-net-torch", { features: 4, condition: 4, blocks: 1 }), [6]);
    const before = tf.memory().numTensors;
    const found = await onTrial(trial, adapter, (own) =>
      tryAll(trial, [...own.slice(1, 2), ...candidatesFor(trial).slice(0, 1)], nextTask, Number.POSITIVE_INFINITY),
    );
    const tried = ["stock", ...(adapter ? ["WebGPU 4×8"] : []), "2×2×8"];
    expect(found.map(({ choice, wrong }) => [choice, wrong])).toEqual(tried.map((choice) => [choice, undefined]));
    const seeing = segmentTrialOf(segmenter(), [32]);
    const seen = await tryAll(seeing, generalCandidates(seeing), nextTask);
    expect(seen.map(({ choice, wrong }) => [choice, wrong])).toEqual([
      ["stock", undefined],
      ["general", undefined],
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("are those for WebGPU from the next session on where they are the fastest, until they fail", async () => {
    const store = newStore();
    const adapter = { info: { vendor: "a" } } as GPUAdapter;
    const gpu = {
      requestAdapter: async () => ({ ...adapter, limits: { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 30 } }),
    };
    const real = Object.getOwnPropertyDescriptor(Navigator.prototype, "gpu")!;
    Object.defineProperty(Navigator.prototype, "gpu", { configurable: true, value: gpu });
    try {
      const engine = () => new OnWebGPU(() => store);
      expect(await engine().wanted()).toBeUndefined();
      const generators: Compare["generators"] = async () => [...tries(5), { choice: "WebGPU 4×8", ms: 3 }];
      const compare = { generators, segmenters: async () => [] };
      const kernels = new KernelsOnWebGL(gl(), "auto", store, { compare, isSoftware: false });
      await kernels.ready(model());
      await kernels.decide(calm);
      expect(kernels.used).toBe("2×2×8");
      const next = engine();
      expect(await next.wanted()).toBe("WebGPU 4×8");
      expect(await next.wanted("webgl")).toBeUndefined();
      expect(await next.wanted(undefined, "2×2×8")).toBeUndefined();
      await next.fail(undefined);
      expect(await next.wanted()).toBeUndefined();
      expect(await next.wanted("webgpu")).toBeUndefined();
      expect(await engine().wanted()).toBe("WebGPU 4×8");
      await engine().fail("a wrong answer");
      expect(await engine().wanted()).toBeUndefined();
    } finally {
      Object.defineProperty(Navigator.prototype, "gpu", real);
    }
  });
});
