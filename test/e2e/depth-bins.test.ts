/** Dragging the edges of depth's bins as a user does: the histogram on the node, the prior that follows, undo, reload. */
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../../src/codec/png-encode";
import type { EditorHandle } from "../../src/editor/handle";
import { CLASS_COLOURS, CLASSES } from "../../src/types";
import { graphOf } from "../graph-builder";
import { openStage, type Stage } from "./browser";
import { button, idle, open, undoLabelOf } from "./page";

declare const window: { __editor?: EditorHandle } & Record<string, unknown>;

const DEPTH = 2;
const VIEW = 3;
/** A ramp of 64 columns, one for each step of the histogram. */
const SIZE = { width: 64, height: 8 };

let stage: Stage;
let page: Page;
let errors: string[];

const graphWith = (png: Buffer) => {
  const graph = graphOf([
    ["load-lr", { file: { name: "ramp.png", data: png.toString("base64") } }],
    ["depth-to-prior", { classes: "plant, building, sky", edges: "0.25, 0.75", near: 0.1, far: 0.9 }, { depth: [1, "image"] }],
    ["view-prior", {}, { prior: [DEPTH, "prior"] }],
  ]);
  return { ...graph, nodes: graph.nodes.map((node, i) => ({ ...node, pos: [20 + 260 * i, 60] as const })) };
};

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
  const rgb = Uint8Array.from({ length: 3 * SIZE.width * SIZE.height }, (_, i) => 4 * (Math.floor(i / 3) % SIZE.width) + 2);
  await open(page, graphWith(Buffer.from(await encodePng({ ...SIZE, bits: 8, rgb }))));
}, 120_000);

afterAll(() => stage?.close());

const edges = () => page.evaluate((id) => String(window.__editor!.graph.getNodeById(id)!.properties.edges), DEPTH);
const classes = () => page.evaluate((id) => String(window.__editor!.graph.getNodeById(id)!.properties.classes), DEPTH);
const undoLabel = () => undoLabelOf(page);

/** One row of what View Prior shows, RGB. */
const row = (page: Page): Promise<number[][]> =>
  page.evaluate(
    async ([node, width]) => {
      const region = { left: 0, top: 0, width: width!, height: 1 };
      const look = () => window.__editor!.engine.view({ node: String(node), region, width: width!, height: 1 });
      let view = await look();
      // None while a run has yet to reach the node.
      for (let tries = 0; !view && tries < 300; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        view = await look();
      }
      const canvas = new OffscreenCanvas(width!, 1);
      const context = canvas.getContext("2d")!;
      context.drawImage(view!.bitmap, 0, 0);
      view!.bitmap.close();
      const { data } = context.getImageData(0, 0, width!, 1);
      return Array.from({ length: width! }, (_, x) => [...data.slice(4 * x, 4 * x + 3)]);
    },
    [VIEW, SIZE.width],
  );

/** The point of the page over a depth of the histogram. */
const over = (depth: number): Promise<[number, number]> =>
  page.evaluate(
    ([id, depth]) => {
      const { graph, pagePoint } = window.__editor!;
      const node = graph.getNodeById(id!)! as unknown as {
        pos: number[];
        size: number[];
        widgets: { name: string; last_y: number }[];
      };
      const widget = node.widgets.find(({ name }) => name === "edges")!;
      return pagePoint([node.pos[0]! + 10 + depth! * (node.size[0]! - 20), node.pos[1]! + widget.last_y + 60]) as [
        number,
        number,
      ];
    },
    [DEPTH, depth],
  );

const [PLANT, BUILDING, SKY] = [CLASS_COLOURS[6]!, CLASS_COLOURS[5]!, CLASS_COLOURS[1]!];

describe("The histogram of depth in the page", () => {
  it("comes with the first run: eight places for each level of the ramp", async () => {
    await button(page, "Run").click();
    await idle(page);
    const face = () =>
      page.evaluate((id) => {
        const { engine } = window.__editor!;
        return engine.view({ node: String(id), width: 1, height: 1 }).then((view) => view?.face?.histogram);
      }, DEPTH);
    expect(await face()).toEqual(new Array(64).fill(SIZE.height));
    const shown = await row(page);
    expect([shown[0], shown[32], shown[63]]).toEqual([PLANT, BUILDING, SKY].map((colour) => [...colour]));
  });

  it("lets an edge be dragged while runs follow: the prior is cut there, and it is one step of undo", async () => {
    await button(page, "Run on change").click();
    const before = await row(page);
    await page.mouse.move(...(await over(0.75)));
    await page.mouse.down();
    for (const depth of [0.7, 0.6, 0.5]) await page.mouse.move(...(await over(depth)), { steps: 4 });
    await expect.poll(() => row(page)).not.toEqual(before); // while it is held
    await page.mouse.up();
    await idle(page);
    const [first, second] = (await edges()).split(", ").map(Number);
    expect(first).toBe(0.25);
    expect(second).toBeCloseTo(0.5, 1);
    await expect.poll(async () => (await row(page))[45]).toEqual([...SKY]); // the run of the last value may have yet to begin
    await idle(page);
    const after = await row(page);
    expect(after).not.toEqual(before);
    expect(before[45]).not.toEqual([...SKY]);
    const label = await undoLabel();
    expect(label).toBeDefined();
    await page.keyboard.press("Control+z");
    expect(await edges()).toBe("0.25, 0.75");
    await idle(page);
    await expect.poll(() => row(page)).toEqual(before);
    await page.keyboard.press("Control+Shift+z");
    expect(await edges()).toBe(`0.25, ${second}`);
    await idle(page);
    await expect.poll(() => row(page)).toEqual(after);
  });

  it("cuts a bin in two at a double-click, and joins it again at another", async () => {
    const was = await edges();
    await page.mouse.dblclick(...(await over(0.8)));
    expect(await classes()).toBe("plant, building, sky, sky");
    expect((await edges()).split(", ")).toHaveLength(3);
    await page.mouse.move(...(await over(0.9)));
    await page.evaluate(() => Object.assign(window.__editor!.canvas, { last_mouseclick: 0 })); // or it would be one click of three
    await page.mouse.dblclick(...(await over(Number((await edges()).split(", ")[2]))));
    expect(await classes()).toBe("plant, building, sky");
    expect(await edges()).toBe(was);
    await idle(page);
  });

  it("names the classes in the large view, and a button hides that", async () => {
    await page.getByTitle("Show or hide the large view").click();
    await page.evaluate((id) => {
      const { canvas, graph } = window.__editor!;
      canvas.selectNodes([graph.getNodeById(id)!]);
    }, VIEW);
    const names = page.locator(".viewer-key li");
    await expect.poll(() => names.allTextContents()).toEqual([...CLASSES]);
    await page.getByTitle("Show or hide what the colours stand for").click();
    expect(await page.locator(".viewer-legend").isVisible()).toBe(false);
    await page.getByTitle("Show or hide what the colours stand for").click();
    expect(await page.locator(".viewer-legend").isVisible()).toBe(true);
  });

  it("gives the same prior in another profile, from the graph's JSON alone", async () => {
    const stored = await page.evaluate(() => window.__editor!.document.stored());
    const fresh = await stage.open();
    await fresh.page.waitForFunction(() => window.__editor);
    await open(fresh.page, stored);
    await button(fresh.page, "Run").click();
    await idle(fresh.page);
    expect(await row(fresh.page)).toEqual(await row(page));
    expect([...errors, ...fresh.errors]).toEqual([]);
    await fresh.page.close();
  });
});
