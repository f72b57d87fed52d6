/** A batch without a page: photos one at a time, those that fail named, pause and stop, and what becomes of results. */
import { beforeEach, describe, expect, it } from "vitest";
import { type EngineEvent, type RunReport, SAVING_CANCELLED } from "../../../src/browser/protocol";
import { Batch, type Job } from "../../../src/editor/batch/batch";
import { timeLeft } from "../../../src/editor/batch/photo";
import type { FileRef } from "../../../src/graph/node";
import type { StoredGraph } from "../../../src/graph/stored";
import { caseFile } from "../../fixture";
import { graphOf } from "../../graph-builder";

const graph = graphOf([["load-lr"], ["bicubic-upscale", {}, { image: [1, "image"] }], ["save", {}, { image: [2, "image"] }]]);
const job: Job = { graph, picture: "1", save: "3", source: "2", accept: "image/png", titleOf: (id) => `Node ${id}` };
const OK: RunReport = { cancelled: false, errors: {}, values: {} };

let tell: (event: EngineEvent) => void;
let log: string[];
/** What a run of a photo, by its name, gives; called anew at each try. */
let runs: Record<string, () => RunReport | Promise<RunReport>>;
let batch: Batch;
let states: string[];
let results: Record<string, number>;

const nameIn = (stored: StoredGraph) => (stored.nodes.find(({ id }) => id === 1)?.properties?.file as FileRef | undefined)?.name;
/** Enough of a photo for what is looked at before its turn. */
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
const photo = (name: string, content: BlobPart = JPEG) => ({ file: new File([content], name, { lastModified: 0 }), path: name });
const sink = {
  async add(path: string, bytes: Uint8Array) {
    results[path] = bytes.length;
    return path;
  },
  async close() {
    log.push("closed");
  },
};
const found = () => batch.photos.map(({ path, state }) => `${path} ${state.kind}`);

beforeEach(() => {
  log = [];
  runs = {};
  states = [];
  results = {};
  batch = new Batch({
    engine: {
      listen(listener) {
        tell = listener;
        return () => {};
      },
      async addFile(bytes, name, { accept, keep } = {}) {
        expect([accept, keep]).toEqual(["image/png", false]);
        expect(bytes.length).toBeGreaterThan(0);
        if (name === "cut.png") throw new Error(`"${name}" is cut short: copy it again`);
        return { name, sha256: "00" };
      },
      async run(stored, targets, options) {
        expect(options).toEqual({ scope: "batch" });
        const name = nameIn(stored);
        if (name === undefined) return OK; // what stops the run before
        expect(targets).toEqual(["2"]);
        log.push(`run ${name}`);
        return (await runs[name]?.()) ?? OK;
      },
      async encode(stored, node, options) {
        expect([node, options]).toEqual(["3", { scope: "batch" }]);
        log.push(`encode ${nameIn(stored)}`);
        return { bytes: new Uint8Array(7), type: "image/png" };
      },
    },
    onChange: (photo) => photo && states.push(`${photo.path} ${photo.state.kind}`),
  });
});

