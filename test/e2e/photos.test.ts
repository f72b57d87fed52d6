/** Several photos on the page: brought in every way, run through the graph, paused, failed by name, saved as a .zip and into a folder. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readPngText } from "../../src/codec/png-text";
import type { EditorHandle } from "../../src/editor/handle";
import { decode } from "../../src/headless/codec";
import { caseFile } from "../fixture";
import { graphOf } from "../graph-builder";
import { openStage, type Stage, tinyPng } from "./browser";
import { button, frame, idle, open } from "./page";

declare const window: { __editor?: EditorHandle; showDirectoryPicker?: unknown } & EventTarget;

let stage: Stage;
let page: Page;
let errors: string[];
let folder: string;

/** Node 1 is given the photos. */
const GRAPH = graphOf([["load-folder"], ["bicubic-upscale", {}, { image: [1, "image"] }], ["save", {}, { image: [2, "image"] }]]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-photos-"));
  await mkdir(join(folder, "trip/day 1"), { recursive: true });
  await writeFile(join(folder, "trip/a.png"), await tinyPng(12, 10, 1));
  await writeFile(join(folder, "trip/x.heic"), await caseFile("pictures/x.heic"));
  await writeFile(join(folder, "trip/day 1/b.png"), await tinyPng(9, 7, 2));
  await writeFile(join(folder, "trip/notes.txt"), "no picture");
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
}, 120_000);

afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true });
});

const panel = () => page.getByRole("region", { name: "Several photos" });
const names = () => panel().locator(".photo-name").allTextContents();
const states = () => panel().locator(".photo-state").allTextContents();
const summary = () => panel().locator(".batch-summary").textContent();
const shown = (label: RegExp) => panel().getByRole("button", { name: label });

it("runs every picture of a folder, in order, and gives a .zip with the graph in each; those that fail are named", async () => {
  await open(page, GRAPH);
  await button(page, "File").click();
  await page.getByRole("menuitem", { name: /Several photos/ }).click();
  const chooser = page.waitForEvent("filechooser");
  await shown(/Folder…/).click();
  await (await chooser).setFiles(join(folder, "trip"));
  await expect.poll(names).toEqual(["a.png", "day 1/b.png", "x.heic"]);
  const download = page.waitForEvent("download");
  await shown(/Run all 2, as \.zip/).click(); // what is never read is known at once
  const zip = unzipSync(await readFile((await (await download).path())!));
  expect(Object.keys(zip)).toEqual(["a.png", "day 1/b.png"]);
  expect(await decode(zip["day 1/b.png"]!, "b")).toMatchObject({ width: 36, height: 28 });
  const inside = JSON.parse(readPngText(zip["a.png"]!).sftgan!) as typeof GRAPH;
  expect(inside.nodes[0]!.properties!.file).toMatchObject({ name: "a.png", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await summary()).toBe("2 of 3 done, 1 failed");
  expect(await states()).toEqual([
    expect.stringMatching(/^48 × 40, .*: a\.png$/),
    expect.stringMatching(/^36 × 28, .*: day 1\/b\.png$/),
    expect.stringMatching(/^Failed: .*HEIC/),
  ]);
  await expect
    .poll(() => page.locator(".toast.error p").allTextContents())
    .toEqual([expect.stringMatching(/2 photos done.*1 failed/)]);
});

it("shows the photos small, and leads through them by keys", async () => {
  await expect
    .poll(() =>
      panel()
        .locator(".photo-thumb")
        .first()
        .evaluate((canvas: HTMLCanvasElement) => canvas.height),
    )
    .toBe(96);
  await panel().locator(".photo").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter"); // the graph's own runs are given it
  const chosen = () => page.evaluate(() => window.__editor!.graph.getNodeById(1)!.properties.file as { name: string });
  await expect.poll(chosen).toMatchObject({ name: "b.png" });
  await panel().locator(".photo").nth(1).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Delete");
  await expect.poll(names).toEqual(["a.png", "day 1/b.png"]);
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("photo");
});

it("writes into a folder as results are made, and replaces nothing there", async () => {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle("a.png", { create: true });
    const writable = await handle.createWritable();
    await writable.write("mine");
    await writable.close();
    window.showDirectoryPicker = async () => root;
  });
  await shown(/Run all 2, into a folder…/).click();
  await expect.poll(states).toEqual([expect.stringMatching(/: a 2\.png$/), expect.stringMatching(/: day 1\/b\.png$/)]);
  const sizes = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const sizeOf = async (folder: FileSystemDirectoryHandle, name: string) =>
      (await (await folder.getFileHandle(name)).getFile()).size;
    return [
      await sizeOf(root, "a.png"),
      await sizeOf(root, "a 2.png"),
      await sizeOf(await root.getDirectoryHandle("day 1"), "b.png"),
    ];
  });
  expect(sizes[0]).toBe(4);
  expect(Math.min(...sizes.slice(1))).toBeGreaterThan(500);
  await expect
    .poll(() => page.locator(".toast.info p").allTextContents())
    .toContainEqual(expect.stringContaining("2 photos done, written into"));
});

