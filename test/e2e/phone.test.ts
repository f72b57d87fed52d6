/** What a phone's user meets: the way to a result, and buttons that look alike before and after a finger. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { graphOf } from "../graph-builder";
import { openStage, type Stage } from "./browser";
import { type Hands, openWithHands, SCREENS } from "./hands";
import { button, idle, open, selectedOf } from "./page";

declare const window: { __editor?: EditorHandle };

const UPSCALE = 2;
const sketch = graphOf([
  ["load-lr", { file: { name: "sample:scene.png" } }],
  ["bicubic-upscale", {}, { image: [1, "image"] }],
]);
const GRAPH = { ...sketch, nodes: sketch.nodes.map((node, i) => ({ ...node, pos: [900 * i, 0] as [number, number] })) };
const [, PHONE] = SCREENS.at(-1)!;

let stage: Stage;
let page: Awaited<ReturnType<Stage["open"]>>["page"];
let errors: string[];
let hands: Hands;
beforeAll(async () => {
  stage = await openStage();
  ({ page, errors, hands } = await openWithHands(stage, PHONE, GRAPH, 30_000));
}, 240_000);
afterAll(() => stage?.close());

const offer = () => button(page, "Show the result");

it("a button that was pressed by a finger looks as before", async () => {
  const colour = () => button(page, "Run").evaluate((run) => getComputedStyle(run).backgroundColor);
  const before = await colour();
  await hands.press(button(page, "Run"));
  await idle(page);
  expect(await page.evaluate(() => document.querySelector(".run")!.matches(":hover"))).toBe(true);
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  expect(await colour()).toBe(before);
});

it("a run whose result is not in view offers it, and one tap shows it in the large view and on the graph", async () => {
  await hands.press(button(page, "Run"));
  await idle(page);
  await offer().waitFor();
  await hands.press(offer());
  await expect.poll(() => page.locator(".viewer .panel-header").textContent()).toContain("Bicubic Upscale640 × 480");
  expect(await selectedOf(page)).toEqual([UPSCALE]);
  expect(await offer().count()).toBe(0);
});

it("it offers nothing while the large view shows results, nor for a graph that is gone", async () => {
  await hands.press(button(page, "Run"));
  await idle(page);
  expect(await offer().count()).toBe(0);
  await hands.press(button(page, "More"));
  await hands.press(page.getByTitle("Show or hide the large view"));
  await page.evaluate(() => window.__editor!.canvas.showAnew());
  await hands.press(button(page, "Run"));
  await offer().waitFor();
  await open(page, { ...GRAPH, nodes: [], links: [] });
  await expect.poll(() => offer().count()).toBe(0);
});

it("nothing was thrown on the way", () => {
  expect(errors).toEqual([]);
});
