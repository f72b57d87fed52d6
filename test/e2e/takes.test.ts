/** Takes as a user keeps them: two priors, compared, restored, exported, and the same pictures from the exported JSON alone. */
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPngText } from "../../src/codec/png-text";
import type { EditorHandle } from "../../src/editor/handle";
import { readGraph } from "../../src/graph/clean";
import { readTakes } from "../../src/graph/takes";
import { decode } from "../../src/headless/codec";
import { CLASS_COLOURS, CLASSES } from "../../src/types";
import { openStage, type Stage, tinyPng } from "./browser";
import { button, distance, frame, idle, open, undoLabelOf } from "./page";

declare const window: { __editor?: EditorHandle };

/** Node ids of graphs/two-priors.json. */
const LOAD = 1;
const CONSTANT = 3;

let stage: Stage;
let page: Page;
let errors: string[];
let exported: Record<string, Uint8Array>;

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
  const graph = JSON.parse(await readFile("graphs/two-priors.json", "utf8")) as {
    nodes: { id: number; properties: Record<string, unknown> }[];
  };
  const png = await tinyPng();
  graph.nodes.find(({ id }) => id === LOAD)!.properties.file = { name: "tiny.png", data: png.toString("base64") };
  await open(page, graph);
}, 120_000);

afterAll(() => stage?.close());

const card = (name: string, on = page) => on.locator(`.take[aria-label^="${name},"]`);
const names = (on = page) => on.locator(".take-name").allTextContents();
const undoLabel = () => undoLabelOf(page);
const constantClass = () =>
  page.evaluate((id) => window.__editor!.graph.getNodeById(id)?.properties.class as string | undefined, CONSTANT);
const messages = () => page.locator(".toast p").allTextContents();

async function setClass(name: string): Promise<void> {
  await page.evaluate(
    ([id, name]) => {
      const { graph, document, canvas } = window.__editor!;
      const node = graph.getNodeById(id)!;
      document.edit("an edit", () => node.setProperty("class", name));
      canvas.selectNode(node);
    },
    [CONSTANT, name] as const,
  );
}

/** Waits until every take is computed. */
const computed = (count: number, on = page) =>
  expect.poll(() => on.locator('.take[data-state="done"]').count(), { timeout: 240_000 }).toBe(count);

/** The colours of a small picture. */
const pixels = (name: string, which: 0 | 1) =>
  card(name)
    .locator("canvas")
    .nth(which)
    .evaluate((canvas: HTMLCanvasElement) => [
      ...canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.slice(0, 4000),
    ]);

async function exportZip(on = page): Promise<Record<string, Uint8Array>> {
  const download = on.waitForEvent("download");
  await button(on, "Export").click();
  return unzipSync(await readFile((await (await download).path())!));
}

