import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { definitions as ours } from "../../nodes";
import { defineNode, image, number } from "../../nodes/sockets";
import type { EngineEvent } from "../../src/browser/protocol";
import { graphOf, type Sketch } from "../graph-builder";
import { coreOf, expectNoTensors, type HeardCore, PREVIEW, record, sixStages, tinyAssets } from "./engine";

const loseContext = () => (tf.backend() as MathBackendWebGL).gpgpu.gl.getExtension("WEBGL_lose_context")!.loseContext();

/** Reads a picture, and does something while it is being read. */
let samples: Float32Array;
let whileReading = () => {};
let reads = 0;
const reader = defineNode({
  type: "sftgan/reader",
  title: "Reader",
  description: "",
  sink: "always",
  inputs: { image: image("") },
  params: {},
  outputs: { sum: number("") },
  async run({ image }) {
    reads++;
    const reading = (image.rgb as tf.Tensor4D).data<"float32">();
    whileReading();
    samples = await reading;
    return { sum: samples.reduce((a, b) => a + b, 0) };
  },
});
const definitions = [...ours, reader];

const STAGES: Sketch = [
  ["load-lr"],
  ["segment", { limit: 64 }, { image: [1, "image"] }],
  ["condition-net", {}, { prior: [2, "prior"] }],
  ["sft-resblocks", { blocks: 2 }, { image: [1, "image"], condition: [3, "condition"] }],
  ["upsample", {}, { features: [4, "features"], condition: [3, "condition"] }],
  ["reader", {}, { image: [5, "image"] }],
  ["preview", {}, { image: [5, "image"] }],
];
const GRAPH = graphOf(STAGES, definitions);
const READER = "6";
const VIEWED = "7";

const notices = (events: EngineEvent[]) => events.filter((event) => event.kind === "notice");

