/**
 * The editor on a laptop's screen, on a large fine one, and under fingers on a phone: what is done by pointer, finger and keys is the
 * same, and nothing of it lies out of reach.
 */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import type { StoredGraph } from "../../src/graph/stored";
import { graphOf } from "../graph-builder";
import { accessProblems } from "./access";
import { openStage, type Stage, tinyPng } from "./browser";
import { type Hands, openWithHands, SCREENS } from "./hands";
import { type At, button, drop, idle, look, open, selectedOf, slotOf, titleOf, undoLabelOf, wiresOf } from "./page";

declare const window: { __editor?: EditorHandle };

const ALL_SCREENS: typeof SCREENS = [
  ...SCREENS,
  ["1280 × 720 enlarged twice", { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 }],
];

/** Nothing that takes long. */
const [UPSCALE, MIX] = [2, 5];
const sketch = graphOf([
  ["load-lr"],
  ["bicubic-upscale", {}, { image: [1, "image"] }],
  ["constant-prior", { class: "sky" }, { picture: [1, "image"] }],
  ["constant-prior", { class: "grass" }, { picture: [1, "image"] }],
  ["mix-priors", { weight: 0.5 }, { a: [3, "prior"], b: [4, "prior"] }],
  ["save", {}, { image: [2, "image"] }],
]);
const SMALL = { ...sketch, nodes: sketch.nodes.map((node, i) => ({ ...node, pos: [280 * (i % 3), 380 * Math.floor(i / 3)] })) };

let stage: Stage;
let ready: StoredGraph;
beforeAll(async () => {
  stage = await openStage("webgl");
  ready = JSON.parse(await readFile("graphs/sft-gan.json", "utf8")) as StoredGraph;
}, 240_000);
afterAll(() => stage?.close());

