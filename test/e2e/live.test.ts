import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineEvent, View } from "../../src/browser/protocol";
import type { EditorHandle } from "../../src/editor/handle";
import type { StoredGraph } from "../../src/graph/stored";
import type { Region } from "../../src/types";
import { safetensors } from "../browser/engine";
import { graphOf } from "../graph-builder";
import { parseStrokes } from "../prior/stroke-text";
import { tinyModel } from "../support";
import { openStage, type Stage, tinyPng } from "./browser";
import { type Fingers, fingersOn, swipe } from "./hands";
import { button, distance, farthest, frame, idle, open, save } from "./page";

interface Preview {
  readonly region: Region;
  readonly key: string;
  readonly pixels: readonly number[];
}
declare const window: { __editor?: EditorHandle; __previews: Preview[]; __values: number[] };

const [WIDTH, HEIGHT] = [96, 72];
/** Numbers of the nodes below. */
const MIX = 4;
const PAINT = 5;
const BLOCKS = 8;
const UPSAMPLE = 9;

let stage: Stage;
let page: Page;
let errors: string[];
let graph: StoredGraph;

beforeAll(async () => {
  const file = (name: string, bytes: Uint8Array) => ({ name, data: Buffer.from(bytes).toString("base64") });
  const picture = file("tiny.png", await tinyPng(WIDTH, HEIGHT));
  const weights = file("tiny.safetensors", safetensors(tinyModel("sft-net", { blocks: 16, features: 4 })));
  const sketch = graphOf([
    ["load-lr", { file: picture }],
    ["constant-prior", { class: "sky" }, { picture: [1, "image"] }],
    ["constant-prior", { class: "grass" }, { picture: [1, "image"] }],
    ["mix-priors", { weight: 0.5 }, { a: [2, "prior"], b: [3, "prior"] }],
    ["paint-prior", {}, { prior: [4, "prior"], picture: [1, "image"] }],
    ["load-model", { file: weights }],
    ["condition-net", {}, { prior: [5, "prior"], model: [6, "model"] }],
    ["sft-resblocks", { blocks: 16 }, { image: [1, "image"], condition: [7, "condition"], model: [6, "model"] }],
    ["upsample", {}, { features: [8, "features"], condition: [7, "condition"], model: [6, "model"] }],
    ["save", {}, { image: [9, "image"] }],
  ]);
  const nodes = sketch.nodes.map((node, i) => ({ ...node, pos: [280 * (i % 5), 380 * Math.floor(i / 5)] as [number, number] }));
  graph = { ...sketch, nodes };
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
  await open(page, graph);
}, 120_000);

afterAll(() => stage?.close());

const strokes = () => page.evaluate((id) => String(window.__editor!.graph.getNodeById(id)!.properties.strokes ?? ""), PAINT);
const weight = () => page.evaluate((id) => Number(window.__editor!.graph.getNodeById(id)!.properties.weight), MIX);
/** Events since one that is counted. */
const eventsSince = (from: number): Promise<EngineEvent[]> =>
  page.evaluate((from) => window.__editor!.events.slice(from) as EngineEvent[], from);
const eventCount = () => page.evaluate(() => window.__editor!.events.length);

/** The same picture as a page that has never seen another computes it from the graph's JSON alone. */
async function expectFresh(): Promise<void> {
  const json = await page.evaluate(() => window.__editor!.document.stored());
  const fresh = await stage.open();
  await fresh.page.waitForFunction(() => window.__editor);
  await open(fresh.page, json);
  await button(fresh.page, "Run").click();
  await idle(fresh.page);
  expect(await distance(await save(page), await save(fresh.page))).toBeLessThanOrEqual(1);
  expect(fresh.errors).toEqual([]);
  await fresh.page.context().close();
}

/** The point of the page over a place of the picture, from 0 to 1, as it lies whole in the middle of the view. */
async function over(x: number, y: number, scale: number): Promise<[number, number]> {
  const box = (await page.locator("canvas.viewer-canvas").boundingBox())!;
  const [wide, tall] = [scale * WIDTH, scale * HEIGHT];
  const fitted = Math.min((box.width - 24) / wide, (box.height - 24) / tall);
  const zoom = fitted < 1 ? fitted : Math.floor(fitted);
  return [box.x + box.width / 2 + (x - 0.5) * wide * zoom, box.y + box.height / 2 + (y - 0.5) * tall * zoom];
}

/** Notes every preview the engine tells of, pixels and all: it belongs to whoever shows it. */
const watchPreviews = () =>
  page.evaluate(() => {
    window.__previews = [];
    window.__editor!.engine.listen((event: EngineEvent) => {
      if (event.kind !== "preview") return;
      const { bitmap, key } = event.view;
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      const pixels = [...context.getImageData(0, 0, bitmap.width, bitmap.height).data];
      window.__previews.push({ region: event.region, key, pixels });
    });
  });

