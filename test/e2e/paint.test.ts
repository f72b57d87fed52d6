/** Painting on a prior as a user does: mouse and keys in the large view, and the same picture from the graph alone. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { parseStrokes } from "../prior/stroke-text";
import { openStage, type Stage, tinyPng } from "./browser";
import { button, distance, frame, idle, open, run, save, undoLabelOf } from "./page";

declare const window: { __editor?: EditorHandle } & Record<string, unknown>;

let stage: Stage;
let page: Page;
let errors: string[];
let graph: { nodes: { id: number; properties: Record<string, unknown> }[] };
let plain: Buffer;
let painted: Buffer;

/** Node ids of graphs/paint-prior.json. */
const LOAD = 1;
const SEGMENT = 2;
const PAINT = 3;
const UPSAMPLE = 6;

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
  graph = JSON.parse(await readFile("graphs/paint-prior.json", "utf8"));
  const png = await tinyPng();
  graph.nodes.find(({ id }) => id === LOAD)!.properties.file = { name: "tiny.png", data: png.toString("base64") };
  await open(page, graph);
}, 120_000);

afterAll(() => stage?.close());

const strokes = () => page.evaluate((id) => String(window.__editor!.graph.getNodeById(id)!.properties.strokes), PAINT);
const undoLabel = () => undoLabelOf(page);

/** The point of the page over a place of the photo, from 0 to 1: the picture lies whole in the middle of the view. */
async function over(x: number, y: number): Promise<[number, number]> {
  const box = (await page.locator("canvas.viewer-canvas").boundingBox())!;
  const scale = Math.floor(Math.min((box.width - 24) / 12, (box.height - 24) / 10));
  return [box.x + box.width / 2 + (x - 0.5) * 12 * scale, box.y + box.height / 2 + (y - 0.5) * 10 * scale];
}

async function drag(...spots: readonly (readonly [number, number])[]): Promise<void> {
  const points = await Promise.all(spots.map(([x, y]) => over(x, y)));
  await page.mouse.move(...points[0]!);
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...point, { steps: 5 });
  await page.mouse.up();
}

/** Presses the button on the node. */
async function pressPaint(): Promise<void> {
  const [x, y] = await page.evaluate((id) => {
    const { graph, pagePoint } = window.__editor!;
    const node = graph.getNodeById(id)! as unknown as { pos: number[]; size: number[]; widgets: { last_y: number }[] };
    return pagePoint([node.pos[0]! + node.size[0]! / 2, node.pos[1]! + node.widgets[0]!.last_y + 10]);
  }, PAINT);
  await page.mouse.click(x!, y!);
}

