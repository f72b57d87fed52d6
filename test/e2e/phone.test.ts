/** What a phone's user meets: buttons that look alike before and after a finger. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { graphOf } from "../graph-builder";
import { openStage, type Stage } from "./browser";
import { type Hands, openWithHands, SCREENS } from "./hands";
import { button, idle } from "./page";

declare const window: { __editor?: EditorHandle };

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

it("a button that was pressed by a finger looks as before", async () => {
  const colour = () => button(page, "Run").evaluate((run) => getComputedStyle(run).backgroundColor);
  const before = await colour();
  await hands.press(button(page, "Run"));
  await idle(page);
  expect(await page.evaluate(() => document.querySelector(".run")!.matches(":hover"))).toBe(true);
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  expect(await colour()).toBe(before);
});

it("nothing was thrown on the way", () => {
  expect(errors).toEqual([]);
});