/** A region of the result as it is now. */
const result = (region: Region): Promise<Preview> =>
  page.evaluate(
    async ([node, region]) => {
      const { width, height } = region;
      const { bitmap, key } = (await window.__editor!.engine.view({ node: String(node), region, width, height })) as View;
      const context = new OffscreenCanvas(width, height).getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      bitmap.close();
      return { region, key, pixels: [...context.getImageData(0, 0, width, height).data] };
    },
    [UPSAMPLE, region] as const,
  );

describe("The result while a stroke is drawn", () => {
  it("comes first around the pen, and is what the whole run gives there", async () => {
    await button(page, "Run").click();
    await idle(page);
    await button(page, "Run on change").click();
    await idle(page);
    await watchPreviews();
    await page.evaluate((id) => window.__editor!.paint(id), PAINT);
    await expect.poll(() => button(page, "Done").isVisible()).toBe(true);
    await page.getByTitle("Paint over the result").click();
    await expect.poll(() => page.locator(".viewer-size").textContent()).toBe("384 × 288");
    await idle(page);
    await page.keyboard.press("7");
    await page.mouse.move(...(await over(0.3, 0.4, 4)));
    await page.mouse.down();
    for (let i = 1; i <= 90; i++) {
      await page.mouse.move(...(await over(0.3 + 0.004 * i, 0.4, 4)));
      await frame(page);
      if (i > 15 && (await page.evaluate(() => window.__previews.length)) > 0) break;
    }
    await page.waitForFunction(() => window.__previews.length > 0); // while the pen is still down
    await page.mouse.up();
    await idle(page);
    const previews = await page.evaluate(() => window.__previews);
    const last = previews.at(-1)!;
    expect([last.region.width, last.region.height]).toEqual([128, 128]);
    const now = await result(last.region);
    expect(last.key).toBe(now.key);
    expect(farthest(last.pixels, now.pixels)).toBeLessThanOrEqual(1);
    expect(parseStrokes(await strokes())).toHaveLength(1);
    await expectFresh();
  }, 300_000);

  it("is dropped with the stroke", async () => {
    const before = await strokes();
    const then = await result({ top: 0, left: 0, width: 384, height: 288 });
    await page.mouse.move(...(await over(0.2, 0.8, 4)));
    await page.mouse.down();
    await page.mouse.move(...(await over(0.4, 0.8, 4)), { steps: 8 });
    await expect.poll(strokes).not.toBe(before);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await idle(page);
    expect(await strokes()).toBe(before);
    expect((await result({ top: 0, left: 0, width: 384, height: 288 })).pixels).toEqual(then.pixels);
  }, 300_000);
});

describe("Fingers on the picture", () => {
  let send: Fingers;
  const zoom = async () => Number.parseFloat(await page.locator(".viewer-zoom").inputValue());
  beforeAll(async () => {
    send = await fingersOn(page);
    const client = await page.context().newCDPSession(page);
    await client.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 2 });
  });

  it("paint when there is one", async () => {
    const [from, to] = [await over(0.2, 0.2, 4), await over(0.4, 0.3, 4)];
    await swipe(send, from, to, 5);
    await idle(page);
    const [, stroke, ...more] = parseStrokes(await strokes());
    expect(more).toEqual([]);
    expect(stroke!.points[0]! / WIDTH).toBeCloseTo(0.2, 1);
    expect(stroke!.points.at(-2)! / WIDTH).toBeCloseTo(0.4, 1);
    expect(stroke!.pressures).toBeUndefined();
  }, 300_000);

  it("zoom and pan when there are two, and drop the stroke that the first began", async () => {
    const [before, was] = [await strokes(), await zoom()];
    const undo = await page.evaluate(() => window.__editor!.document.history.undoLabel);
    const [x, y] = await over(0.5, 0.5, 4);
    await send("touchStart", [x - 40, y]);
    for (let i = 1; i <= 4; i++) await send("touchMove", [x - 40 - 5 * i, y]);
    await send("touchStart", [x - 60, y], [x + 60, y]);
    for (let i = 1; i <= 6; i++) await send("touchMove", [x - 60 - 10 * i, y], [x + 60 + 10 * i, y]);
    await expect.poll(zoom).toBeCloseTo(2 * was, -1);
    const place = () => page.locator(".viewer-place").textContent();
    await page.mouse.move(x, y);
    const under = await place();
    await send("touchMove", [x - 120 + 50, y + 30], [x + 120 + 50, y + 30]); // both alike: a pan
    await page.mouse.move(x + 50, y + 30);
    expect(await place()).toBe(under);
    expect(await zoom()).toBeCloseTo(2 * was, -1);
    await send("touchEnd", [x + 120, y]);
    await send("touchMove", [x + 150, y + 20]); // the finger that stays pans
    await send("touchEnd");
    await idle(page);
    expect(await strokes()).toBe(before);
    expect(await page.evaluate(() => window.__editor!.document.history.undoLabel)).toBe(undo);
  }, 300_000);
});