describe("a lost graphics context", () => {
  let asset: (name: string) => Promise<Uint8Array>;
  let core: HeardCore;
  let events: EngineEvent[];
  let undisturbed: Float32Array;
  let tensors: number;

  /** Loses the context at the first event that fits, once. */
  const loseAt = (fits: (event: EngineEvent) => boolean, times = 1) => {
    core.listen((event) => {
      if (times > 0 && fits(event)) {
        times--;
        loseContext();
      }
    });
  };

  beforeAll(async () => {
    asset = await tinyAssets();
    const calm = coreOf({ asset, definitions });
    const { errors, values } = await calm.run(GRAPH, [READER, VIEWED]);
    expect(errors).toEqual({});
    expect(values[READER]!.sum).not.toBe(0);
    undisturbed = samples;
    tensors = tf.memory().numTensors;
    await calm.close();
  });

  beforeEach(() => {
    core = coreOf({ asset, definitions });
    events = record(core);
    samples = new Float32Array();
    whileReading = () => {};
    reads = 0;
  });

  afterEach(async () => {
    await core.close();
    await expectNoTensors();
  });

  it.each(["2", "3", "4", "5"])("while node %s runs: the run is repeated and gives the same picture", async (node) => {
    loseAt((event) => event.kind === "started" && event.node === node);
    const { errors, cancelled } = await core.run(GRAPH, [READER, VIEWED]);
    expect({ errors, cancelled }).toEqual({ errors: {}, cancelled: false });
    expect(samples).toEqual(undisturbed);
    expect(notices(events)).toEqual([
      { kind: "notice", message: "The graphics context was lost: it is started again and the run is repeated." },
    ]);
    expect(events.filter((event) => event.kind === "failed")).toEqual([]);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("between the tiles of a stage: the same", async () => {
    loseAt((event) => event.kind === "progress" && event.node === "4");
    await core.run(GRAPH, [READER, VIEWED]);
    expect(samples).toEqual(undisturbed);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("while a tensor is read back: the read ends, and the run is repeated", async () => {
    let first = true;
    whileReading = () => {
      if (first) loseContext();
      first = false;
    };
    await core.run(GRAPH, [READER, VIEWED]);
    expect(reads).toBe(2);
    expect(samples).toEqual(undisturbed);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(events.filter((event) => event.kind === "finished" && event.node === READER)).toHaveLength(1);
  });

  it("while a file is fetched: nothing of the first attempt is made on the new context", async () => {
    const fetching: (() => void)[] = [];
    const slow = coreOf({
      definitions,
      asset: async (name) => {
        if (name.startsWith("sample")) await new Promise<void>((resolve) => fetching.push(resolve));
        return asset(name);
      },
    });
    const run = slow.run(GRAPH, [READER, VIEWED]);
    const fetched = async () => {
      await expect.poll(() => fetching.length, { interval: 5 }).toBe(1);
      return fetching.shift()!;
    };
    (await fetched())(); // the fingerprint's read
    const goOn = await fetched(); // the node's
    await expect.poll(() => events.map(({ kind }) => kind)).toContain("status"); // the other engine has the context too
    loseContext();
    await expect.poll(() => notices(events)).toHaveLength(1); // and has heard of the loss
    goOn();
    let ended = false;
    void run.finally(() => (ended = true));
    await expect
      .poll(
        () => {
          for (const release of fetching.splice(0)) release();
          return ended;
        },
        { interval: 5 },
      )
      .toBe(true);
    expect(samples).toEqual(undisturbed);
    expect(tf.memory().numTensors).toBe(tensors);
    await slow.close();
  });

  it("while nothing runs: said at once, no views are drawn, and the next run works", async () => {
    await core.run(GRAPH, [READER, VIEWED]);
    const shown = await core.view({ node: VIEWED, width: 8, height: 8 });
    expect(shown?.size).toEqual({ height: 20, width: 24 });
    loseContext();
    expect(await core.view({ node: VIEWED, width: 8, height: 8 })).toBeUndefined();
    await expect
      .poll(() => notices(events))
      .toEqual([{ kind: "notice", message: "The graphics context was lost: the next run starts it again." }]);
    expect(await core.view({ node: VIEWED, width: 8, height: 8 })).toBeUndefined();
    samples = new Float32Array();
    expect((await core.run(GRAPH, [READER, VIEWED])).errors).toEqual({});
    expect(samples).toEqual(undisturbed);
    expect((await core.view({ node: VIEWED, width: 8, height: 8 }))?.key).toBe(shown!.key);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("three times in one run: the run ends with one message, and the next one works", async () => {
    loseAt((event) => event.kind === "started" && event.node === "3", 3);
    await expect(core.run(GRAPH, [READER])).rejects.toThrow(
      /^the graphics context was lost 3 times in one run: close other pages that use the GPU, or give a smaller picture$/,
    );
    expect(notices(events)).toHaveLength(2);
    expect((await core.run(GRAPH, [READER, VIEWED])).errors).toEqual({});
    expect(samples).toEqual(undisturbed);
  });

  it("and a cancellation at once: the run is cancelled, and not repeated", async () => {
    core.listen((event) => {
      if (event.kind !== "started" || event.node !== "4") return;
      loseContext();
      core.cancel();
    });
    expect(await core.run(GRAPH, [READER])).toEqual({ cancelled: true, errors: {}, values: {} });
    expect(reads).toBe(0);
    expect(notices(events)).toHaveLength(1);
  });

  it("while another engine of the page uses the context too: both go on", async () => {
    const other = coreOf({ asset, definitions });
    await other.run(GRAPH, [VIEWED]);
    loseAt((event) => event.kind === "started" && event.node === "4");
    await core.run(GRAPH, [READER]);
    expect(samples).toEqual(undisturbed);
    expect((await other.run(GRAPH, [READER])).errors).toEqual({});
    expect(samples).toEqual(undisturbed);
    await other.close();
    expect((await core.run(sixStages(), [PREVIEW])).errors).toEqual({});
  });
});