describe("Painting on a prior", () => {
  it("begins when the node is selected, and computes what is painted on", async () => {
    await run(page);
    plain = await save(page);
    await page.getByTitle("Show or hide the large view").click();
    await page.evaluate((id) => {
      const { canvas, graph } = window.__editor!;
      canvas.selectNode(graph.getNodeById(id)!);
    }, PAINT);
    await expect.poll(() => page.getByRole("toolbar", { name: "Paint" }).isVisible()).toBe(true);
    await expect.poll(() => page.locator(".viewer-size").textContent()).toBe("12 × 10");
  });

  it("takes the whole page at the node's button", async () => {
    await pressPaint();
    await expect.poll(() => button(page, "Done").isVisible()).toBe(true);
    await expect.poll(async () => (await page.locator(".viewer").boundingBox())!.width).toBeGreaterThan(1200);
  });

  it("puts a stroke into the graph as one step of undo, and its prior under the strokes", async () => {
    await page.keyboard.press("5");
    for (let i = 0; i < 6; i++) await page.keyboard.press("]");
    await drag([0.3, 0.3], [0.5, 0.5], [0.6, 0.3]);
    await idle(page);
    const [stroke, ...more] = parseStrokes(await strokes());
    expect(more).toEqual([]);
    expect(stroke).toMatchObject({ tool: "brush", label: 5 });
    expect(stroke!.points[0]).toBeCloseTo(0.3 * 12, 0);
    expect(stroke!.points[1]).toBeCloseTo(0.3 * 10, 0);
    expect(await undoLabel()).toBe("paint building");
    const started = await page.evaluate(() =>
      window.__editor!.events.flatMap((event) => (event.kind === "started" ? [event.node] : [])).slice(-1),
    );
    expect(started).toEqual([String(PAINT)]); // only what is painted: runs do not follow changes
  });

  it("has fill, lasso and eraser, and picks the class under the pointer", async () => {
    await page.keyboard.press("l");
    await page.keyboard.press("1");
    await drag([0.1, 0.6], [0.9, 0.6], [0.9, 0.95], [0.1, 0.95]);
    await idle(page);
    await page.keyboard.press("g");
    await page.keyboard.press("7");
    await drag([0.5, 0.8]);
    await idle(page);
    await page.keyboard.press("e");
    await drag([0.8, 0.8], [0.85, 0.85]);
    await idle(page);
    expect(parseStrokes(await strokes()).map(({ tool, label }) => [tool, label])).toEqual([
      ["brush", 5],
      ["lasso", 1],
      ["fill", 7],
      ["eraser", 0],
    ]);
    await page.keyboard.down("Alt");
    await expect
      .poll(async () => {
        await drag([0.3, 0.8]);
        return button(page, "animal").getAttribute("aria-pressed");
      })
      .toBe("true");
    await page.keyboard.up("Alt");
    expect(parseStrokes(await strokes())).toHaveLength(4);
  });

  it("takes strokes back one by one with Ctrl+Z, and does them again", async () => {
    expect(await undoLabel()).toBe("erase");
    const all = await strokes();
    await page.keyboard.press("Control+z");
    expect(parseStrokes(await strokes())).toHaveLength(3);
    await page.keyboard.press("Control+z");
    expect(await undoLabel()).toBe("outline sky");
    await page.keyboard.press("Control+Shift+z");
    await page.keyboard.press("Control+Shift+z");
    expect(await strokes()).toBe(all);
    await expect.poll(() => page.getByRole("toolbar", { name: "Paint" }).isVisible()).toBe(true);
  });

  it("zooms at the wheel and pans while Space is held, and paints nothing by that", async () => {
    const before = await strokes();
    const zoom = () => page.locator(".viewer-zoom").inputValue();
    const was = await zoom();
    await page.mouse.move(...(await over(0.5, 0.5)));
    await page.mouse.wheel(0, -400);
    await expect.poll(zoom).not.toBe(was);
    await page.keyboard.down(" ");
    await drag([0.5, 0.5], [0.7, 0.7]);
    await page.keyboard.up(" ");
    expect(await strokes()).toBe(before);
    await page.locator("canvas.viewer-canvas").focus();
    await button(page, "Fit the whole picture (0)").click();
  });

  it("drops the stroke under way at Escape, and goes back to the graph at the next", async () => {
    const before = await strokes();
    await page.mouse.move(...(await over(0.2, 0.2)));
    await page.mouse.down();
    await page.mouse.move(...(await over(0.4, 0.2)), { steps: 4 });
    await page.keyboard.press("Escape");
    await page.mouse.up();
    expect(await strokes()).toBe(before);
    await page.keyboard.press("Escape");
    expect(await button(page, "Done").isVisible()).toBe(false);
  });

  it("leaves the picture room below the graph on a phone's page, with a way to the whole page in reach", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const box = async (part: string) => (await page.locator(part).boundingBox())!;
    await expect.poll(async () => (await box("canvas.viewer-canvas")).height).toBeGreaterThan(100);
    const wide = (await page.getByTitle("Paint on the whole page").boundingBox())!;
    expect(wide.x + wide.width).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it("changes the picture, and only recomputes what the strokes reach", async () => {
    const before = await page.evaluate(() => window.__editor!.events.length);
    await run(page);
    const events = await page.evaluate((before) => window.__editor!.events.slice(before), before);
    const started = events.flatMap((event) => (event.kind === "started" ? [Number(event.node)] : []));
    expect(started).toContain(UPSAMPLE);
    expect(started).not.toContain(SEGMENT);
    painted = await save(page);
    expect(await distance(plain, painted)).toBeGreaterThan(0);
  });

  it("gives the same picture in a fresh profile from the graph's JSON alone", async () => {
    const json = await page.evaluate(() => window.__editor!.document.stored());
    expect(JSON.stringify(json).length).toBeLessThan(20_000);
    const fresh = await stage.open();
    await fresh.page.waitForFunction(() => window.__editor);
    await open(fresh.page, json);
    await run(fresh.page);
    expect(await distance(painted, await save(fresh.page))).toBeLessThanOrEqual(1);
    expect(fresh.errors).toEqual([]);
    await fresh.page.context().close();
  });

  it("runs while the stroke is drawn where runs follow changes, and is still one step of undo", async () => {
    await button(page, "Run on change").click();
    await idle(page);
    await pressPaint();
    await expect.poll(async () => (await page.locator(".viewer").boundingBox())!.width).toBeGreaterThan(1200);
    const before = await strokes();
    const events = await page.evaluate(() => window.__editor!.events.length);
    await page.keyboard.press("2");
    await page.mouse.move(...(await over(0.1, 0.2)));
    await page.mouse.down();
    for (let i = 1; i <= 100 && (await strokes()).length <= before.length; i++) {
      await page.mouse.move(...(await over(0.1 + i * 0.005, 0.2 + 0.001 * i)), { steps: 2 });
      await frame(page);
    }
    expect((await strokes()).length).toBeGreaterThan(before.length);
    await page.waitForFunction(
      ([events, id]) =>
        window.__editor!.events.slice(events).some((event) => event.kind === "started" && event.node === String(id)),
      [events, PAINT] as const,
    );
    await page.mouse.up();
    await idle(page);
    expect(await undoLabel()).toBe("paint water");
    expect(parseStrokes(await strokes())).toHaveLength(5);
    await page.keyboard.press("Control+z");
    expect(await strokes()).toBe(before);
    await idle(page);
    expect(await distance(painted, await save(page))).toBeLessThanOrEqual(1);
  });

  it("measures strokes by what is shown: the photo, where the result that was asked for is not there yet", async () => {
    await button(page, "Run on change").click();
    const another = structuredClone(graph);
    another.nodes.find(({ id }) => id === LOAD)!.properties.file = {
      name: "other.png",
      data: (await tinyPng(48, 40)).toString("base64"),
    };
    await open(page, another);
    await page.evaluate((id) => {
      const { canvas, graph } = window.__editor!;
      canvas.deselectAllNodes();
      canvas.selectNodes([graph.getNodeById(id)!]);
    }, PAINT);
    await expect.poll(() => page.locator(".viewer-size").textContent()).toBe("48 × 40");
    const result = button(page, "Result");
    if ((await result.getAttribute("aria-pressed")) !== "true") await result.click();
    await idle(page);
    expect(await page.locator(".viewer-size").textContent()).toBe("48 × 40");
    const box = (await page.locator("canvas.viewer-canvas").boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 3, box.y + box.height / 2, { steps: 2 });
    await page.mouse.up();
    await expect.poll(strokes).toMatch(/\S/);
    const [x, y] = parseStrokes(await strokes())[0]!.points;
    expect([Math.abs(x! - 24) < 2, Math.abs(y! - 20) < 2]).toEqual([true, true]);
  });

  it("leaves the Space bar to the buttons of the page", async () => {
    const eraser = page.getByRole("button", { name: /Eraser/ });
    await eraser.focus();
    await page.keyboard.press("Space");
    expect(await eraser.getAttribute("aria-pressed")).toBe("true");
  });

  it("keeps the node that is painted on where Ctrl+X is pressed in the picture", async () => {
    await page.locator("canvas.viewer-canvas").focus();
    await page.keyboard.press("Control+x");
    expect(await page.evaluate(() => window.__editor!.document.stored().nodes.length)).toBe(graph.nodes.length);
  });

  it("threw nothing on the way", () => {
    expect(errors).toEqual([]);
  });
});
