/** What one sees of a photo and of its result: at once, marked where it is out of date, at any zoom, to the pixel. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { decode } from "../../src/headless/codec";
import { openStage, type Stage, tinyPng } from "./browser";
import { button, drop as dropOn, idle, look, open, selectedOf, titleOf } from "./page";

declare const window: { __editor?: EditorHandle };

let stage: Stage;
let page: Awaited<ReturnType<Stage["open"]>>["page"];
let errors: string[];
/** Picture → Bicubic Upscale → Save, and Constant Prior by itself: nothing that takes long. */
const LOAD = 1;
const UPSCALE = 2;
const PRIOR = 3;
const GRAPH = {
  last_node_id: 4,
  last_link_id: 3,
  nodes: [
    { id: LOAD, type: "sftgan/load-lr", pos: [40, 60], outputs: [{ name: "image", type: "image", links: [1, 3] }] },
    {
      id: UPSCALE,
      type: "sftgan/bicubic-upscale",
      pos: [320, 60],
      inputs: [{ name: "image", type: "image", link: 1 }],
      outputs: [{ name: "image", type: "image", links: [2] }],
    },
    {
      id: PRIOR,
      type: "sftgan/constant-prior",
      pos: [320, 330],
      inputs: [{ name: "picture", type: "image", link: 3 }],
      outputs: [{ name: "prior", type: "prior", links: [] }],
      properties: { class: "sky" },
    },
    { id: 4, type: "sftgan/save", pos: [600, 60], inputs: [{ name: "image", type: "image", link: 2 }] },
  ],
  links: [
    [1, LOAD, 0, UPSCALE, 0, "image"],
    [2, UPSCALE, 0, 4, 0, "image"],
    [3, LOAD, 0, PRIOR, 0, "image"],
  ],
  groups: [],
  config: {},
  extra: { sftgan: { version: 1, title: "Small" } },
  version: 0.4,
};

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
  await page.getByTitle("Show or hide the large view").click();
  await open(page, GRAPH);
}, 240_000);
afterAll(() => stage?.close());

const drop = (bytes: Buffer, name: string) => dropOn(page, [[bytes, name]]);
const select = (id: number) =>
  page.evaluate((id) => window.__editor!.canvas.selectNodes([window.__editor!.graph.getNodeById(id)!]), id);
const title = () => page.locator(".viewer .panel-header").textContent();
const stale = () => page.locator(".viewer-stale").isVisible();
const note = () => page.locator(".status-note").textContent();
const zoom = () => page.locator(".viewer-zoom").inputValue();
/** A point of the page over the middle of the large view. */
async function middle(): Promise<[number, number]> {
  const box = (await page.locator("canvas.viewer-canvas").boundingBox())!;
  return [box.x + box.width / 2, box.y + box.height / 2];
}

it("a dropped photo is there before any run, says that it has landed, and goes at one undo", async () => {
  await drop(await tinyPng(12, 10), "tiny.png");
  await select(LOAD);
  await expect.poll(title).toContain("12 × 10");
  expect(await note()).toBe("“tiny.png” is here");
  await page.evaluate(() => window.__editor!.document.undo());
  await expect.poll(title).toContain("160 × 120"); // the sample
  await page.evaluate(() => window.__editor!.document.redo());
  await expect.poll(title).toContain("12 × 10");
});

it("what an edit has made out of date says so, on the node and in the large view, until the next run", async () => {
  await button(page, "Run").first().click();
  await idle(page);
  await select(UPSCALE);
  await expect.poll(title).toContain("48 × 40");
  expect(await stale()).toBe(false);
  await drop(await tinyPng(8, 6), "other.png");
  await expect.poll(note).toBe("“other.png” is here");
  await select(UPSCALE);
  await expect.poll(title).toContain("Bicubic Upscale48 × 40"); // still the last result
  await expect.poll(stale).toBe(true);
  await page.getByRole("button", { name: "Compute it" }).click();
  await idle(page);
  await expect.poll(title).toContain("32 × 24");
  expect(await stale()).toBe(false);
});

it("the view stays on the result while another node's control is pressed, and follows a press on the node itself", async () => {
  const at = (id: number, dx: number, dy: number) =>
    page.evaluate(
      ([id, dx, dy]) => {
        const { graph, pagePoint } = window.__editor!;
        const node = graph.getNodeById(id!)!;
        const widget = (node as unknown as { widgets: { last_y: number }[] }).widgets[0]!;
        return pagePoint([node.pos[0] + dx!, node.pos[1] + (dy! < 0 ? dy! : widget.last_y + dy!)]);
      },
      [id, dx, dy],
    );
  await page.mouse.click(...(await at(PRIOR, 60, 10))); // its choice of class
  await page.keyboard.press("Escape");
  expect(await selectedOf(page)).toEqual([PRIOR]);
  expect(await title()).toContain("32 × 24");
  await page.waitForTimeout(400); // else a double click
  await page.mouse.click(...(await at(PRIOR, 60, -12))); // its title
  await expect.poll(title).toContain("Constant Prior");
});