describe("The slider of Mix Priors", () => {
  it("is live while it is dragged: values pass, few are run, the last one stays, one undo takes it back", async () => {
    await button(page, "Fit the whole picture (0)").click(); // a part in view would come first
    await button(page, "Done").click();
    await idle(page);
    expect(await weight()).toBe(0.5);
    await page.evaluate((id) => {
      window.__values = [];
      const look = () => {
        const { weight } = window.__editor!.graph.getNodeById(id)!.properties as { weight: number };
        if (window.__values.at(-1) !== weight) window.__values.push(weight);
        requestAnimationFrame(look);
      };
      look();
    }, MIX);
    const [x, y] = await page.evaluate((id) => {
      const { graph, canvas, pagePoint } = window.__editor!;
      const node = graph.getNodeById(id)! as unknown as {
        pos: number[];
        size: number[];
        widgets: { name: string; last_y: number }[];
      };
      canvas.fitNodes([node as never]);
      const widget = node.widgets.find(({ name }) => name === "weight")!;
      return pagePoint([node.pos[0]! + node.size[0]! / 3, node.pos[1]! + widget.last_y + 10]);
    }, MIX);
    await frame(page);
    const from = await eventCount();
    const finished = async () =>
      (await eventsSince(from)).filter((event) => event.kind === "finished" && event.node === String(UPSAMPLE)).length;
    await page.mouse.move(x!, y!);
    await page.mouse.down();
    let at = 0;
    // To and fro for as long as it takes to see one result, and for a while at least.
    for (let i = 0; i < 600 && (i < 60 || i % 10 || (await finished()) === 0); i++) {
      at = Math.round(50 * Math.sin(i / 12));
      await page.mouse.move(x! + at, y!);
      await frame(page);
    }
    expect(await finished(), "results seen during the drag").toBeGreaterThan(0);
    const passed = await page.evaluate(() => window.__values.length);
    await page.mouse.move(x! + 60, y!);
    await page.mouse.up();
    const last = await weight();
    const due = await finished();
    await idle(page);
    expect(last).toBeGreaterThan(0.5);
    expect(await weight()).toBe(last);
    const runs = await finished();
    expect(runs).toBeLessThan(passed);
    expect(runs - due, "the run under way, and the last value's").toBeLessThanOrEqual(2);
    const started = (await eventsSince(from)).filter((event) => event.kind === "started" && event.node === String(BLOCKS));
    expect(started.length).toBeLessThan(passed);
    await expectFresh();
    expect(await page.evaluate(() => window.__editor!.document.history.undoLabel)).toBe("change Mix Priors: weight");
    await page.locator("canvas.graph-canvas").focus();
    await page.keyboard.press("Control+z");
    expect(await weight()).toBe(0.5);
    await idle(page);
  }, 600_000);

  it("shows first what is in view of a result that is looked at closely, and it is what the whole run gives there", async () => {
    await page.evaluate((id) => {
      const { canvas, graph } = window.__editor!;
      canvas.selectNode(graph.getNodeById(id)!);
    }, UPSAMPLE);
    await expect.poll(() => page.locator(".viewer-name").textContent()).toContain("Upsample");
    await expect.poll(() => page.locator(".viewer-size").textContent()).toBe("384 × 288");
    await page.locator("canvas.viewer-canvas").focus();
    await page.keyboard.press("1");
    for (let i = 0; i < 12; i++) await page.keyboard.press("+"); // less than a quarter is in view
    await idle(page);
    await page.evaluate((id) => {
      window.__previews = [];
      window.__editor!.graph.getNodeById(id)!.setProperty("weight", 0.9);
    }, MIX);
    await page.waitForFunction(() => window.__previews.length > 0);
    await idle(page);
    const [seen] = await page.evaluate(() => window.__previews);
    expect(seen!.region.width).toBeLessThan(384);
    const now = await result(seen!.region);
    expect(seen!.key).toBe(now.key);
    expect(farthest(seen!.pixels, now.pixels)).toBeLessThanOrEqual(1);
  }, 600_000);

  it("threw nothing on the way", () => {
    expect(errors).toEqual([]);
  });
});
