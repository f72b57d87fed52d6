/** Choosing from the contact sheet as a user does, with a cut-down network, and the same picture from the graph alone. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { CELLS } from "../../src/prior/contact-sheet";
import { parsePicks } from "../../src/prior/picks";
import { openStage, type Stage, tinyPng } from "./browser";
import { button, distance, idle, open, run, save, undoLabelOf } from "./page";

declare const window: { __editor?: EditorHandle } & Record<string, unknown>;

let stage: Stage;
let page: Page;
let errors: string[];
let plain: Buffer;
let chosen: Buffer;

/** Node ids of graphs/contact-sheet.json. */
const LOAD = 1;
const SEGMENT = 2;
const SHEET = 4;
const CONDITION = 5;
const BLOCKS = 6;
const UPSAMPLE = 7;
const MODEL = 10;
const PICTURE = { width: 20, height: 18 };

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
  await open(page, await smallGraph());
}, 120_000);

/** The ready graph with a small picture, and the weights of a network of two blocks: twelve cells take a while. */
async function smallGraph(): Promise<unknown> {
  const graph = JSON.parse(await readFile("graphs/contact-sheet.json", "utf8"));
  const embedded = (name: string, bytes: Buffer) => ({ name, data: bytes.toString("base64") });
  const node = (id: number) => graph.nodes.find((node: { id: number }) => node.id === id)!;
  node(LOAD).properties.file = embedded("tiny.png", await tinyPng(PICTURE.width, PICTURE.height));
  node(SHEET).properties.size = 16;
  node(BLOCKS).properties.blocks = 2;
  const file = embedded("net.pth", await readFile("test/fixtures/net-sft-net.pth"));
  const links: number[] = [];
  for (const id of [SHEET, CONDITION, BLOCKS, UPSAMPLE]) {
    const slot = node(id).inputs.findIndex(({ name }: { name: string }) => name === "model");
    links.push(++graph.last_link_id);
    node(id).inputs[slot].link = graph.last_link_id;
    graph.links.push([graph.last_link_id, MODEL, 0, id, slot, "model"]);
  }
  graph.last_node_id = MODEL;
  graph.nodes.push({
    id: MODEL,
    type: "sftgan/load-model",
    pos: [40, 400],
    outputs: [{ name: "model", type: "model", links }],
    properties: { file },
  });
  return graph;
}

afterAll(() => stage?.close());

const cell = (name: string) => page.getByRole("listbox", { name: "Results" }).getByRole("option", { name, exact: true });
const picture = (name: string) => cell(name).locator("canvas");
const property = (name: string) =>
  page.evaluate(([id, name]) => window.__editor!.graph.getNodeById(id)!.properties[name], [SHEET, name] as const);
const undoLabel = () => undoLabelOf(page);
const seen = () => page.evaluate(() => window.__editor!.events.length);
const startedSince = (since: number) =>
  page.evaluate(
    (since) => window.__editor!.events.slice(since).flatMap((event) => (event.kind === "started" ? [Number(event.node)] : [])),
    since,
  );
const drawn = (name: string) => picture(name).evaluate((canvas) => (canvas as unknown as HTMLCanvasElement).toDataURL());

