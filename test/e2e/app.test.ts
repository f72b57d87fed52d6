/** A graph as an app: opened by a link, used by fingers and keys, saved, opened in the editor, marked there and opened again. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GRAPH_CHUNK, readPngText } from "../../src/codec/png-text";
import { addressWith } from "../../src/editor/app/address";
import type { AppHandle } from "../../src/editor/app/page";
import type { EditorHandle } from "../../src/editor/handle";
import { marksOf } from "../../src/graph/app";
import { cleanGraph, readGraph } from "../../src/graph/clean";
import { decode } from "../../src/headless/codec";
import { caseFile } from "../fixture";
import { graphOf } from "../graph-builder";
import { openStage, type Stage, tinyPng } from "./browser";
import { handsOn } from "./hands";
import { button, frame } from "./page";

declare const window: { __app?: AppHandle; __editor?: EditorHandle };

let stage: Stage;
let page: Page;
let errors: string[];
let folder: string;

const SKETCH = graphOf([
  ["load-lr"],
  ["constant-prior", { class: "sky" }, { picture: [1, "image"] }],
  ["paint-prior", {}, { prior: [2, "prior"], picture: [1, "image"] }],
  ["view-prior", { opacity: 0.5 }, { prior: [3, "prior"], picture: [1, "image"] }],
]);
const APP = cleanGraph({
  ...SKETCH,
  extra: {
    sftgan: {
      version: 1,
      title: "Colours",
      description: "What is where.",
      app: {
        controls: [
          { node: 4, param: "opacity" },
          { node: 3, param: "strokes" },
          { node: 2, param: "class" },
        ],
        result: 4,
      },
    },
  },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-app-"));
  await writeFile(join(folder, "mine.png"), await tinyPng(40, 30));
  await writeFile(join(folder, "page.jpg"), await caseFile("pictures/html.jpg"));
  stage = await openStage();
  ({ page, errors } = await stage.open(
    new URL(addressWith(APP, "http://any.test/", true)).href.slice("http://any.test/".length),
  ));
  await page.waitForFunction(() => window.__app);
}, 120_000);

afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true });
});

const done = () => page.waitForFunction(() => window.__app!.computing.state.kind === "done");
const properties = (node: number) =>
  page.evaluate(
    (node) => window.__app!.session.graph.nodes.find(({ id }) => id === node)!.properties as Record<string, unknown>,
    node,
  );

async function choose(name: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await button(page, "Choose a photo…").click();
  await (await chooser).setFiles(join(folder, name));
}

it("shows what is marked; a photo is computed as it comes, and what is no picture is said and replaces nothing", async () => {
  expect(await page.title()).toBe("Colours");
  expect(await page.locator(".app-title p").textContent()).toBe("What is where.");
  expect(await page.locator("legend").allTextContents()).toEqual(["View Prior", "Paint Prior", "Constant Prior"]);
  await choose("mine.png");
  await done();
  await expect.poll(() => page.locator(".viewer-name").textContent()).toBe("Photo  |  Result");
  await choose("page.jpg");
  await expect.poll(() => page.locator(".toast").allTextContents()).toEqual([expect.stringMatching(/page\.jpg is a web page/i)]);
  expect(await properties(1)).toMatchObject({ file: { name: "mine.png" } });
});

it("is set by keys, and undone; each change is computed", async () => {
  await page.getByRole("slider", { name: "opacity" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect((await properties(4)).opacity).toBeCloseTo(0.6);
  await page.getByRole("slider", { name: "Before and after" }).press("End");
  await expect.poll(() => page.getByRole("slider", { name: "Before and after" }).getAttribute("aria-valuenow")).toBe("100");
  await page.getByLabel("class", { exact: true }).selectOption("water");
  await page.keyboard.press("Control+z");
  expect([(await properties(2)).class, (await properties(4)).opacity]).toEqual(["sky", 0.6]);
  await page.waitForTimeout(300); // longer than a change rests
  await done();
});

it("on a phone all is in reach of a finger, which paints and leaves; what is painted is in the graph", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const name of ["Choose a photo…", "Run", "Save picture", "Open in the editor"]) {
    const box = await page
      .locator(".app")
      .getByRole(name.startsWith("Open") ? "link" : "button", { name, exact: true })
      .boundingBox();
    expect(box!.x + box!.width, name).toBeLessThanOrEqual(390);
    expect(box!.y + box!.height, name).toBeLessThanOrEqual(844);
  }
  await button(page, "Paint").click();
  await expect.poll(() => page.locator(".viewer-name").textContent()).toMatch(/^Paint Prior over/);
  await frame(page);
  await frame(page);
  const box = (await page.locator(".viewer-canvas").boundingBox())!;
  expect([box.x, box.width]).toEqual([0, 390]);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x - 40, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 10);
  await page.mouse.move(x + 40, y);
  await page.mouse.up();
  await expect.poll(async () => (await properties(3)).strokes).toMatch(/\S/);
  await button(page, "Done").click();
  expect(await page.locator(".painting-wide").count()).toBe(0);
  await done();
  await button(page, "Paint").click();
  await page.keyboard.press("Escape");
  expect(await page.locator(".painting-wide").count()).toBe(0);
  await page.setViewportSize({ width: 1280, height: 720 });
});

it("saves the result with the graph as it is inside, by Ctrl+S as well", async () => {
  const download = page.waitForEvent("download");
  await page.keyboard.press("Control+s");
  const file = await download;
  expect(file.suggestedFilename()).toBe("mine ×4.png");
  const bytes = await readFile((await file.path())!);
  expect(await decode(bytes, "result")).toMatchObject({ width: 160, height: 120 });
  const inside = readGraph(readPngText(bytes)[GRAPH_CHUNK]!);
  expect(inside.nodes.find(({ id }) => id === 4)!.properties!.opacity).toBeCloseTo(0.6);
  expect(inside.nodes).toHaveLength(5);
});

it("opens in the editor as it is; there a mark is a step of undo, and the link that is copied opens the app without the photo", async () => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("link", { name: "Open in the editor" }).click();
  await page.waitForFunction(() => window.__editor);
  expect(page.url()).not.toContain("#");
  const stored = () => page.evaluate(() => window.__editor!.document.stored());
  expect(marksOf(await stored())).toEqual(marksOf(APP));
  expect((await stored()).nodes.find(({ id }) => id === 1)!.properties!.file).toMatchObject({ name: "mine.png" });
  await page.evaluate(() => window.__editor!.canvas.selectNodes([window.__editor!.graph.getNodeById(4)!]));
  await button(page, "Show fit in the app").click();
  await button(page, "The app shows opacity").click();
  expect(marksOf(await stored())!.controls.map(({ param }) => param)).toEqual(["strokes", "class", "fit"]);
  await page.locator(".graph-canvas").focus();
  await page.keyboard.press("Control+z");
  expect(marksOf(await stored())!.controls.map(({ param }) => param)).toEqual(["opacity", "strokes", "class", "fit"]);
  await page.locator(".app-panel > summary").click();
  await button(page, "Copy link").click();
  await expect.poll(() => page.locator(".toast").allTextContents()).toContainEqual(expect.stringMatching(/The link is copied/));
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto(link);
  await page.waitForFunction(() => window.__app);
  expect((await properties(1)).file).toEqual({ name: "sample:scene.png" });
  expect(await page.locator(".param-name label").allTextContents()).toEqual(["opacity", "fit", "strokes", "class"]);
});

it("asks before a long run; in mid-run it is cancelled by pointer, finger and key, and goes on as it is told to", async () => {
  await page.goto(`${stage.url}?app=graphs/sft-gan.json`);
  await page.waitForFunction(() => window.__app);
  await page.evaluate(() => {
    const { engine } = window.__app!;
    // As on a device where the whole takes five minutes, and ten seconds with smaller weights.
    engine.forecast = async ({ nodes }) => ({
      multiplyAdds: 1e12,
      bytes: 4e8,
      ms: nodes.some(({ type }) => type === "sftgan/load-model") ? 10_000 : 300_000,
    });
  });
  const kind = () => page.evaluate(() => window.__app!.computing.state.kind);
  const computes = () =>
    page.waitForFunction(() => {
      const { state } = window.__app!.computing;
      return state.kind === "running" && state.at !== "";
    });
  const question = page.locator(".app-question");
  await button(page, "Run").click();
  await expect
    .poll(() => question.locator("p").textContent())
    .toBe("This takes about 5 min and 400 MB of memory on this device.");
  expect(await kind()).toBe("idle");
  await page.setViewportSize({ width: 390, height: 844 });
  for (const one of await page.locator(".app-bar button").all()) {
    const box = (await one.boundingBox())!;
    expect([box.x >= 0, box.x + box.width <= 390, box.y + box.height <= 844]).toEqual([true, true, true]);
  }
  await question.getByRole("button", { name: /^Take lite/ }).click();
  await computes();
  await button(page, "Cancel").click();
  expect([await kind(), await page.locator(".app-state").textContent()]).toEqual([
    "stopped",
    "Stopped: Run goes on where it was",
  ]);
  await button(page, "Undo").click();
  await button(page, "Run anyway").focus();
  await page.keyboard.press("Enter");
  await computes();
  await page.keyboard.press("Enter"); // the button is Cancel now, and has kept the focus
  expect(await kind()).toBe("stopped");
  const hands = await handsOn(page, true);
  const tap = async (name: string) => {
    const { x, y, width, height } = (await button(page, name).boundingBox())!;
    await hands.press([x + width / 2, y + height / 2]);
  };
  await tap("Run");
  await computes(); // what was agreed to is not asked about again
  await tap("Cancel");
  await expect.poll(kind).toBe("stopped");
  await page.keyboard.press("Control+Enter");
  await computes();
  await page.keyboard.press("Escape");
  expect(await kind()).toBe("stopped");
  await page.setViewportSize({ width: 1280, height: 720 });
});

it("says what is wrong with a link and offers a way on; opens a file beside the page", async () => {
  const alert = () => page.getByRole("alert").textContent();
  await page.goto(`${stage.url}?app&cut#graph=eJyr`);
  await expect.poll(alert).toMatch(/The link is damaged or was cut short/);
  await page.goto(`${stage.url}?app=https://other.test/graph.json`);
  await expect.poll(alert).toMatch(/reads from its own server only/);
  const strange = graphOf([["load-lr"], ["preview", {}, { image: [1, "image"] }]]);
  const nodes = strange.nodes.map((node) => (node.id === 1 ? { ...node, type: "other/blur" } : node));
  await page.goto(addressWith(cleanGraph({ ...strange, nodes }), `${stage.url}?app&strange`, true));
  await expect.poll(alert).toMatch(/Its picture needs nodes that are not here: “other\/blur”/);
  await page.getByRole("link", { name: "Open its graph in the editor" }).click();
  await page.waitForFunction(() => window.__editor);
  expect(await page.evaluate(() => window.__editor!.document.stored().nodes.map(({ type }) => type))).toEqual([
    "other/blur",
    "sftgan/preview",
  ]);
  await page.route(/\/worker\.ts/, () => {}); // an engine that takes its time to be loaded
  await page.goto(`${stage.url}?app=graphs/morph.json`);
  await page.waitForFunction(() => window.__app);
  const middle = () =>
    page.locator(".viewer-canvas").evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
      return data[3];
    });
  await expect.poll(middle).toBe(255); // its photo, as the browser decodes it
  expect(await page.locator("legend").allTextContents()).toEqual(["Mix Priors", "Constant Prior"]);
  expect(errors).toEqual([]);
});
