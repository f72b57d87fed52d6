/**
 * What people expect of a node editor, on a laptop's screen, on a large fine one and under fingers on a phone: each from the menu
 * of what it is for, opened by the pointer or by a finger that rests, and by keys where there are some. Each is one step of undo.
 */
import type { BrowserContextOptions, CDPSession, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { graphOf } from "../graph-builder";
import { openStage, type Stage, tinyPng } from "./browser";
import { button, frame, idle, open, undoLabelOf, wiresOf } from "./page";

declare const window: { __editor?: EditorHandle };
type At = readonly [x: number, y: number];

const SCREENS: readonly (readonly [string, BrowserContextOptions])[] = [
  ["1280 × 720", { viewport: { width: 1280, height: 720 } }],
  ["1440 × 900 at two pixels a pixel", { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 2 }],
  ["a phone's 390 × 844", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }],
];
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
  stage = await openStage();
}, 240_000);
afterAll(() => stage?.close());

describe.each(SCREENS)("On %s", (_, screen) => {
  const isPhone = screen.hasTouch === true;
  let page: Page;
  let errors: string[];
  let touches: CDPSession;
  beforeAll(async () => {
    ({ page, errors } = await stage.open("", { screen }));
    await page.waitForFunction(() => window.__editor);
    page.setDefaultTimeout(10_000);
    touches = await page.context().newCDPSession(page);
    await open(page, GRAPH);
    await idle(page);
  }, 240_000);
  afterAll(() => page?.context().close());

  const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...points: readonly At[]) =>
    touches.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const pressOn = (element: ReturnType<Page["getByRole"]>) => (isPhone ? element.tap() : element.click());
  async function menuAt([x, y]: At): Promise<void> {
    if (!isPhone) return page.mouse.click(x, y, { button: "right" });
    await touch("touchStart", [x, y]);
    await page.getByRole("menu").waitFor();
    await touch("touchEnd");
  }
  const choose = (name: RegExp) =>
    pressOn(page.getByRole("menuitem", { name }).or(page.getByRole("menuitemcheckbox", { name })).first());
  const look = async (...ids: readonly number[]): Promise<void> => {
    await page.evaluate((ids) => {
      const { canvas, graph } = window.__editor!;
      canvas.fitNodes(ids.map((id) => graph.getNodeById(id)!));
    }, ids);
    await frame(page);
    await frame(page);
  };
  const titleOf = (id: number): Promise<At> =>
    page.evaluate((id) => {
      const { graph, pagePoint } = window.__editor!;
      const { pos, size } = graph.getNodeById(id)!;
      return pagePoint([pos[0] + size[0] / 2, pos[1] - 12]);
    }, id);
  const select = (...ids: readonly number[]) =>
    page.evaluate((ids) => {
      const { canvas, graph } = window.__editor!;
      canvas.selectNodes(ids.map((id) => graph.getNodeById(id)!));
      canvas.canvas.focus();
    }, ids);
  /** Chooses from the menu of a node. */
  async function ofNode(id: number, name: RegExp): Promise<void> {
    await select();
    await look(id);
    await menuAt(await titleOf(id));
    await choose(name);
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
    await choose(/^Red/);
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
      await select(UPSCALE, NOISE);
      await page.keyboard.press(keys);
      await isStep(label);
    }
    await select(UPSCALE, NOISE, PREVIEW);
    for (const [words, label] of [
      ["align tops", "align 3 nodes"],
      ["distribute from left", "distribute 3 nodes"],
      ["arrange 3", "arrange 3 nodes"],
    ] as const) {
      await select(UPSCALE, NOISE, PREVIEW);
      await page.keyboard.press("Control+k");
      await page.keyboard.type(words);
      await page.keyboard.press("Enter");
      await isStep(label);
    }
    await page.keyboard.press("Control+f");
    await page.keyboard.type("preview");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => Object.keys(window.__editor!.canvas.selected_nodes))).toEqual([`${PREVIEW}`]);
  });

  it("a group is made, named, and bypassed, coloured and copied as a whole from its menu", async () => {
    await select(UPSCALE, PREVIEW);
    await page.keyboard.press("Control+g");
    await say("Pair");
    await expect.poll(() => undoLabelOf(page)).toBe("add the group “Pair”");
    const groupAt = async (): Promise<At> => {
      await look(UPSCALE, PREVIEW, NOISE);
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
      await select();
      await menuAt(await groupAt());
      await choose(name);
      await isStep(label);
    }
    await select(UPSCALE);
    await page.keyboard.press("Control+Shift+g");
    await choose(/^Colour/);
    await choose(/^Green/);
    await isStep(/^colour the group “Pair”/);
    await isStep("add the group “Pair”");
  });

  it("a snippet is kept and inserted, and a ready graph is opened from its card", async () => {
    await ofNode(UPSCALE, /^Save as a snippet/);
    await say("Twice");
    await expect.poll(() => page.evaluate(() => localStorage.getItem("sftgan:snippets"))).toContain("Twice");
    await select();
    await page.keyboard.press("i");
    await pressOn(page.getByRole("dialog", { name: "Snippets" }).locator(".graph-card", { hasText: "Twice" }));
    await isStep("insert the snippet “Twice”");
    await pressOn(button(page, "Graphs"));
    await pressOn(page.getByRole("dialog", { name: "Graphs" }).locator(".graph-card").nth(1));
    await isStep(/^open “/);
  });

  it("several photos are listed where they come together, and a subgraph is entered and left", async () => {
    const files = await Promise.all([1, 2, 3].map(async (i) => [...(await tinyPng(9, 7, i))]));
    const data = await page.evaluateHandle((files) => {
      const all = new DataTransfer();
      for (const [i, bytes] of files.entries())
        all.items.add(new File([Uint8Array.from(bytes)], `p${i}.png`, { type: "image/png" }));
      return all;
    }, files);
    const { x, y, height } = (await page.locator(".graph-canvas").boundingBox())!;
    await page.dispatchEvent(".graph-canvas", "drop", { dataTransfer: data, clientX: x + 20, clientY: y + height - 90 });
    await expect.poll(() => page.locator(".photo-name").allTextContents()).toEqual(["p0.png", "p1.png", "p2.png"]);
    const list = (await page.locator(".batch").boundingBox())!;
    const message = (await page.locator(".toast").last().boundingBox())!;
    const apart = message.x + message.width <= list.x || message.y + message.height <= list.y;
    expect(apart, "the message lies beside the list").toBe(true);
    await pressOn(button(page, "Clear"));
    await pressOn(button(page, "Hide the photos; a batch goes on"));
    await open(page, {
      nodes: [{ id: 1, type: "graph/subgraph", title: "All", pos: [0, 0], size: [240, 140], subgraph: GRAPH }],
      links: [],
    });
    await look(1);
    await menuAt(await titleOf(1));
    await choose(/^Enter the subgraph/);
    await expect.poll(() => page.locator(".crumbs li").allTextContents()).toEqual([expect.any(String), "All"]);
    await pressOn(page.locator(".crumbs").getByRole("button").first());
    await select(1);
    await page.keyboard.press("u");
    await isStep("unpack All");
    expect(errors).toEqual([]);
  });
});
