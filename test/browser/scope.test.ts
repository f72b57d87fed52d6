/** Graphs run beside the page's own: what they share with it, and what they leave alone. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { definitions as ours } from "../../nodes";
import type { EngineEvent } from "../../src/browser/protocol";
import { readPngText } from "../../src/codec/png-text";
import { graphOf } from "../graph-builder";
import {
  coreOf,
  expectNoTensors,
  type HeardCore,
  next,
  pixelsOfBitmap,
  record,
  SAVE,
  sixStages,
  slow,
  tinyAssets,
} from "./engine";

const definitions = [...ours, slow];
const graph = (tag: number, tiles = 3) => graphOf([["slow", { tag, tiles }]], definitions);
const scope = "takes";

let asset: (name: string) => Promise<Uint8Array>;
beforeAll(async () => {
  asset = await tinyAssets();
});

describe("a graph run in a scope of its own", () => {
  let core: HeardCore;
  let events: EngineEvent[];
  beforeEach(() => {
    core = coreOf({ asset, definitions, cacheBytes: 16 }); // room for one pixel
    events = record(core);
  });
  afterEach(async () => {
    await core.close();
    await expectNoTensors();
  });

  const level = async (from?: string) => {
    const view = await core.view({ node: "1", width: 1, height: 1, ...(from !== undefined && { scope: from }) });
    return view && pixelsOfBitmap(view.bitmap)[0];
  };
  const begun = () => next(core, "progress");

  it("is seen under its name, beside the page's graph with the same ids, and both stay where the cache is full", async () => {
    await core.run(graph(0));
    await core.run(graph(1), undefined, { scope });
    expect(await level()).toBe(0);
    expect(await level(scope)).toBe(255);
    expect(await level("another")).toBeUndefined();
    await core.run(graph(0.5));
    expect(await level(scope)).toBe(255);
  });

  it("is let go of by a run that asks for nothing", async () => {
    await core.run(graph(1), undefined, { scope });
    await core.run(graph(1), [], { scope });
    await core.run(graph(0));
    expect(await level(scope)).toBeUndefined();
  });

  it("marks its events, and only those", async () => {
    await core.run(graph(0));
    expect(events.every((event) => !("scope" in event))).toBe(true);
    events.length = 0;
    await core.run(graph(1), undefined, { scope });
    const ofNodes = events.filter((event) => "node" in event || event.kind === "overall");
    expect(ofNodes.length).toBeGreaterThan(3);
    expect(ofNodes.every((event) => event.scope === scope)).toBe(true);
  });

  it("is told apart by the status while it is computed", async () => {
    await core.run(graph(0));
    await core.run(graph(1), undefined, { scope });
    await expect.poll(() => events.at(-1)).toMatchObject({ kind: "status", busy: false });
    const statuses = events.flatMap((event) => (event.kind === "status" ? [[event.busy, event.scope]] : []));
    expect(statuses).toContainEqual([true, undefined]);
    expect(statuses).toContainEqual([true, scope]);
    expect(statuses.every(([busy, scope]) => busy || scope === undefined)).toBe(true);
  });

  it("computes nothing that the page's graph has computed", async () => {
    await core.run(graph(1));
    events.length = 0;
    await core.run(graph(1), undefined, { scope });
    expect(events.flatMap((event) => ("node" in event ? [event.kind] : []))).toEqual(["cached"]);
  });

  it("stops for the page's graph, which never stops for it", async () => {
    const one = core.run(graph(1, 1000), undefined, { scope });
    await begun();
    const own = core.run(graph(0));
    const two = core.run(graph(2), undefined, { scope });
    expect(await Promise.all([one, own, two])).toMatchObject([{ cancelled: true }, { cancelled: false }, { cancelled: false }]);
    expect(await level()).toBe(0);
  });

  it("stops for a newer one of its name, and for a file being made of the page's graph", async () => {
    const one = core.run(graph(1, 1000), undefined, { scope });
    const other = core.run(graph(3), undefined, { scope: "other" });
    await begun();
    const two = core.run(graph(2, 1000), undefined, { scope });
    expect((await one).cancelled).toBe(true);
    expect((await other).cancelled).toBe(false);
    const file = core.encode(sixStages(), SAVE);
    expect((await two).cancelled).toBe(true);
    expect((await file).type).toBe("image/png");
  });

  it("makes a file that carries the graph it was made of, and leaves the page's results in view", async () => {
    await core.run(graph(0));
    const other = sixStages();
    const { bytes } = await core.encode(other, SAVE, { scope });
    expect(JSON.parse(readPngText(bytes).sftgan!)).toEqual(other);
    expect(await level()).toBe(0);
  });
});
