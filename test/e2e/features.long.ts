/**
 * What people expect of a node editor, on a laptop's screen, on a large fine one and under fingers on a phone: each from the menu
 * of what it is for, opened by the pointer or by a finger that rests, and by keys where there are some. Each is one step of undo.
 */
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { graphOf } from "../graph-builder";
import { openStage, type Stage, tinyPng } from "./browser";
import { type Hands, openWithHands, SCREENS } from "./hands";
import { type At, button, drop, look, open, select, selectedOf, titleOf, undoLabelOf, wiresOf } from "./page";

declare const window: { __editor?: EditorHandle };

const [UPSCALE, PREVIEW, NOISE] = [2, 3, 4];
const sketch = graphOf([
  ["load-lr"],
  ["bicubic-upscale", {}, { image: [1, "image"] }],
  ["preview", {}, { image: [2, "image"] }],
  ["degrade", {}, { image: [1, "image"] }],
  ["save", {}, { image: [2, "image"] }],
]);
const GRAPH = {
  ...sketch,
  nodes: sketch.nodes.map((node, i) => ({ ...node, pos: [[0, 290, 700][i % 3]!, 420 * Math.floor(i / 3)] })),
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage("webgl");
}, 240_000);
afterAll(() => stage?.close());

describe.each(SCREENS)("On %s", (_, screen) => {
  let page: Page;
  let errors: string[];
  let hands: Hands;
  beforeAll(async () => {
    ({ page, errors, hands } = await openWithHands(stage, screen, GRAPH, 10_000));
  }, 240_000);
  afterAll(() => page?.context().close());

  /** Chooses from the menu of a node. */
  async function ofNode(id: number, name: RegExp): Promise<void> {
    await select(page);
    await look(page, id);
    await hands.menuAt(await titleOf(page, id));
    await hands.choose(name);
  }
  /** What has been done is one step, and is taken back. */
  async function isStep(label: string | RegExp): Promise<void> {
    await expect.poll(() => undoLabelOf(page), { timeout: 6000 }).toMatch(label);
    await page.evaluate(() => void window.__editor!.document.undo());
    await page.evaluate(() => window.__editor!.canvas.canvas.focus());
  }
  async function say(text: string): Promise<void> {
    await page.getByRole("dialog").getByRole("textbox").fill(text);
    await page.keyboard.press("Enter");
  }

  it("nodes are bypassed, muted, coloured, collapsed, copied, replaced, deleted with what they joined: from their menu", async () => {
    await ofNode(UPSCALE, /^Bypass/);
    await isStep("bypass Bicubic Upscale");
    await ofNode(UPSCALE, /^Mute/);
    await isStep("mute Bicubic Upscale");
    await ofNode(UPSCALE, /^Colour/);
    await hands.choose(/^Red/);
    await isStep("colour Bicubic Upscale red");
    await ofNode(UPSCALE, /^Collapse/);
    await isStep("collapse Bicubic Upscale");
    await ofNode(UPSCALE, /^Duplicate/);
    await isStep("duplicate Bicubic Upscale");
    await ofNode(UPSCALE, /^Replace by/);
    await page.keyboard.type("resize");
    await page.keyboard.press("Enter");
    await isStep("replace Bicubic Upscale by Resize");
    await ofNode(UPSCALE, /^Delete and reconnect/);
    await isStep("delete Bicubic Upscale and reconnect");
    expect(await wiresOf(page)).toEqual(["1>2", "1>4", "2>3", "2>5"]);
  });

  it("the same by keys, with moving, aligning, the grid and finding", async () => {
    const steps: readonly (readonly [string, RegExp])[] = [
      ["Control+b", /^bypass 2 nodes/],
      ["Control+m", /^mute 2 nodes/],
      ["c", /^collapse 2 nodes/],
      ["Control+d", /^duplicate 2 nodes/],
      ["Control+Shift+d", /^duplicate 2 nodes/],
      ["ArrowRight", /^move 2 nodes/],
      ["Shift+ArrowDown", /^move 2 nodes/],
      ["Control+Delete", /^delete 2 nodes and reconnect/],
    ];
    for (const [keys, label] of steps) {
      await select(page, UPSCALE, NOISE);
      await page.keyboard.press(keys);
      await isStep(label);
    }
    await select(page, UPSCALE, NOISE, PREVIEW);
    for (const [words, label] of [
      ["align tops", "align 3 nodes"],
      ["distribute from left", "distribute 3 nodes"],
      ["arrange 3", "arrange 3 nodes"],
    ] as const) {
      await select(page, UPSCALE, NOISE, PREVIEW);
      await page.keyboard.press("Control+k");
      await page.keyboard.type(words);
      await page.keyboard.press("Enter");
      await isStep(label);
    }
    await page.keyboard.press("Control+f");
    await page.keyboard.type("preview");
    await page.keyboard.press("Enter");
    await expect.poll(() => selectedOf(page)).toEqual([PREVIEW]);
  });

  it("a group is made, named, and bypassed, coloured and copied as a whole from its menu", async () => {
    await select(page, UPSCALE, PREVIEW);
    await page.keyboard.press("Control+g");
    await say("Pair");
    await expect.poll(() => undoLabelOf(page)).toBe("add the group “Pair”");
    const groupAt = async (): Promise<At> => {
      await look(page, UPSCALE, PREVIEW, NOISE);
      return page.evaluate(() => {
        const { canvas, graph, pagePoint } = window.__editor!;
        canvas.panBy(0, 60); // to the frame's head, which lies above them
        const [{ pos }] = (graph as unknown as { _groups: [{ pos: ArrayLike<number> }] })._groups;
        return pagePoint([pos[0]! + 60, pos[1]! + 8]);
      });
    };
    for (const [name, label] of [
      [/^Bypass/, "bypass the group “Pair”"],
      [/^Mute/, "mute the group “Pair”"],
      [/^Collapse/, "collapse the group “Pair”"],
      [/^Duplicate/, "duplicate 2 nodes"],
    ] as const) {
      await select(page);
      await hands.menuAt(await groupAt());
      await hands.choose(name);
      await isStep(label);
    }
    await select(page, UPSCALE);
    await page.keyboard.press("Control+Shift+g");
    await hands.choose(/^Colour/);
    await hands.choose(/^Green/);
    await isStep(/^colour the group “Pair”/);
    await isStep("add the group “Pair”");
  });

  it("a snippet is kept and inserted, and a ready graph is opened from its card", async () => {
    await ofNode(UPSCALE, /^Save as a snippet/);
    await say("Twice");
    await expect.poll(() => page.evaluate(() => localStorage.getItem("sftgan:snippets"))).toContain("Twice");
    await select(page);
    await page.keyboard.press("i");
    await hands.press(page.getByRole("dialog", { name: "Snippets" }).locator(".graph-card", { hasText: "Twice" }));
    await isStep("insert the snippet “Twice”");
    await hands.press(button(page, "Graphs"));
    await hands.press(page.getByRole("dialog", { name: "Graphs" }).locator(".graph-card").nth(1));
    await isStep(/^open “/);
  });

  it("several photos are listed where they come together, and a subgraph is entered and left", async () => {
    const files = await Promise.all([1, 2, 3].map(async (i) => [await tinyPng(9, 7, i), `p${i - 1}.png`] as const));
    const { x, y, height } = (await page.locator(".graph-canvas").boundingBox())!;
    await drop(page, files, [x + 20, y + height - 90]);
    await expect.poll(() => page.locator(".photo-name").allTextContents()).toEqual(["p0.png", "p1.png", "p2.png"]);
    const list = (await page.locator(".batch").boundingBox())!;
    const message = (await page.locator(".toast").last().boundingBox())!;
    const apart = message.x + message.width <= list.x || message.y + message.height <= list.y;
    expect(apart, "the message lies beside the list").toBe(true);
    await hands.press(button(page, "Clear"));
    await hands.press(button(page, "Hide the photos; a batch goes on"));
    await open(page, {
      nodes: [{ id: 1, type: "graph/subgraph", title: "All", pos: [0, 0], size: [240, 140], subgraph: GRAPH }],
      links: [],
    });
    await look(page, 1);
    await hands.menuAt(await titleOf(page, 1));
    await hands.choose(/^Enter the subgraph/);
    await expect.poll(() => page.locator(".crumbs li").allTextContents()).toEqual([expect.any(String), "All"]);
    await hands.press(page.locator(".crumbs").getByRole("button").first());
    await select(page, 1);
    await page.keyboard.press("u");
    await isStep("unpack All");
    expect(errors).toEqual([]);
  });
});