describe.each(ALL_SCREENS)("The editor on %s", (_, screen) => {
  const isPhone = screen.hasTouch === true;
  const isNarrow = screen.viewport!.width <= 700;
  let page: Page;
  let errors: string[];
  let hands: Hands;
  beforeAll(async () => {
    ({ page, errors, hands } = await openWithHands(stage, screen, ready, 20_000));
  }, 240_000);
  afterAll(() => page?.context().close());

  const pressButton = (name: string) => hands.press(button(page, name).first());
  /** On a phone a part of the toolbar comes out of a menu. */
  const more = () => (isNarrow ? pressButton("More") : Promise.resolve());
  const nodeId = (type: string) =>
    page.evaluate((type) => window.__editor!.document.stored().nodes.find((node) => node.type === `sftgan/${type}`)!.id, type);
  /** Controls that lie outside of the page and cannot be scrolled to; and by how much the page has been enlarged or moved. */
  const outside = (on = page) =>
    on.evaluate(() => {
      const isScrolled = (element: Element | null): boolean =>
        element !== null &&
        (/auto|scroll/.test(getComputedStyle(element).overflowX + getComputedStyle(element).overflowY) ||
          isScrolled(element.parentElement));
      const controls = [...document.querySelectorAll<HTMLElement>("button, input, select, textarea, a[href]")];
      const out = controls.filter((control) => {
        const { left, top, right, bottom, width } = control.getBoundingClientRect();
        const isSeen = width > 0 && control.checkVisibility({ visibilityProperty: true, opacityProperty: true });
        const isIn = left > -1 && top > -1 && right < innerWidth + 1 && bottom < innerHeight + 1;
        return isSeen && !isIn && !isScrolled(control.parentElement);
      });
      const { scale } = visualViewport!;
      return [
        ...out.map((control) => control.ariaLabel || control.title || control.textContent),
        ...(scale === 1 && scrollX === 0 && scrollY === 0 ? [] : [`the page at ${scale}, ${scrollX}, ${scrollY}`]),
      ];
    });

  it("says of a wire what it joins, refuses one that does not fit, and puts between what makes it fit", async () => {
    const [load, condition] = [await nodeId("load-lr"), await nodeId("condition-net")];
    const [segment, blocks] = [await nodeId("segment"), await nodeId("sft-resblocks")];
    await look(page, condition, blocks);
    const [from, to] = [await slotOf(page, condition, "output", 0), await slotOf(page, blocks, "input", 2)];
    const menu = await hands.menuAt([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
    expect(await menu.textContent()).toContain("Cut Condition Net → SFT ResBlock×N");
    expect(await outside()).toEqual([]);
    await page.keyboard.press("Escape");
    await look(page, load, condition, segment);
    await hands.drag(await slotOf(page, load, "output", 0), await slotOf(page, condition, "input", 0));
    await page.getByRole("menu").getByText("Add Map to Prior").waitFor();
    expect(await page.getByRole("menu").textContent()).toContain("An image is no prior");
    await hands.press(await middleOf("Add Map to Prior"));
    expect(await undoLabelOf(page)).toMatch(/^add Map to Prior/);
    expect(await wiresOf(page)).not.toContain(`${segment}>${condition}`);
    await pressButton("Undo: add Map to Prior");
    expect(await wiresOf(page)).toContain(`${segment}>${condition}`);
  }, 120_000);
  async function middleOf(text: string): Promise<At> {
    const { x, y, width, height } = (await page.getByRole("menu").getByText(text).boundingBox())!;
    return [x + width / 2, y + height / 2];
  }

  it("shows a photo at once, runs, keeps the large view on the result, and enlarges the picture and never the page", async () => {
    await open(page, SMALL);
    await drop(page, [[await tinyPng(12, 10), "tiny.png"]]);
    await expect.poll(() => page.locator(".status-note").textContent()).toBe("“tiny.png” is here");
    await look(page, UPSCALE);
    await hands.press(await titleOf(page, UPSCALE));
    expect(await selectedOf(page)).toEqual([UPSCALE]);
    await pressButton("Run");
    await idle(page);
    await more();
    const toggle = page.getByTitle("Show or hide the large view");
    await hands.press(toggle);
    const name = () => page.locator(".viewer .panel-header").textContent();
    await expect.poll(name).toContain("48 × 40");
    expect(await outside()).toEqual([]);
    const box = (await page.locator("canvas.viewer-canvas").boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const zoom = async () => Number.parseFloat(await page.locator(".viewer-zoom").inputValue());
    const twice = page.getByTitle("Show the picture at 200 % (2)");
    await hands.press(twice);
    await expect.poll(zoom).toBe(200);
    if (isPhone) {
      await hands.fingers("touchStart", [x - 30, y], [x + 30, y]);
      for (let i = 1; i <= 5; i++) await hands.fingers("touchMove", [x - 30 - 6 * i, y], [x + 30 + 6 * i, y]);
      await hands.fingers("touchEnd");
      await expect.poll(zoom).toBeCloseTo(400, -1);
    } else {
      await page.mouse.move(x, y);
      await page.mouse.wheel(0, -200);
      await expect.poll(zoom).toBeGreaterThan(200);
      await expect.poll(() => page.locator(".viewer-place").textContent()).toMatch(/x \d+/);
    }
    await look(page, MIX);
    const [from, to] = await sliderOf(MIX, "weight");
    await hands.drag(from, to);
    expect(await undoLabelOf(page)).toBe("change Mix Priors: weight");
    expect(await name()).toContain("Bicubic Upscale");
    expect(await outside()).toEqual([]);
    if (screen.viewport!.height > 400) {
      // where node and view have room at once
      await drop(page, [[await tinyPng(8, 6, 3), "other.png"]]);
      await expect.poll(() => page.locator(".status-note").textContent()).toBe("“other.png” is here");
      await look(page, UPSCALE);
      await hands.press(await titleOf(page, UPSCALE));
      await expect.poll(() => page.getByRole("button", { name: "Compute it" }).isVisible()).toBe(true);
      if (isPhone) {
        const notice = (await page.getByRole("button", { name: "Compute it" }).boundingBox())!; // two fingers over it
        await hands.fingers("touchStart", [notice.x + 10, notice.y + 9], [notice.x + 60, notice.y + 9]);
        for (let i = 1; i <= 5; i++)
          await hands.fingers("touchMove", [notice.x + 10 - 9 * i, notice.y + 9], [notice.x + 60 + 9 * i, notice.y + 9]);
        await hands.fingers("touchEnd");
        expect(await outside()).toEqual([]);
      }
    }
    await pressButton("Hide the view");
  }, 180_000);

  it("has the parameters of the selected node, and its search finds the exact name first", async () => {
    if (isNarrow) {
      const width = async () => (await page.locator(".stage").boundingBox())!.width;
      await pressButton("Show or hide the nodes");
      expect(await width(), "the list lies over the graph, which stays as it is").toBe(screen.viewport!.width);
    }
    const field = page.getByPlaceholder("Find a node");
    await field.fill("crop");
    expect(await page.locator(".node-entry").first().textContent()).toBe("Crop");
    await field.fill("");
    await page.evaluate((id) => {
      const { canvas, graph } = window.__editor!;
      canvas.selectNodes([graph.getNodeById(id)!]);
    }, MIX);
    const slider = page.locator(".params input[type=range]").first();
    const before = Number(await slider.inputValue());
    await slider.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await slider.boundingBox())!;
    await hands.press([x + 0.9 * width, y + height / 2]);
    await slider.press("ArrowLeft");
    expect(Number(await slider.inputValue())).toBeGreaterThan(before);
    expect(await undoLabelOf(page)).toBe("change Mix Priors: weight");
    expect(await outside()).toEqual([]);
    const panel = (await page.locator(".params").boundingBox())!;
    expect(panel.height, "of the parameters").toBeGreaterThanOrEqual(90);
    if (isNarrow) await pressButton("Hide the list");
  }, 120_000);

  it("goes from node to node, wires, runs and undoes by keys alone", async () => {
    await page.locator(".graph-canvas").focus();
    const at = async () => (await selectedOf(page))[0];
    await page.keyboard.press(".");
    const first = await at();
    await page.keyboard.press(".");
    expect(await at()).not.toBe(first);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("add a note");
    await page.keyboard.press("Enter");
    expect(await undoLabelOf(page)).toContain("Note");
    await page.locator(".graph-canvas").focus();
    // the key on which a Russian layout has я
    await page.evaluate(() =>
      document.activeElement!.dispatchEvent(
        new KeyboardEvent("keydown", { key: "я", code: "KeyZ", ctrlKey: true, bubbles: true, cancelable: true }),
      ),
    );
    expect(await undoLabelOf(page)).not.toContain("Note");
    await page.keyboard.press("Control+Enter");
    await idle(page);
    expect(await page.locator(".status-note").textContent()).toMatch(/^Done/);
  }, 120_000);

  it("keeps takes, whose strip goes with the graph", async () => {
    await open(page, ready);
    await page.locator(".graph-canvas").focus();
    await page.keyboard.press("t");
    await page.keyboard.press("k");
    const strip = page.getByRole("region", { name: "Takes" });
    await strip.locator(".take").waitFor();
    await open(page, SMALL);
    await expect.poll(() => strip.isVisible()).toBe(false);
    expect(errors).toEqual([]);
  }, 180_000);

  it("opens as an app, all of it in reach; axe finds nothing there", async () => {
    const app = await stage.open("?app=graphs/paint-prior.json", { screen });
    await app.page.waitForFunction(() => "__app" in window);
    expect([...(await accessProblems(app.page)), ...(await outside(app.page))]).toEqual([]);
    expect(app.errors).toEqual([]);
    await app.page.context().close();
  }, 120_000);

  /** Two points of a slider on a node. */
  const sliderOf = (id: number, name: string): Promise<[At, At]> =>
    page.evaluate(
      ([id, name]) => {
        const { graph, pagePoint } = window.__editor!;
        const node = graph.getNodeById(id)! as unknown as {
          pos: number[];
          size: number[];
          widgets: { name: string; last_y: number }[];
        };
        const y = node.pos[1]! + node.widgets.find((widget) => widget.name === name)!.last_y + 10;
        const at = (share: number): At => pagePoint([node.pos[0]! + share * node.size[0]!, y]);
        return [at(0.3), at(0.8)];
      },
      [id, name] as const,
    );
});