it("pauses at a person's stop, goes on where it was, and ends where that is asked for", async () => {
  await button(page, "Clear").click();
  const big = await tinyPng(260, 200, 3);
  const chooser = page.waitForEvent("filechooser");
  await shown(/Photos…/).click();
  await (await chooser).setFiles(
    [1, 2, 3].map((i) => ({ name: `p${i}.png`, mimeType: "image/png", buffer: Buffer.concat([big, Buffer.alloc(i)]) })),
  );
  await shown(/Run all 3, as/).click();
  await expect.poll(summary).toMatch(/^1 of 3/);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("Escape");
  await expect.poll(summary).toMatch(/^[12] of 3 done, paused$/);
  await frame(page);
  await shown(/Go on/).click();
  await expect.poll(summary).toMatch(/^[23] of 3 done$/);
  const download = page.waitForEvent("download");
  if (await shown(/^Stop$/).isVisible()) await shown(/^Stop$/).click();
  const zip = unzipSync(await readFile((await (await download).path())!));
  expect(Object.keys(zip).length).toBeGreaterThanOrEqual(2);
  await idle(page);
});

it("goes on after the page was loaded again in its midst: what was done is kept, and all of it is in one .zip, from within a subgraph", async () => {
  await open(page, { nodes: [{ id: 1, type: "graph/subgraph", title: "All", subgraph: GRAPH }], links: [] });
  const big = await tinyPng(140, 110, 4);
  const chooser = page.waitForEvent("filechooser");
  if (await button(page, "Clear").isVisible()) await button(page, "Clear").click();
  await shown(/Photos…/).click();
  await (await chooser).setFiles(
    [1, 2, 3].map((i) => ({ name: `r${i}.png`, mimeType: "image/png", buffer: Buffer.concat([big, Buffer.alloc(i)]) })),
  );
  await shown(/Run all 3, as/).click();
  await expect.poll(summary).toMatch(/^1 of 3/);
  page.on("dialog", (dialog) => dialog.accept());
  await page.reload();
  await page.waitForFunction(() => window.__editor);
  const message = page.locator(".toast", { hasText: /The page was loaded again while photos were run: [12] of 3 are done/ });
  await message.waitFor();
  expect(await button(page, "Go on").count(), "what is interrupted is said once").toBe(1);
  expect(await names()).toEqual(["r1.png", "r2.png", "r3.png"]);
  expect((await states())[0]).toMatch(/: r1\.png$/);
  expect(await shown(/^Save the [12] done, as \.zip$/).isVisible()).toBe(true);
  const download = page.waitForEvent("download");
  await message.getByRole("button", { name: "Go on" }).click();
  const zip = unzipSync(await readFile((await (await download).path())!));
  expect(Object.keys(zip).sort()).toEqual(["r1.png", "r2.png", "r3.png"]);
  await expect
    .poll(() => page.locator(".toast.info p").allTextContents())
    .toContainEqual(expect.stringMatching(/^3 photos done/));
  await idle(page);
});

it("says why where the graph has no place for photos, and then takes dropped ones as nodes", async () => {
  await open(page, graphOf([["load-lr"], ["load-lr"], ["preview", {}, { image: [1, "image"] }]]));
  await expect.poll(() => panel().locator(".batch-graph").textContent()).toMatch(/cannot run photos: it has no Save/);
  expect(await shown(/as \.zip/).isDisabled()).toBe(true);
  expect(errors).toEqual([]);
});