/** Software WebGL on busy cores takes minutes. */
describe("Takes", { timeout: 300_000 }, () => {
  it("are kept under the name of their prior, each as one step of undo, and computed while the panel is open", async () => {
    await setClass("plant");
    await page.locator("canvas.graph-canvas").focus();
    await page.keyboard.press("t");
    await expect.poll(() => page.getByRole("region", { name: "Takes" }).isVisible()).toBe(true);
    await button(page, "Keep this").click();
    await expect.poll(() => names()).toEqual(["plant"]);
    expect(await undoLabel()).toBe("keep take “plant”");
    expect(await page.getByLabel("Name of the take to keep").getAttribute("placeholder")).toBe("plant 2");
    await computed(1);
    await setClass("sky");
    await page.locator("canvas.graph-canvas").focus();
    await page.keyboard.press("k");
    await expect.poll(() => names()).toEqual(["plant", "sky"]);
    await computed(2);
    const started = await page.evaluate(() => window.__editor!.events.filter(({ kind }) => kind === "started").length);
    expect(started, "nodes of the graph itself that ran").toBe(0);
  });

  it("are kept, hidden and shown by keys wherever no text is typed, nothing is chosen and no menu is open", async () => {
    const panel = page.getByRole("region", { name: "Takes" });
    const toasts = () => page.locator(".toast").filter({ hasText: "This is the take “sky” already." });
    for (const place of ["canvas.viewer-canvas", ".toolbar .run", ".node-entry[tabindex='0']", ".take[tabindex='0']"]) {
      await page.locator(place).focus();
      await page.keyboard.press("t");
      await expect.poll(() => panel.isVisible(), { message: place }).toBe(false);
      if (place.startsWith(".take")) await page.locator("canvas.viewer-canvas").focus();
      await page.keyboard.press("t");
      await expect.poll(() => panel.isVisible(), { message: place }).toBe(true);
    }
    await button(page, "Export").focus();
    await page.keyboard.press("k");
    await expect.poll(() => toasts().count()).toBe(1);
    for (const field of [".graph-title", ".takes-keep input", ".node-list input"]) {
      await page.locator(field).focus();
      await page.keyboard.press("t");
      expect(await page.locator(field).inputValue(), field).toMatch(/t/);
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Backspace");
    }
    await page.locator(".node-list input").blur();
    await page.keyboard.press("Shift+?");
    const help = page.getByRole("dialog", { name: "Keys and gestures" });
    await expect.poll(() => help.isVisible()).toBe(true);
    const groups = await help.getByRole("heading", { level: 3 }).allTextContents();
    expect(groups).toEqual(["Page and graph", "Large view", "Painting", "Contact sheet", "Takes"]);
    await page.keyboard.press("t");
    await page.keyboard.press("Escape");
    await expect.poll(() => help.count()).toBe(0);
    expect(await panel.isVisible()).toBe(true);
    await computed(2);
  });

  it("are what was there when they were kept, even while another is being computed", async () => {
    await setClass("water");
    await page.evaluate((id) => {
      const { graph, document: edited } = window.__editor!;
      const node = graph.getNodeById(id)!;
      const [keep] = document.querySelectorAll<HTMLButtonElement>(".takes-keep button");
      keep!.click();
      edited.edit("an edit", () => node.setProperty("class", "grass"));
      keep!.click();
      edited.edit("an edit", () => node.setProperty("class", "sky"));
    }, CONSTANT);
    await expect.poll(() => names()).toEqual(["plant", "sky", "water", "grass"]);
    for (const name of ["water", "grass"]) {
      await card(name).focus();
      await page.keyboard.press("Delete");
    }
    await expect.poll(() => names()).toEqual(["plant", "sky"]);
    await computed(2);
  });

  it("are refused a second time where they are the same", async () => {
    await button(page, "Keep this").click();
    await expect.poll(messages).toContain("This is the take “sky” already.");
    expect(await names()).toEqual(["plant", "sky"]);
  });

  it("show what they are: results that differ, priors in the colours of their classes", async () => {
    expect(await pixels("plant", 0)).not.toEqual(await pixels("sky", 0));
    for (const name of ["plant", "sky"] as const)
      expect((await pixels(name, 1)).slice(0, 4)).toEqual([...CLASS_COLOURS[CLASSES.indexOf(name)]!, 255]);
  });

  it("are compared under the slider of the large view, chosen with the keys A and B", async () => {
    await card("plant").focus();
    await page.keyboard.press("a");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("b");
    await expect.poll(() => page.locator(".viewer-tag.before").textContent(), { timeout: 60_000 }).toBe("plant");
    expect(await page.locator(".viewer-tag.after").textContent()).toBe("sky");
    expect(await page.locator(".viewer-size").textContent()).toBe("48 × 40");
    await expect.poll(() => page.locator(".viewer-divider").isVisible()).toBe(true);
  });

  it("stay compared while the page's own graph runs", async () => {
    await page.evaluate(() => window.__editor!.run());
    await idle(page);
    await expect.poll(() => page.locator(".viewer-tag.before").textContent()).toBe("plant");
    await expect.poll(() => page.locator(".viewer-divider").isVisible()).toBe(true);
    await computed(2);
  });

  it("are put back into the graph as one step of undo", async () => {
    await card("plant").focus();
    await page.keyboard.press("r");
    await expect.poll(constantClass).toBe("plant");
    expect(await undoLabel()).toBe("restore take “plant”");
    await page.evaluate(() => window.__editor!.document.undo());
    expect(await constantClass()).toBe("sky");
    expect(await names()).toEqual(["plant", "sky"]);
  });

  it("put back nodes that are gone, and say which", async () => {
    await page.evaluate((id) => {
      const { graph, document } = window.__editor!;
      document.edit("an edit", () => graph.remove(graph.getNodeById(id)!));
    }, CONSTANT);
    await card("plant").focus();
    await page.keyboard.press("r");
    await expect.poll(constantClass).toBe("plant");
    await expect.poll(messages).toContain("“plant” needed what was gone, so it has been added: Constant Prior.");
    await page.evaluate(() => {
      window.__editor!.document.undo();
      window.__editor!.document.undo();
    });
    expect(await constantClass()).toBe("sky");
  });

  it("are renamed and deleted, and undo brings them back", async () => {
    await card("plant").focus();
    await page.keyboard.press("F2");
    await page.keyboard.type("a <b>plant</b>");
    await page.keyboard.press("Enter");
    await expect.poll(() => names()).toEqual(["a <b>plant</b>", "sky"]);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("a <b>plant</b>, take 1 of 2");
    await page.evaluate(() => window.__editor!.document.undo());
    await expect.poll(() => names()).toEqual(["plant", "sky"]);
    await card("sky").focus();
    await page.keyboard.press("Delete");
    await expect.poll(() => names()).toEqual(["plant"]);
    expect(await undoLabel()).toBe("delete take “sky”");
    await page.evaluate(() => window.__editor!.document.undo());
    await expect.poll(() => names()).toEqual(["plant", "sky"]);
    await computed(2);
  });

  it("are exported as pictures of results and priors, and one JSON", async () => {
    exported = await exportZip();
    expect(Object.keys(exported).sort()).toEqual(["plant-prior.png", "plant.png", "sky-prior.png", "sky.png", "takes.json"]);
    expect(await distance(exported["plant.png"]!, exported["sky.png"]!)).toBeGreaterThan(0);
    const prior = await decode(exported["sky-prior.png"]!, "prior");
    expect([prior.width, prior.height]).toEqual([48, 40]);
    expect([...prior.rgb.slice(0, 3)]).toEqual(CLASS_COLOURS[CLASSES.indexOf("sky")]);
    const graph = readGraph(new TextDecoder().decode(exported["takes.json"]));
    expect(readTakes(graph).takes.list.map(({ name }) => name)).toEqual(["plant", "sky"]);
    expect(readPngText(exported["plant.png"]!).sftgan).toContain('"class":"plant"');
  });

  it("are the same in a fresh profile from the exported JSON alone, pictures included", async () => {
    const fresh = await stage.open();
    await fresh.page.waitForFunction(() => window.__editor);
    await open(fresh.page, JSON.parse(new TextDecoder().decode(exported["takes.json"])));
    await button(fresh.page, "Takes").click();
    await expect.poll(() => names(fresh.page)).toEqual(["plant", "sky"]);
    await computed(2, fresh.page);
    const again = await exportZip(fresh.page);
    for (const name of ["plant.png", "sky.png", "plant-prior.png", "sky-prior.png"])
      expect(await distance(exported[name]!, again[name]!), name).toBeLessThanOrEqual(1);
    expect(fresh.errors).toEqual([]);
    await fresh.page.context().close();
  });

  it("that no plugin knows say so, and harm nothing", async () => {
    const fresh = await stage.open();
    await fresh.page.waitForFunction(() => window.__editor);
    const json = JSON.parse(new TextDecoder().decode(exported["takes.json"])) as {
      extra: { sftgan: { takes: { nodes: { type: string }[]; list: unknown[] } } };
    };
    const { takes } = json.extra.sftgan;
    takes.nodes = takes.nodes.map((node) => ({
      ...node,
      type: node.type.replace("constant-prior", "<img src=x onerror=alert(1)>"),
    }));
    takes.list.push({ name: "broken", result: [99, "image"] });
    await open(fresh.page, json);
    await button(fresh.page, "Takes").click();
    await expect.poll(() => fresh.page.locator('.take[data-state="failed"]').count(), { timeout: 60_000 }).toBe(2);
    expect(await fresh.page.locator(".take-state").first().textContent()).toContain("there is no node type");
    expect(await fresh.page.locator(".takes-note").textContent()).toContain("take 3 is left out");
    expect(await fresh.page.locator(".takes img").count()).toBe(0);
    expect(fresh.errors).toEqual([]);
    await fresh.page.context().close();
  });

  it("are no run: a new graph in the place of theirs has run nothing", async () => {
    const note = () => page.locator(".status-note").textContent();
    await button(page, "Run").click();
    await idle(page);
    await expect.poll(note).toMatch(/^Done/);
    await page.evaluate(() => window.__editor!.document.clear());
    await expect.poll(() => page.getByRole("region", { name: "Takes" }).isVisible()).toBe(false);
    await page.evaluate(() => {
      const { engine, document } = window.__editor!;
      return engine.run(document.stored(), [], { scope: "takes" }); // has its turn after all that
    });
    await frame(page);
    expect(await note()).toBe("Ready");
  });

  it("threw nothing on the way", () => {
    expect(errors).toEqual([]);
  });
});