describe("Choosing from the contact sheet", () => {
  it("stands in the place of the large view when the node is selected, and is computed when asked for", async () => {
    await page.getByTitle("Show or hide the large view").click();
    await page.evaluate((id) => {
      const { canvas, graph } = window.__editor!;
      canvas.selectNode(graph.getNodeById(id)!);
    }, SHEET);
    await expect.poll(() => page.getByRole("toolbar", { name: "Contact sheet" }).isVisible()).toBe(true);
    await page.evaluate((id) => window.__editor!.sheet(id), SHEET);
    await expect.poll(() => button(page, "Done").isVisible()).toBe(true);
    const before = await seen();
    await button(page, "Compute").click();
    await idle(page);
    expect(await startedSince(before)).not.toContain(UPSAMPLE);
    await expect.poll(() => page.locator(".sheet-empty").isVisible()).toBe(false);
    expect(await page.getByRole("listbox", { name: "Results" }).getByRole("option").count()).toBe(CELLS.length);
    expect(await cell("predicted").getAttribute("aria-selected")).toBe("true");
    const shown = await Promise.all(["predicted", "sky", "animal", "photo, bicubic"].map(drawn));
    expect(new Set(shown).size).toBe(shown.length);
  }, 180_000); // the first run, which compiles the network's shaders

  it("takes the prior of a clicked cell for the whole picture, as one step of undo", async () => {
    await button(page, "Done").click();
    await run(page);
    plain = await save(page);
    const before = await seen();
    await picture("sky").click();
    await idle(page);
    expect(await property("choice")).toBe("sky");
    expect(await undoLabel()).toBe("use sky everywhere");
    expect(await page.locator(".sheet-note").textContent()).toBe("In use everywhere: sky");
    expect(await cell("sky").getAttribute("aria-selected")).toBe("true");
    expect(await startedSince(before)).toEqual([SHEET]); // no cell's network: runs do not follow changes
    await run(page);
    expect(await startedSince(before)).not.toContain(SEGMENT);
    expect(await distance(plain, await save(page))).toBeGreaterThan(0);
    await page.locator(".sheet-grid").press("Control+z");
    expect(await property("choice")).toBe("predicted");
    await expect.poll(() => cell("predicted").getAttribute("aria-selected")).toBe("true");
    expect(await page.locator(".sheet-note").textContent()).not.toContain("sky");
    await run(page);
    expect(await distance(plain, await save(page))).toBeLessThanOrEqual(1);
  });

  it("takes it for the region under the pointer with Alt, and in the other mode without", async () => {
    const box = (await picture("grass").boundingBox())!;
    await picture("grass").click({ modifiers: ["Alt"], position: { x: box.width / 2, y: box.height / 2 } });
    await idle(page);
    expect(await property("choice")).toBe("predicted");
    expect(await undoLabel()).toBe("use grass in one region");
    const [pick, ...more] = parsePicks(String(await property("regions")));
    expect(more).toEqual([]);
    expect(pick!.choice).toBe("grass");
    expect(Math.abs(pick!.x - PICTURE.width / 2)).toBeLessThan(1);
    expect(Math.abs(pick!.y - PICTURE.height / 2)).toBeLessThan(1);
    await run(page);
    expect(await distance(plain, await save(page))).toBeGreaterThan(0);

    await button(page, "This region").click();
    await picture("animal").click({ position: { x: box.width / 2, y: box.height / 2 } });
    await idle(page);
    expect(parsePicks(String(await property("regions"))).map(({ choice }) => choice)).toEqual(["animal"]); // in place of grass
    await button(page, "Clear regions").click();
    await idle(page);
    expect(await property("regions")).toBe("");
    expect(await undoLabel()).toBe("use the predicted prior everywhere");
    await page.locator(".sheet-grid").press("Control+z");
    await button(page, "Everywhere").click();
    expect(parsePicks(String(await property("regions")))).toHaveLength(1);
  });

  it("says why neither the photo nor the network without modulation can be chosen", async () => {
    const before = [await property("choice"), await property("regions")];
    await picture("none: SFT layers off").click();
    expect(await page.locator(".sheet-note").textContent()).toContain("no prior gives it");
    await picture("photo, bicubic").click();
    expect([await property("choice"), await property("regions")]).toEqual(before);
  });

  it("zooms all cells at the wheel and pans them together, and chooses nothing by that", async () => {
    const before = [await drawn("predicted"), await drawn("animal")];
    const box = (await picture("sky").boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -400);
    await expect.poll(() => drawn("animal")).not.toBe(before[1]);
    const zoomed = await drawn("predicted");
    expect(zoomed).not.toBe(before[0]);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2 + 20, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => drawn("predicted")).not.toBe(zoomed);
    expect(await property("choice")).toBe("predicted");
    await button(page, "Fit the crop (0)").click();
  });

  it("is used from the keyboard: arrows go from cell to cell, Enter chooses, the crop moves", async () => {
    await cell("background").focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("sky");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await idle(page);
    expect([await property("choice"), await property("regions")]).toEqual(["animal", ""]);
    await page.getByRole("application", { name: "Crop of the photo" }).focus();
    const before = await drawn("animal");
    await page.keyboard.press("ArrowRight");
    await idle(page);
    expect(await undoLabel()).toBe("move the crop");
    expect(await property("left")).toBe(PICTURE.width - 16);
    await expect.poll(() => drawn("animal")).not.toBe(before);
  });

  it("gives the same picture in a fresh profile from the graph's JSON alone", async () => {
    const box = (await picture("water").boundingBox())!;
    await picture("water").click({ modifiers: ["Alt"], position: { x: box.width / 3, y: box.height / 3 } });
    await idle(page);
    await run(page);
    chosen = await save(page);
    expect(await distance(plain, chosen)).toBeGreaterThan(0);
    const json = await page.evaluate(() => window.__editor!.document.stored());
    const fresh = await stage.open();
    await fresh.page.waitForFunction(() => window.__editor);
    await open(fresh.page, json);
    await run(fresh.page);
    expect(await distance(chosen, await save(fresh.page))).toBeLessThanOrEqual(1);
    expect(fresh.errors).toEqual([]);
    await fresh.page.context().close();
  }, 180_000); // as the first

  it("says what is shown of a picture smaller than the crop, and why there is no sheet, until another run or graph", async () => {
    const set = (name: string, value: number) =>
      page.evaluate(
        ([id, name, value]) => {
          const { document, graph } = window.__editor!;
          document.edit("an edit", () => graph.getNodeById(id)!.setProperty(name, value));
        },
        [SHEET, name, value] as const,
      );
    const bar = page.getByRole("toolbar", { name: "Contact sheet" });
    const panel = page.locator(".sheet-empty");
    for (const name of ["left", "top"]) await set(name, -1);
    await set("size", 64);
    await expect.poll(() => bar.textContent()).toContain(`Shown: ${PICTURE.width} × ${PICTURE.height} px, all there is`);
    await set("left", 900);
    await run(page);
    await expect.poll(() => panel.textContent()).toContain("set left to at most 0");
    expect(await button(page, "Compute").isVisible()).toBe(true);
    await open(page, await smallGraph());
    await page.evaluate((id) => {
      const { canvas, graph } = window.__editor!;
      canvas.selectNode(graph.getNodeById(id)!);
    }, SHEET);
    await expect.poll(() => bar.isVisible()).toBe(true);
    expect(await panel.textContent()).not.toContain("set left");
  });

  it("threw nothing on the way", () => {
    expect(errors).toEqual([]);
  });
});
