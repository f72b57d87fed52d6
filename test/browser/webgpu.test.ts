import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { createStore, type UseStore } from "idb-keyval";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CoreOptions } from "../../src/browser/core";
import type { EngineEvent, KernelSetting } from "../../src/browser/protocol";
import { KernelsOnWebGPU } from "../../src/browser/webgpu";
import type { Try } from "../../src/kernels/choose";
import { startWebGL } from "../../src/webgl/backend";
import { findAdapter, startWebGPU } from "../../src/webgpu/backend";
import { graphOf } from "../graph-builder";
import { tinySegmenter } from "../support";
import { coreOf, expectNoTensors, type HeardCore, pixelsOfBitmap, record, tinyAssets } from "./engine";

const adapter = await findAdapter(true);
const device = () => (tf.backend() as WebGPUBackend).device;
/** Levels of 255 that pictures of two backends may differ by: one, where a sample lies between two. */
const ROUNDING = 1;
const BLOCKS = "3";
const VIEWED = "5";
const graph = (prior: string) =>
  graphOf([
    ["load-lr"],
    ["constant-prior", { class: prior }, { picture: [1, "image"] }],
    ["sft-resblocks", { blocks: 2 }, { image: [1, "image"], condition: [6, "condition"] }],
    ["upsample", {}, { features: [3, "features"], condition: [6, "condition"] }],
    ["preview", {}, { image: [4, "image"] }],
    ["condition-net", {}, { prior: [2, "prior"] }],
  ]);

describe.skipIf(!adapter)(`an engine on WebGPU${adapter ? "" : " (skipped: this browser has no adapter)"}`, () => {
  let asset: (name: string) => Promise<Uint8Array>;
  let core: HeardCore;
  let events: EngineEvent[];
  const start = (options: CoreOptions = {}) => {
    core = coreOf({ asset, kernels: "WebGPU 4×8", ...options });
    events = record(core);
  };
  const seen = async () => pixelsOfBitmap((await core.view({ node: VIEWED, width: 24, height: 20 }))!.bitmap);
  const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  const notices = () => events.flatMap((event) => (event.kind === "notice" ? [event.message] : []));
  const status = () => events.findLast((event) => event.kind === "status");
  /** Does something the first time that a node starts. */
  const once = (node: string, act: () => void) => {
    const stop = core.listen((event) => {
      if (event.kind !== "started" || event.node !== node) return;
      stop();
      act();
    });
  };

  beforeAll(async () => {
    asset = await tinyAssets();
  });
  afterEach(async () => {
    await core.close();
    await expectNoTensors();
  });
  afterAll(async () => {
    await startWebGL();
  });

  it("gives the picture that WebGL gives, in tiles, draws it, says what ran, and can be stopped", async () => {
    start({ kernels: "stock" });
    expect((await core.run(graph("sky"), [VIEWED])).errors).toEqual({});
    const expected = await seen();
    await core.close();
    start({ budget: 28_000 });
    expect(await core.run(graph("sky"), [VIEWED])).toMatchObject({ errors: {}, cancelled: false });
    expect(worst(await seen(), expected)).toBeLessThanOrEqual(ROUNDING);
    expect(status()).toMatchObject({ backend: "webgpu", kernels: "WebGPU 4×8", segment: "general" });
    expect(status()).not.toHaveProperty("reason");
    once(BLOCKS, () => core.cancel());
    expect(await core.run(graph("water"), [VIEWED])).toMatchObject({ cancelled: true });
    expect(await core.run(graph("sky"), [VIEWED])).toMatchObject({ errors: {}, cancelled: false });
    expect(worst(await seen(), expected)).toBeLessThanOrEqual(ROUNDING);
  });

  it("has the general kernels run what segments where they are right, then whichever are faster, which is remembered", async () => {
    start({ kernels: "stock" }); // is closed afterwards
    const { device, close } = await startWebGPU();
    const gpu = device.adapterInfo;
    let [checks, trials] = [0, 0];
    const tries: Try<"general">[] = [
      { choice: "stock", ms: 5 },
      { choice: "general", ms: 10 },
    ];
    const compare = async () => (trials++, tries);
    const kernels = (store: UseStore, setting: KernelSetting, found?: string, isSoftware = false) =>
      new KernelsOnWebGPU("stock", gpu, setting, store, { check: async () => (checks++, found), compare, isSoftware });
    const newStore = () => createStore(`kernels ${crypto.randomUUID()}`, "choices");
    const seenBy = async (own: KernelsOnWebGPU) => {
      await own.ready(tinySegmenter());
      const first = own.segment;
      await own.decide(() => false);
      await own.decide(() => true);
      return [first, own.segment, ...own.wrong];
    };
    const store = newStore();
    expect([await seenBy(kernels(store, "auto")), checks, trials]).toEqual([["general", "stock"], 1, 2]);
    expect([await seenBy(kernels(store, "auto")), checks, trials]).toEqual([["stock", "stock"], 1, 2]);
    expect(await seenBy(kernels(newStore(), "auto", undefined, true))).toEqual(["general", "general"]);
    expect(await seenBy(kernels(newStore(), "stock"))).toEqual(["stock", "stock"]);
    const wrong = newStore();
    for (let i = 0; i < 2; i++) expect(await seenBy(kernels(wrong, "auto", "it differs"))).toEqual(["stock", "stock", "general"]);
    expect([checks, trials]).toEqual([3, 2]);
    close();
  });

  it("goes on with WebGL once its device is lost in the middle, and says so", async () => {
    start();
    once(BLOCKS, () => device().destroy());
    expect(await core.run(graph("sky"), [VIEWED])).toMatchObject({ errors: {}, cancelled: false });
    expect(notices()).toEqual(["The graphics context was lost: it is started again and the run is repeated."]);
    await seen();
    await expect.poll(status).toMatchObject({ backend: "webgl" });
  });

  it("does so once the GPU says that it could not do what it was asked for", async () => {
    start();
    once(BLOCKS, () => device().createBuffer({ size: 16, usage: 0xffff })); // there is no such usage
    expect(await core.run(graph("sky"), [VIEWED])).toMatchObject({ errors: {}, cancelled: false });
    expect(notices().length).toBe(1);
    await expect.poll(status).toMatchObject({ backend: "webgl" });
  });
});
