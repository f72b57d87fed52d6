/** What an engine compiles, and when: on WebGL, and, in the project of that name, on WebGPU. */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import stored from "../../graphs/sft-gan.json";
import { IDLE_MS } from "../../src/browser/ahead";
import type { StoredGraph } from "../../src/graph/stored";
import { Device as WebGLDevice, deviceOf as webglDevice } from "../../src/kernels/webgl/device";
import { Programs } from "../../src/kernels/webgl/programs";
import { deviceOf as webgpuDevice } from "../../src/kernels/webgpu/kernels";
import { Pipelines } from "../../src/kernels/webgpu/pipelines";
import type { Size } from "../../src/types";
import { graphOf } from "../graph-builder";
import { tinyModel } from "../support";
import { coreOf, expectNoTensors, noisyPng, record, safetensors, tinyAssets } from "./engine";

const onWebGPU = tf.getBackend() === "webgpu";
const OURS = onWebGPU ? "WebGPU 4×8" : "2×2×8";

/** Programs of ours, and all there are. */
const ours = () =>
  onWebGPU
    ? webgpuDevice((tf.backend() as WebGPUBackend).device, (tf.backend() as WebGPUBackend).bufferManager).pipelines.count
    : webglDevice(tf.backend() as MathBackendWebGL).programs.count;
const all = () => {
  const { binaryCache = {}, pipelineCache = {} } = tf.backend() as unknown as Record<string, object>;
  return ours() + Object.keys({ ...binaryCache, ...pipelineCache }).length;
};

/** Tiny networks that our kernels run. */
async function assets() {
  const tiny = await tinyAssets();
  const generator = safetensors(tinyModel("sft-net", { condition: 4 }));
  const asked: string[] = [];
  const asset = async (name: string) => (asked.push(name), name === "weights:sftgan.safetensors" ? generator : tiny(name));
  return { asset, asked };
}
/** The ready graph, with a picture of noise. */
async function graphFor(core: ReturnType<typeof coreOf>, size: Size): Promise<StoredGraph> {
  const graph = structuredClone(stored) as unknown as StoredGraph;
  const set = (type: string, properties: Record<string, unknown>) =>
    Object.assign(graph.nodes.find((node) => node.type === `sftgan/${type}`)!.properties!, properties);
  set("load-lr", { file: await core.addFile(await noisyPng(size), "noise.png") });
  set("sft-resblocks", { blocks: 2 });
  return graph;
}
/** Of a generator's networks: each is drawn with once before it is needed. */
const STAGES = 6;
/** Programs of what tfjs runs by name. */
const BY_NAME = 4;
const idle = () => new Promise((resolve) => setTimeout(resolve, 2 * IDLE_MS));

afterEach(() => vi.restoreAllMocks());

describe("An engine", () => {
  it("compiles what a graph's networks run by once it is loaded, and nothing for a picture of another size", async () => {
    const { asset } = await assets();
    const compiling = onWebGPU ? vi.spyOn(Pipelines.prototype, "prepare") : vi.spyOn(Programs.prototype, "ahead");
    const warming = vi.spyOn(WebGLDevice.prototype, "runSlowly");
    const core = coreOf({ asset, kernels: OURS });
    const first = await graphFor(core, { height: 16, width: 16 });
    await core.run(first, undefined, { glance: "anew" });
    // Of Segment and of the generator; on WebGL each after what tfjs runs by name.
    const begun = () => (compiling.mock.calls as readonly unknown[][]).filter(([, turn]) => turn !== undefined).length;
    await expect.poll(begun).toBe(onWebGPU ? 2 : 4);
    await Promise.all(compiling.mock.results.map(({ value }) => value));
    if (!onWebGPU) await expect.poll(() => warming.mock.calls.length).toBe(STAGES);
    await Promise.all(warming.mock.results.map(({ value }) => value));
    const ahead = ours();
    expect(ahead).toBeGreaterThan(15);
    const show = async (graph: StoredGraph) => {
      expect((await core.run(graph)).errors).toEqual({});
      await core.view({ node: "9", width: 20, height: 20 });
      return [ours(), all()];
    };
    const [, before] = await show(first);
    expect(ours()).toBe(ahead);
    for (const size of [
      { height: 20, width: 14 },
      { height: 15, width: 21 },
      { height: 9, width: 32 },
    ]) {
      const [own, whole] = await show(await graphFor(core, size));
      expect(own).toBe(ahead);
      // tfjs's product of matrices on WebGPU has variants: for sides that are multiples of 4 and of 32, or not.
      if (onWebGPU) expect(whole! - before!).toBeLessThanOrEqual(6);
      else expect(whole).toBe(before);
    }
    expect(warming).toHaveBeenCalledTimes(onWebGPU ? 0 : STAGES);
    await core.close();
  });

  it("loads and compiles nothing ahead for a graph that is another before it is idle, nor for tfjs's own kernels", async () => {
    for (const kernels of [OURS, "stock"] as const) {
      const { asset, asked } = await assets();
      const core = coreOf({ asset, kernels, backend: onWebGPU ? "webgpu" : "webgl" });
      const graph = await graphFor(core, { height: 8, width: 8 });
      await core.run(graph, undefined, { glance: "anew" });
      const before = ours();
      if (kernels === OURS) await core.run(graphOf([["load-lr"]]), undefined, { glance: "anew" });
      await idle();
      expect(ours() - before).toBeLessThanOrEqual(onWebGPU ? 0 : BY_NAME);
      if (kernels === OURS) expect(asked.filter((name) => name.startsWith("weights:"))).toEqual([]);
      await core.close();
    }
  });

  it("stops at once while it compiles, for what it checks first and for a network, and leaves nothing; what was begun is used later", async () => {
    const { asset } = await assets();
    const owner: { prepare(...given: unknown[]): Promise<void> } = onWebGPU ? Pipelines.prototype : Programs.prototype;
    const { prepare } = owner;
    let held: Promise<void> | undefined;
    const compiling = vi.spyOn(owner, "prepare").mockImplementation(async function (this: unknown, ...given) {
      await held;
      return prepare.apply(this, given);
    });
    const hold = () => {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    };
    const goOn = [hold()];
    const core = coreOf({ asset, kernels: OURS });
    const graph = await graphFor(core, { height: 8, width: 8 });
    const stopped = async (isCompiling: () => boolean) => {
      const run = core.run(graph);
      await expect.poll(isCompiling).toBe(true);
      core.cancel();
      expect(await run).toMatchObject({ cancelled: true, errors: {} });
    };
    if (!onWebGPU) await stopped(() => compiling.mock.calls.length > 0); // what tfjs runs by name is checked before anything runs
    goOn[0]!();
    goOn.push(hold());
    const events = record(core);
    await stopped(() => events.some((event) => event.kind === "started" && event.node === "2"));
    for (const release of goOn) release();
    held = undefined;
    expect(await core.run(graph)).toMatchObject({ cancelled: false, errors: {} });
    await core.close();
    await expectNoTensors();
  });
});