describe("A batch", () => {
  it("runs the graph for one photo after another, and hands each result over before the next is begun", async () => {
    batch.add([photo("a.jpg"), photo("b.tif"), photo("a.jpg")]);
    expect(batch.photos).toHaveLength(2);
    expect(await batch.start(job, sink)).toEqual({ done: 2, failed: 0 });
    expect(log).toEqual(["run a.jpg", "encode a.jpg", "run b.tif", "encode b.tif", "closed"]);
    expect(results).toEqual({ "a.png": 7, "b.png": 7 });
    expect(batch.phase).toBe("idle");
  });

  it("goes on past a photo that fails, says why, and tries it again the next time", async () => {
    batch.add([photo("a.png"), photo("cut.png"), photo("c.png"), photo("bad.png")]);
    runs["a.png"] = () => ({ ...OK, errors: { 2: "it is too large: crop it" } });
    runs["bad.png"] = () => ({ ...OK, errors: { 1: '"bad.png" ends early' } });
    expect(await batch.start(job, sink)).toEqual({ done: 1, failed: 3 });
    expect(batch.photos.map(({ state }) => (state.kind === "failed" ? state.message : state.kind))).toEqual([
      "Node 2: it is too large: crop it",
      '"cut.png" is cut short: copy it again',
      "done",
      '"bad.png" ends early',
    ]);
    runs = {};
    expect(await batch.start(job, sink)).toEqual({ done: 2, failed: 1 });
    expect(log.filter((line) => line === "run c.png")).toHaveLength(1);
  });

  it("says at once which files are never read, and what to do, and does not try them", async () => {
    const heic = await caseFile("pictures/x.heic");
    batch.add([photo("a.png"), photo("b.heic", heic as Uint8Array<ArrayBuffer>), photo("empty.png", "")]);
    await expect.poll(found).toEqual(["a.png waiting", "b.heic failed", "empty.png failed"]);
    const messages = batch.photos.map(({ refusal = "" }) => refusal);
    expect(messages[1]).toBe("b.heic is a HEIC picture, which is not read here; choose or convert to PNG or JPEG.");
    expect(messages[2]).toContain("empty.png is empty");
    expect(await batch.start(job, sink)).toEqual({ done: 1, failed: 2 });
    expect(log).toEqual(["run a.png", "encode a.png", "closed"]);
    expect(await batch.start(job, sink)).toEqual({ done: 1, failed: 2 });
  });

  it("begins again what the page's own run has stopped, or the saving of it", async () => {
    batch.add([photo("a.png")]);
    let tries = 0;
    runs["a.png"] = () => (++tries < 3 ? { ...OK, cancelled: true } : OK);
    await batch.start(job, sink);
    expect(log).toEqual(["run a.png", "run a.png", "run a.png", "encode a.png", "closed"]);
    expect(SAVING_CANCELLED).toContain("cancelled");
  });

  it("waits while it is paused, with the photo at work waiting too, and goes on", async () => {
    batch.add([photo("a.png"), photo("b.png")]);
    runs["a.png"] = () => {
      batch.pause();
      return { ...OK, cancelled: true };
    };
    const ended = batch.start(job, sink);
    await expect.poll(found).toEqual(["a.png waiting", "b.png waiting"]);
    expect(batch.phase).toBe("paused");
    expect(log).toEqual(["run a.png"]);
    runs = {};
    batch.resume();
    expect(await ended).toEqual({ done: 2, failed: 0 });
  });

  it("ends at once where it is stopped, paused or not, and hands over what is done", async () => {
    batch.add([photo("a.png"), photo("b.png"), photo("c.png")]);
    runs["b.png"] = () => {
      batch.stop();
      return { ...OK, cancelled: true };
    };
    expect(await batch.start(job, sink)).toEqual({ done: 1, failed: 0 });
    expect([found(), log.at(-1)]).toEqual([["a.png done", "b.png waiting", "c.png waiting"], "closed"]);
    runs["b.png"] = () => {
      batch.pause();
      return { ...OK, cancelled: true };
    };
    const ended = batch.start(job, sink);
    await expect.poll(() => batch.phase).toBe("paused");
    batch.stop();
    expect(await ended).toEqual({ done: 0, failed: 0 });
  });

  it("ends with the reason where a result cannot be written, for the next could not be either", async () => {
    batch.add([photo("a.png"), photo("b.png")]);
    const full = { ...sink, add: () => Promise.reject(new Error("the disk is full")) };
    await expect(batch.start(job, full)).rejects.toThrow("“a.png” is computed and cannot be written: the disk is full");
    expect(found()).toEqual(["a.png waiting", "b.png waiting"]);
    expect(log.filter((line) => line !== "closed")).toEqual(["run a.png", "encode a.png"]);
  });

  it("says how far the photo at work is, by what the engine says of it and of no other graph", async () => {
    batch.add([photo("a.png")]);
    let seen: unknown[] = [];
    runs["a.png"] = () => {
      const now = () => batch.photos[0]!.state;
      tell({ kind: "overall", done: 1, total: 4, fraction: 0.25 });
      seen = [now()];
      tell({ scope: "batch", kind: "started", node: "2" });
      tell({ scope: "batch", kind: "overall", done: 1, total: 4, fraction: 0.375 });
      seen.push(now());
      tell({ scope: "batch", kind: "finished", node: "2", ms: 1, summary: "8 × 8", warnings: ["it was damaged"] });
      return OK;
    };
    await batch.start(job, sink);
    expect(seen).toEqual([
      { kind: "running", fraction: 0, at: "" },
      { kind: "running", fraction: 0.375, at: "Node 2" },
    ]);
    expect(batch.photos[0]!.state).toMatchObject({ kind: "done", size: "8 × 8", warnings: ["it was damaged"] });
  });

  it("takes photos while it runs, and lets none go that is at work", async () => {
    batch.add([photo("a.png")]);
    runs["a.png"] = () => {
      batch.add([photo("late.png")]);
      batch.remove(batch.photos[0]!);
      batch.clear();
      return OK;
    };
    expect(await batch.start(job, sink)).toEqual({ done: 2, failed: 0 });
    batch.remove(batch.photos[0]!);
    expect(found()).toEqual(["late.png done"]);
    batch.clear();
    expect(batch.photos).toEqual([]);
  });
});

describe("The time left", () => {
  it("is not known before something is done, and then follows the last photos and the one at work", () => {
    expect(timeLeft([], 5, { ms: 10, fraction: 0 })).toBeUndefined();
    expect(timeLeft([], 2, { ms: 1000, fraction: 0.25 })).toBe(2 * 4000 + 3000);
    expect(timeLeft([2000, 4000], 3)).toBe(9000);
    expect(timeLeft([2000], 1, { ms: 5000, fraction: 0 })).toBe(2000); // late, but not less than nothing
  });
});