it("the pixel under the pointer says its class or its colour, and the zoom is set by field, button and key", async () => {
  await page.evaluate((id) => window.__editor!.runner.run([id]), PRIOR);
  await idle(page);
  const [x, y] = await middle();
  await page.mouse.move(x - 3, y - 3);
  await page.mouse.move(x, y);
  await expect.poll(() => page.locator(".viewer-sample").textContent()).toBe("sky 100 %");
  await select(UPSCALE);
  await expect.poll(title).toContain("Bicubic");
  await page.mouse.move(x - 2, y - 2);
  await expect.poll(() => page.locator(".viewer-sample").textContent()).toMatch(/^R \d+ {2}G \d+ {2}B \d+$/);
  await page.locator(".viewer-zoom").fill("250");
  await page.keyboard.press("Enter");
  await expect.poll(zoom).toBe("250 %");
  await page.getByRole("button", { name: "200", exact: true }).click();
  await expect.poll(zoom).toBe("200 %");
  await page.locator("canvas.viewer-canvas").focus();
  await page.keyboard.press("4");
  await expect.poll(zoom).toBe("400 %");
  await page.locator(".graph-canvas").focus();
  await page.keyboard.press("F6");
  await page.keyboard.press("Shift+ArrowRight"); // to the middle of what is seen
  await expect.poll(() => page.locator(".viewer-place").textContent()).toBe("x 16  y 12");
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(() => page.locator(".viewer-place").textContent()).toBe("x 17  y 12");
  await expect.poll(() => page.locator(".viewer-sample").textContent()).toMatch(/^R \d+ {2}G \d+ {2}B \d+$/);
});

it("the selected node's parameters are full-size controls beside the graph, by keys too, and undo takes them back", async () => {
  await select(4);
  await page.getByLabel("quality", { exact: true }).focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  const value = (name: string) => page.evaluate((name) => window.__editor!.graph.getNodeById(4)!.properties[name], name);
  expect(await value("quality")).toBe(90);
  await page.getByLabel("quality, as a number").fill("400");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".params [role=alert]").textContent()).toBe("quality is 400: it must be at most 100");
  await page.getByLabel("format", { exact: true }).selectOption("WebP");
  expect([await value("quality"), await value("format")]).toEqual([90, "WebP"]);
  await page.evaluate(() => window.__editor!.document.undo());
  expect([await value("quality"), await value("format")]).toEqual([90, "PNG"]);
  await expect.poll(() => page.getByLabel("format", { exact: true }).inputValue()).toBe("PNG");
});

it("above the parameters the help of a node ends with a whole line, and the rest of it is scrolled to", async () => {
  for (const id of [LOAD, UPSCALE, PRIOR, 4]) {
    await select(id);
    const cut = await page.locator(".node-help").evaluate((help) => {
      const bottom = help.getBoundingClientRect().top + help.clientTop + help.clientHeight;
      const text = document.createRange();
      text.selectNodeContents(help);
      return [...text.getClientRects()].filter((line) => line.height < 30 && line.top < bottom && line.bottom > bottom).length;
    });
    expect(cut, `node ${id}`).toBe(0);
  }
  await select(4);
});

it("below the graph most of the view's height is the picture's", async () => {
  const [all, picture] = await Promise.all(
    [".viewer", ".viewer-stage"].map(async (part) => (await page.locator(part).boundingBox())!.height),
  );
  expect(picture! / all!).toBeGreaterThan(0.85);
});

it("a saved picture is called after its photo and what has become of it, and that is said", async () => {
  await page.evaluate(() =>
    window.__editor!.document.edit("an edit", () => window.__editor!.graph.getNodeById(4)!.setProperty("format", "PNG")),
  );
  const download = page.waitForEvent("download");
  await button(page, "Save picture").click();
  expect((await download).suggestedFilename()).toBe("other ×4.png");
  await expect.poll(() => page.locator(".toasts").textContent()).toContain("Saved: “other ×4.png”");
});

it("any node's picture is saved and copied from its menu, without a Save", async () => {
  await page.evaluate(() =>
    window.__editor!.document.edit("cut", () => window.__editor!.graph.getNodeById(4)!.disconnectInput(0)),
  );
  const choose = async (name: string) => {
    await look(page, UPSCALE);
    await page.mouse.click(...(await titleOf(page, UPSCALE)), { button: "right" });
    await page.getByRole("menuitem", { name: "Picture…" }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  const download = page.waitForEvent("download");
  await choose("Save its picture");
  const file = await download;
  expect(file.suggestedFilename()).toBe("other ×4.png");
  expect(await decode(await readFile((await file.path())!), "saved")).toMatchObject({ width: 32, height: 24 });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await choose("Copy its picture");
  const copied = () => page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types));
  await expect.poll(copied).toContain("image/png");
  expect(await page.evaluate(() => window.__editor!.document.stored().nodes.length)).toBe(4);
});

it("what undo has taken back is said, and goes by itself", async () => {
  await page.clock.install();
  await select(UPSCALE);
  await page.keyboard.press("Delete");
  await button(page, "Undo: delete Bicubic Upscale").click();
  expect(await note()).toBe("Undone: delete Bicubic Upscale");
  await page.clock.fastForward(10_000);
  await expect.poll(note).toMatch(/^Done/); // as before
});

it("nothing was thrown on the way", () => {
  expect(errors).toEqual([]);
});
