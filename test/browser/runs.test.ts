import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { definitions as ours } from "../../nodes";
import type { EngineEvent } from "../../src/browser/protocol";
import { isOnnxOf } from "../../src/kernels/onnx/proto";
import { PRODUCER } from "../../src/kernels/onnx/write";
import { graphOf } from "../graph-builder";
import { refusal } from "../message";
import {
  coreOf,
  expectNoTensors,
  type HeardCore,
  METRICS,
  next,
  noisyPng,
  PREVIEW,
  pixelsOfBitmap,
  record,
  SAVE,
  sixStages,
  slow,
  tinyAssets,
  work,
} from "./engine";

const definitions = [...ours, slow];
const slowGraph = (tag: number, tiles = 10) => graphOf([["slow", { tag, tiles }]], definitions);
const CANCELLED = { cancelled: true, errors: {}, values: {} };

let asset: (name: string) => Promise<Uint8Array>;
beforeAll(async () => {
  asset = await tinyAssets();
});

describe("runs of one engine", () => {
  let core: HeardCore;
  let events: EngineEvent[];
  beforeEach(() => {
    core = coreOf({ asset, definitions });
    events = record(core);
    work.most = 0;
  });
  afterEach(async () => {
    await core.close();
    await expectNoTensors();
  });

  const lastStatus = () => events.filter((event) => event.kind === "status").at(-1);
  const nodes = (kind: "finished" | "cached") => events.flatMap((event) => (event.kind === kind ? [event.node] : []));

  it("never overlap, and the latest one wins", async () => {
    const reports = await Promise.all([1, 2, 3, 4].map((tag) => core.run(slowGraph(tag))));
    expect(reports.map((report) => report.cancelled)).toEqual([true, true, true, false]);
    expect(work.most).toBe(1);
    const view = await core.view({ node: "1", width: 1, height: 1 });
    expect(view?.size).toEqual({ height: 1, width: 1 });
    expect(nodes("finished")).toEqual(["1"]);
  });

  it("stop when a newer one starts in their midst", async () => {
    const first = core.run(slowGraph(1, 1000));
    await next(core, "progress");
    const second = core.run(slowGraph(2));
    expect(await first).toEqual(CANCELLED);
    expect((await second).cancelled).toBe(false);
    expect(work.most).toBe(1);
  });

  it("are cancelled even before they start, and while they wait for an older one", async () => {
    const early = core.run(slowGraph(1));
    core.cancel();
    expect(await early).toEqual(CANCELLED);
    const older = core.run(slowGraph(2, 1000));
    await next(core, "progress");
    const waiting = core.run(slowGraph(3));
    core.cancel();
    expect(await Promise.all([older, waiting])).toEqual([CANCELLED, CANCELLED]);
    await expect.poll(lastStatus).toMatchObject({ busy: false });
  });

  it.each([
    ["2", "Segment"],
    ["4", "SFT ResBlock×N"],
    ["5", "Upsample"],
    [METRICS, "Metrics"],
  ])("cancelled in node %s (%s) keep what was finished, start no further node, and leave the engine idle", async (node) => {
    const stopListening = core.listen((event) => event.kind === "started" && event.node === node && core.cancel());
    expect(await core.run(sixStages(), [PREVIEW, METRICS])).toEqual(CANCELLED);
    const started = events.flatMap((event) => (event.kind === "started" ? [event.node] : []));
    expect(started.at(-1)).toBe(node);
    const before = nodes("finished").filter((other) => other !== node);
    stopListening();
    await expect.poll(lastStatus).toMatchObject({ busy: false });
    events.length = 0;
    expect((await core.run(sixStages(), before)).cancelled).toBe(false);
    expect(nodes("finished")).toEqual([]);
    expect(nodes("cached").sort()).toEqual(before.sort());
  });

  it("stop within one tile", async () => {
    const file = await core.addFile(await noisyPng({ height: 24, width: 30 }), "large.png");
    const tight = coreOf({ asset, definitions, budget: 150_000 });
    let tiles = 0;
    let after = 0;
    tight.listen((event) => {
      if (event.kind !== "progress" || event.node !== "5") return;
      if (tiles > 0) after++;
      if (++tiles === 2) tight.cancel();
    });
    expect(await tight.run(sixStages({ file, limit: 16 }), [PREVIEW])).toEqual(CANCELLED);
    expect(tiles).toBe(2);
    expect(after).toBe(1);
    await tight.close();
  });

  it("compute what an edit reaches and nothing else", async () => {
    await core.run(sixStages(), [PREVIEW]);
    events.length = 0;
    await core.run(sixStages({ blocks: 1 }), [PREVIEW]);
    expect(nodes("finished")).toEqual(["4", "5", PREVIEW]);
  });

  it("draw what is in focus before the rest, with the whole's key, and nothing where it is most of the picture", async () => {
    const region = { top: 4, left: 8, height: 8, width: 8 };
    const request = { node: "5", region, width: 8, height: 8 };
    await core.run(sixStages(), [PREVIEW], { focus: request });
    const told = events.filter((event) => event.kind === "preview" || (event.kind === "finished" && event.node === "4"));
    expect(told.map(({ kind }) => kind)).toEqual(["preview", "finished"]);
    const [preview] = told as Extract<EngineEvent, { kind: "preview" }>[];
    expect(preview).toMatchObject({ node: "5", region, view: { size: { height: 20, width: 24 } } });
    const whole = await core.view(request);
    expect(preview!.view.key).toBe(whole!.key);
    const [seen, then] = [preview!.view.bitmap, whole!.bitmap].map(pixelsOfBitmap);
    expect(Math.max(...seen!.map((level, i) => Math.abs(level - then![i]!)))).toBeLessThanOrEqual(1);
    events.length = 0;
    const most = { ...request, region: { top: 0, left: 0, height: 20, width: 20 } };
    for (const focus of [most, { ...request, node: "2" }, { ...request, node: "99" }])
      await core.run(sixStages({ blocks: 1 }), [PREVIEW], { focus });
    expect(events.filter(({ kind }) => kind === "preview")).toEqual([]);
  });

  it("send the pictures that are shown with the results, drawn before the next node starts", async () => {
    const views = [
      { node: "5", width: 12, height: 10 },
      { node: "2", output: "prior", width: 6, height: 5 },
      { node: PREVIEW, output: "no such", width: 6, height: 5 },
      { node: "99", width: 6, height: 5 },
    ];
    for (const kind of ["finished", "cached"] as const) {
      events.length = 0;
      await core.run(sixStages(), [PREVIEW, "2", "5"], { views });
      const drawn = events.flatMap((event) => (event.kind === kind ? (event.views ?? []) : []));
      expect(drawn.map(({ request }) => request)).toEqual([views[1], views[0]]);
      for (const { request, view } of drawn) {
        const later = await core.view(request);
        expect([view.key, view.size, view.legend]).toEqual([later!.key, later!.size, later!.legend]);
        expect(pixelsOfBitmap(view.bitmap)).toEqual(pixelsOfBitmap(later!.bitmap));
      }
    }
    events.length = 0;
    await core.run(sixStages({ blocks: 1 }), [PREVIEW], { views });
    const order = events.flatMap((event) =>
      event.kind === "started" || event.kind === "finished" ? [event.kind + event.node] : [],
    );
    expect(order).toEqual(["started4", "finished4", "started5", "finished5", `started${PREVIEW}`, `finished${PREVIEW}`]);
    const before = tf.memory().numTensors;
    await core.run(sixStages({ blocks: 1 }), [PREVIEW], { views });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("save a picture with the graph inside, and refuse what cannot be saved with one message", async () => {
    const { bytes, type } = await core.encode(sixStages(), SAVE);
    expect(type).toBe("image/png");
    expect(new TextDecoder("latin1").decode(bytes)).toContain("sftgan-weights");
    await expect(core.encode(sixStages(), "99")).rejects.toThrow(/^99: the graph has no node 99: choose one of/);
    await expect(core.encode(sixStages(), PREVIEW)).rejects.toThrow("Preview: it gives no file");
    await expect(core.encode(sixStages({ file: { name: "gone.png", sha256: "0".repeat(64) } }), SAVE)).rejects.toThrow(
      /^Load LR: the file "gone.png" is not here: choose it again$/,
    );
    const saving = core.encode(sixStages({ blocks: 1 }), SAVE);
    core.cancel();
    await expect(saving).rejects.toThrow("saving was cancelled: run it again");
  });

  it("leave a file being made alone, which waits for the run under way and is waited for by the next", async () => {
    const graph = graphOf(
      [
        ["slow", { tag: 1, tiles: 20 }],
        ["save", {}, { image: [1, "image"] }],
      ],
      definitions,
    );
    const ended: string[] = [];
    const note = async <T>(name: string, promise: Promise<T>) => promise.finally(() => ended.push(name));
    const before = note("run", core.run(slowGraph(2, 20)));
    await next(core, "progress");
    const saving = note("save", core.encode(graph, "2"));
    const second = note("second save", core.encode(graph, "2"));
    expect((await before).cancelled).toBe(false);
    await next(core, "progress"); // of the file being made
    const older = core.run(slowGraph(3));
    const after = note("next run", core.run(slowGraph(4)));
    const [file, again] = await Promise.all([saving, second]);
    expect(again.bytes).toEqual(file.bytes);
    expect(await older).toEqual(CANCELLED);
    expect((await after).cancelled).toBe(false);
    expect(ended).toEqual(["run", "save", "second save", "next run"]);
    expect(work.most).toBe(1);
  });

  it("are still there to be seen when a file has been made, of the nodes that are the same", async () => {
    await core.run(sixStages());
    const bicubic = { node: "8", width: 4, height: 4 };
    const before = await core.view(bicubic);
    await core.encode(sixStages({ blocks: 1 }), SAVE);
    expect((await core.view(bicubic))?.key).toBe(before!.key);
    expect(await core.view({ node: PREVIEW, width: 4, height: 4 }), "it shows another picture now").toBeUndefined();
    await core.encode(sixStages({ file: { name: "sample:scene-hr.png" } }), SAVE);
    expect(await core.view(bicubic)).toBeUndefined();
  });

  it("and files being made are stopped by cancel, also while they wait", async () => {
    const graph = graphOf(
      [
        ["slow", { tiles: 1000 }],
        ["save", {}, { image: [1, "image"] }],
      ],
      definitions,
    );
    const saving = core.encode(graph, "2").catch((error: Error) => error.message);
    await next(core, "progress");
    const waiting = core.encode(graph, "2").catch((error: Error) => error.message);
    const run = core.run(slowGraph(1));
    core.cancel();
    const stopped = "saving was cancelled: run it again";
    expect(await Promise.all([saving, waiting, run])).toEqual([stopped, stopped, CANCELLED]);
    await expect.poll(lastStatus).toMatchObject({ busy: false });
    expect((await core.run(slowGraph(2))).cancelled).toBe(false);
  });

  it("are refused with one message for a graph that cannot be read", async () => {
    await expect(core.run("no graph" as never)).rejects.toThrow(/graph/);
    await expect(core.run(null as never)).rejects.toThrow(/graph/);
    expect(lastStatus() === undefined || (lastStatus() as { busy: boolean }).busy === false).toBe(true);
  });

  it("are refused once the engine is closed; a run under way ends as cancelled", async () => {
    const other = coreOf({ asset, definitions });
    const run = other.run(slowGraph(1, 1000));
    await next(other, "progress");
    const closing = other.close();
    expect(await run).toEqual(CANCELLED);
    await closing;
    await expect(other.run(slowGraph(2))).rejects.toThrow("the engine is closed: create another one");
    expect(await other.view({ node: "1", width: 1, height: 1 })).toBeUndefined();
    const heard = record(other);
    other.cancel();
    await core.run(slowGraph(1, 1));
    expect(heard).toEqual([]);
    await other.close();
  });
});

describe("the user's files", () => {
  it("survive the engine that was given them", async () => {
    const first = coreOf({ asset });
    const bytes = await noisyPng({ height: 3, width: 2 }, 9);
    const file = await first.addFile(bytes, "mine.png");
    expect(file).toEqual({ name: "mine.png", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await first.close();
    const second = coreOf({ asset });
    expect(await second.readFile(file)).toEqual(bytes);
    const graph = graphOf([
      ["load-lr", { file }],
      ["preview", {}, { image: [1, "image"] }],
    ]);
    expect((await second.run(graph)).errors).toEqual({});
    expect((await second.view({ node: "2", width: 2, height: 3 }))?.size).toEqual({ height: 3, width: 2 });
    await second.close();
  });

  it("that hold weights, and those that ship, become ONNX models", async () => {
    const core = coreOf({ asset });
    const own = await core.addFile(await asset("weights:psnr.safetensors"), "mine.safetensors");
    for (const ref of [own, { name: "weights:psnr.safetensors" }])
      expect(isOnnxOf(await core.exportOnnx(ref), PRODUCER)).toBe(true);
    const picture = await core.addFile(await noisyPng({ height: 3, width: 2 }), "a.png");
    expect(await refusal(() => core.exportOnnx(picture))).toContain('"a.png" is not a weights file but a picture');
    await core.close();
  });

  it("are asked for by name where they are missing, on the node, and what does not need them runs", async () => {
    const core = coreOf({ asset });
    const missing = { name: "holiday.png", sha256: "a".repeat(64) };
    expect(await core.readFile(missing)).toBeUndefined();
    expect(await refusal(() => core.exportOnnx(missing))).toMatch(/is not here: choose it again$/);
    expect(await core.readFile({ name: "holiday.png" })).toBeUndefined();
    const graph = graphOf([
      ["load-lr", { file: missing }],
      ["preview", {}, { image: [1, "image"] }],
      ["load-lr"],
      ["preview", {}, { image: [3, "image"] }],
    ]);
    const events = record(core);
    expect((await core.run(graph)).errors).toEqual({ 1: 'the file "holiday.png" is not here: choose it again' });
    expect(events.filter((event) => event.kind === "failed")).toEqual([
      { kind: "failed", node: "1", message: 'the file "holiday.png" is not here: choose it again' },
    ]);
    expect(await core.view({ node: "2", width: 4, height: 4 })).toBeUndefined();
    expect(await core.view({ node: "4", width: 4, height: 4 })).toBeDefined();
    await core.close();
  });
});
