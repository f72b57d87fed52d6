import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import type { Backend } from "../../src/browser/backend";
import { decode } from "../../src/browser/codec";
import type { CoreOptions } from "../../src/browser/core";
import type { EngineEvent } from "../../src/browser/protocol";
import { encodePng } from "../../src/codec/png-encode";
import { drawnOutput } from "../../src/engine/view";
import { readGraph } from "../../src/graph/clean";
import type { StoredGraph } from "../../src/graph/stored";
import { graphOf } from "../graph-builder";
import {
  coreOf,
  expectNoTensors,
  type HeardCore,
  METRICS,
  noisyPng,
  PREVIEW,
  pixelsOfBitmap,
  SAVE,
  sixStages,
  tinyAssets,
} from "./engine";

const READY = import.meta.glob("../../graphs/*.json", { query: "?raw", import: "default", eager: true }) as Record<
  string,
  string
>;
const GRAPHS = Object.entries(READY).map(([path, text]) => [path.split("/").at(-1)!, readGraph(text)] as const);
const BACKENDS: readonly Backend["name"][] = ["webgl", "wasm", "cpu"];
/** Levels of 255 that pictures of two backends may differ by: one, where a sample lies between two. */
const ROUNDING = 1;

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

let core: HeardCore | undefined;
const start = (options: CoreOptions) => {
  core = coreOf(options);
  return core;
};
afterEach(async () => {
  await core?.close();
});
const statusOf = (engine: HeardCore) =>
  new Promise<EngineEvent & { kind: "status" }>((resolve) => engine.listen((event) => event.kind === "status" && resolve(event)));

describe("the backend", () => {
  it("is WebGL, wasm or the CPU as asked for, and the status says why", async () => {
    expect(await statusOf(start({}))).not.toHaveProperty("reason");
    await core!.close();
    for (const backend of ["wasm", "cpu"] as const) {
      expect(await statusOf(start({ backend }))).toMatchObject({ backend, reason: `${backend} was asked for` });
      await core!.close();
    }
  });

  it("is wasm where there is no WebGL 2, and the status says so", async () => {
    const { getContext } = OffscreenCanvas.prototype;
    OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, kind: "2d", options: never) {
      return /webgl/.test(kind) ? null : (getContext as (...all: unknown[]) => unknown).call(this, kind, options);
    } as typeof getContext;
    try {
      const status = await statusOf(start({ asset: await tinyAssets() }));
      expect(status).toMatchObject({ backend: "wasm", reason: "no WebGL: this browser has no WebGL 2" });
      expect((await core!.run(sixStages(), [PREVIEW])).errors).toEqual({});
    } finally {
      OffscreenCanvas.prototype.getContext = getContext;
    }
  });
});

describe("one graph on WebGL, wasm and the CPU", () => {
  let asset: (name: string) => Promise<Uint8Array>;
  let photo: Uint8Array;
  beforeAll(async () => {
    asset = await tinyAssets();
    photo = await noisyPng({ height: 24, width: 30 });
  });

  it("gives one picture, one set of metrics and the same views", async () => {
    const results = [];
    for (const backend of BACKENDS) {
      const engine = start({ backend, asset });
      const file = await engine.addFile(photo, "photo.png");
      const graph = sixStages({ file });
      const { errors, values } = await engine.run(graph, [PREVIEW, METRICS]);
      expect(errors, backend).toEqual({});
      const views = [];
      for (const node of ["1", "2", "3", "4", "5", "6"]) {
        const view = await engine.view({ node, width: 37, height: 23 });
        views.push(pixelsOfBitmap(view!.bitmap));
      }
      const saved = await decode((await engine.encode(graph, SAVE)).bytes, "saved");
      results.push({ backend, views, values: values[METRICS] as { psnr: number; ssim: number }, saved });
      await engine.close();
    }
    const [webgl, ...others] = results;
    for (const other of others) {
      expect(worst(webgl!.saved.rgb, other.saved.rgb), other.backend).toBeLessThanOrEqual(8); // of 65535
      expect(other.values.psnr).toBeCloseTo(webgl!.values.psnr, 2);
      expect(other.values.ssim).toBeCloseTo(webgl!.values.ssim, 3);
      for (const [i, view] of other.views.entries())
        expect(worst(webgl!.views[i]!, view), `${other.backend}, view of node ${i + 1}`).toBeLessThanOrEqual(ROUNDING);
    }
  });

  it("shows opacity over the same chequers", async () => {
    const views: number[][] = [];
    for (const backend of BACKENDS) {
      const engine = start({ backend, asset });
      const size = { height: 20, width: 20 };
      const alpha = Uint8Array.from({ length: 400 }, (_, i) => (i % 20 < 10 ? 0 : 255));
      const bytes = await encodePng({ ...size, bits: 8, rgb: new Uint8Array(1200).fill(255), alpha });
      const file = await engine.addFile(bytes, "alpha.png");
      expect((await engine.run(graphOf([["load-lr", { file }]]))).errors).toEqual({});
      views.push([...pixelsOfBitmap((await engine.view({ node: "1", width: 20, height: 20 }))!.bitmap)]);
      await engine.close();
    }
    const at = (x: number, y: number) => views[0]!.slice(4 * (20 * y + x), 4 * (20 * y + x) + 4);
    expect(at(0, 0)).toEqual([153, 153, 153, 255]);
    expect(at(8, 0)).toEqual([191, 191, 191, 255]);
    expect(at(0, 8)).toEqual([191, 191, 191, 255]);
    expect(at(15, 3)).toEqual([255, 255, 255, 255]);
    expect(views[1]).toEqual(views[0]);
    expect(views[2]).toEqual(views[0]);
  });
});

describe("every ready graph on wasm", () => {
  let asset: (name: string) => Promise<Uint8Array>;
  beforeAll(async () => {
    asset = await tinyAssets(16);
  });
  const saveOf = (graph: StoredGraph) => String(graph.nodes.find((node) => node.type === "sftgan/save")!.id);

  it.each(GRAPHS)("%s runs, is drawn, saves the picture that WebGL saves, and leaves no tensor", async (_, graph) => {
    const saved = [];
    for (const backend of ["wasm", "webgl"] as const) {
      const engine = start({ backend, asset });
      expect((await engine.run(graph)).errors).toEqual({});
      if (backend === "wasm") {
        for (const node of graph.nodes) {
          const def = definitions.find((other) => other.type === node.type)!;
          const view = await engine.view({ node: String(node.id), width: 9, height: 7 });
          if (def.sink !== "on demand" && drawnOutput(def)) expect(view, node.type).toBeDefined();
          view?.bitmap.close();
        }
      }
      saved.push(await decode((await engine.encode(graph, saveOf(graph))).bytes, "saved"));
      await engine.close();
      await expectNoTensors();
    }
    const [wasm, webgl] = saved;
    expect(worst(wasm!.rgb, webgl!.rgb)).toBeLessThanOrEqual(ROUNDING);
  });
});
