/** Subgraphs in the editor: entered, edited, run and left by pointer, touch and keys. One page. */
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import type { StoredNode } from "../../src/graph/stored";
import { decode } from "../../src/headless/codec";
import { openStage, type Stage, tinyPng } from "./browser";
import { fingersOn } from "./hands";
import { type At, drop, frame, idle, open, run, save, select as selectOn, titleOf as titleOn, undoLabelOf } from "./page";

declare const window: { __editor?: EditorHandle };

let stage: Stage;
let page: Page;
let errors: string[];

const slots = (input: number | null, output: number | null) => ({
  inputs: [{ name: "image", type: "image", link: input }],
  outputs: [{ name: "image", type: "image", links: output === null ? null : [output] }],
});
const held = (nodes: readonly object[], first: number, last: number, more: readonly unknown[] = []) => ({
  nodes: [
    {
      ...{ id: 90, type: "graph/input", pos: [-200, 0], size: [160, 26], properties: { name: "image" } },
      outputs: [{ name: "", type: "image", links: [1] }],
    },
    ...nodes,
    {
      ...{ id: 91, type: "graph/output", pos: [700, 0], size: [160, 26], properties: { name: "image" } },
      inputs: [{ name: "", type: "image", link: 9 }],
    },
  ],
  links: [[1, 90, 0, first, 0, "image"], ...more, [9, last, 0, 91, 0, "image"]],
});
/** Load LR -> Enlarge, in which are Bicubic Upscale -> Part, in which is a Crop -> Preview. */
const graph = {
  nodes: [
    {
      ...{ id: 1, type: "sftgan/load-lr", pos: [0, 0], properties: { file: { name: "sample:scene.png" } } },
      outputs: [{ name: "image", type: "image", links: [1] }],
    },
    {
      ...{ id: 2, type: "graph/subgraph", title: "Enlarge", pos: [300, 0], size: [200, 100], ...slots(1, 2) },
      subgraph: held(
        [
          { id: 1, type: "sftgan/bicubic-upscale", pos: [0, 0], ...slots(1, 2) },
          {
            ...{ id: 2, type: "graph/subgraph", title: "Part", pos: [350, 0], size: [200, 100], ...slots(2, 9) },
            subgraph: held(
              [{ id: 1, type: "sftgan/crop", pos: [0, 0], properties: { width: 40, height: 32 }, ...slots(1, 9) }],
              1,
              1,
            ),
          },
        ],
        1,
        2,
        [[2, 1, 0, 2, 0, "image"]],
      ),
    },
    {
      ...{ id: 3, type: "sftgan/preview", pos: [600, 0] },
      inputs: [{ name: "image", type: "image", link: 2 }],
    },
  ],
  links: [
    [1, 1, 0, 2, 0, "image"],
    [2, 2, 0, 3, 0, "image"],
  ],
  extra: { sftgan: { version: 1, title: "Nested" } },
};

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
  page.setDefaultTimeout(20_000);
  await open(page, graph);
  await run(page);
}, 240_000);
afterAll(() => stage?.close());

const idOf = (type: string): Promise<number> =>
  page.evaluate((type) => {
    const { graph } = window.__editor!;
    return (graph as unknown as { _nodes: { id: number; type: string }[] })._nodes.find((node) => node.type === type)!.id;
  }, type);
const titleOf = async (type: string): Promise<At> => {
  await frame(page);
  return titleOn(page, await idOf(type));
};
const select = async (type: string): Promise<void> => selectOn(page, await idOf(type));
const way = () => page.evaluate(() => [...document.querySelectorAll(".crumbs:not([hidden]) li")].map((one) => one.textContent));
/** What the preview was given last, such as "40 × 32". */
const result = () =>
  page.evaluate(() => {
    const last = window.__editor!.events.filter((event) => "node" in event && event.node === "3" && event.kind === "finished");
    return (last.at(-1) as { summary: string } | undefined)?.summary;
  });
const stored = () => page.evaluate(() => window.__editor!.document.stored());
const inner = (nodes: readonly StoredNode[], ...titles: string[]): readonly StoredNode[] =>
  titles.reduce((now, title) => {
    const found = now.find((node) => node.title === title) as unknown as { subgraph: { nodes: StoredNode[] } };
    return found.subgraph.nodes;
  }, nodes);
/** The summaries of what is shown. */
const phases = () =>
  page.evaluate(async () => {
    const { graph, runner } = window.__editor!;
    const nodes = (graph as unknown as { _nodes: { id: number; type: string }[] })._nodes;
    return Object.fromEntries(
      nodes.map((node) => {
        const { phase, error } = (runner as unknown as { state(node: unknown): { phase: string; error?: string } }).state(node);
        return [node.type, error ?? phase];
      }),
    );
  });

describe("A subgraph", () => {
  it("is entered by a double click, two deep, shows what its nodes have without a run, and is left by its breadcrumbs", async () => {
    expect(await result()).toMatch(/40 × 32/);
    const runs = await page.evaluate(() => window.__editor!.events.length);
    await page.mouse.dblclick(...(await titleOf("graph/subgraph")));
    expect(await way()).toEqual(["Nested", "Enlarge"]);
    expect(await phases()).toMatchObject({ "sftgan/bicubic-upscale": "finished", "graph/subgraph": "finished" });
    await page.mouse.dblclick(...(await titleOf("graph/subgraph")));
    expect(await way()).toEqual(["Nested", "Enlarge", "Part"]);
    expect(await page.locator(".crumbs p").textContent()).toBe("Inputs: image · Outputs: image");
    expect(await phases()).toMatchObject({ "sftgan/crop": "finished" });
    await idle(page);
    const since = await page.evaluate((runs) => window.__editor!.events.slice(runs).map(({ kind }) => kind), runs);
    expect(since.filter((kind) => kind === "started")).toEqual([]);
    await page.getByRole("button", { name: "Nested" }).click();
    expect(await way()).toEqual([]);
    expect(await page.evaluate(() => Object.keys(window.__editor!.canvas.selected_nodes))).toEqual(["2"]);
  });

  it("is entered and left by keys, and what is changed in it is run, stored, taken back where it was made, and done again", async () => {
    await select("graph/subgraph");
    await page.keyboard.press("Enter");
    await select("graph/subgraph");
    await page.keyboard.press("Alt+ArrowDown");
    expect(await way()).toEqual(["Nested", "Enlarge", "Part"]);
    const crop = await idOf("sftgan/crop");
    await select("sftgan/crop");
    await page.evaluate((id) => window.__editor!.graph.getNodeById(id)!.setProperty("width", 24), crop);
    await expect.poll(phases).toMatchObject({ "sftgan/crop": "waiting" });
    await run(page);
    expect(await result()).toMatch(/24 × 32/);
    const cropped = async () =>
      inner((await stored()).nodes, "Enlarge", "Part").find(({ type }) => type === "sftgan/crop")!.properties;
    expect(await cropped()).toMatchObject({ width: 24 });
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await way()).toEqual([]);
    await page.keyboard.press("Control+z");
    expect(await way()).toEqual(["Nested", "Enlarge", "Part"]);
    expect(await cropped()).toMatchObject({ width: 40 });
    await idle(page);
    await page.keyboard.press("Control+Shift+z");
    expect(await cropped()).toMatchObject({ width: 24 });
    await idle(page);
  });

  it("takes new nodes and wires, whose ids are nobody else's, and inputs and outputs; what fails in it is said on it outside too", async () => {
    await page.evaluate(() => window.__editor!.canvas.canvas.focus());
    await page.keyboard.press("n");
    await page.keyboard.type("Gaussian");
    await page.keyboard.press("Escape");
    const before = (await stored()).last_node_id;
    await select("sftgan/crop");
    await page.keyboard.press("Control+d");
    expect((await stored()).last_node_id).toBe(before + 1);
    await page.keyboard.press("Delete");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("add an output to the");
    await page.keyboard.press("Enter");
    await page.keyboard.type("second");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".crumbs p").textContent()).toBe("Inputs: image · Outputs: image, second");
    expect(await undoLabelOf(page)).toBe("add the output “second”");
    const part = inner((await stored()).nodes, "Enlarge").find(({ title }) => title === "Part")!;
    expect(part.outputs!.map(({ name }) => name)).toEqual(["image", "second"]);
    // Renamed inside it is renamed outside; taken away inside it goes outside, with its way back.
    await page.keyboard.press("F2");
    await page.keyboard.type("third");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".crumbs p").textContent()).toBe("Inputs: image · Outputs: image, third");
    await page.keyboard.press("Delete");
    await expect.poll(() => page.locator(".crumbs p").textContent()).toBe("Inputs: image · Outputs: image");
    const outer = async () => inner((await stored()).nodes, "Enlarge").find(({ title }) => title === "Part")!.outputs;
    expect((await outer())!.map(({ name }) => name)).toEqual(["image"]);
    await page.keyboard.press("Control+z");
    expect((await outer())!.map(({ name }) => name)).toEqual(["image", "third"]);
    // Without its wire the crop cannot run.
    await page.evaluate(
      (id) => {
        const { document, graph } = window.__editor!;
        document.edit("cut", () => graph.getNodeById(id)!.disconnectInput(0));
      },
      await idOf("sftgan/crop"),
    );
    await run(page);
    expect((await phases())["sftgan/crop"]).toMatch(/image/);
    await page.keyboard.press("Escape");
    expect((await phases())["graph/subgraph"]).toMatch(/image/);
    await page.keyboard.press("Control+z");
    await run(page);
    expect(await phases()).toMatchObject({ "sftgan/crop": "finished" });
    await page.getByRole("button", { name: "Nested" }).click();
    expect(await phases()).toMatchObject({ "graph/subgraph": "finished", "sftgan/preview": "finished" });
  });

  it("is made of nodes by keys, runs as they did, and is they again once it is unpacked", async () => {
    const types = async () => (await stored()).nodes.map(({ type }) => type).sort();
    const [before, size] = [await types(), await result()];
    await select("sftgan/preview");
    await page.keyboard.press("Control+Shift+E");
    await page.keyboard.type("Shown");
    await page.keyboard.press("Enter");
    await expect.poll(() => undoLabelOf(page)).toBe("pack Preview into “Shown”");
    expect(await types()).toEqual(["graph/subgraph", "graph/subgraph", "sftgan/load-lr"]);
    await run(page);
    expect(await result()).toBe(size);
    await page.locator(".graph-canvas").focus();
    await page.keyboard.press("u");
    await expect.poll(() => undoLabelOf(page)).toBe("unpack Shown");
    expect(await types()).toEqual(before);
    for (let i = 0; i < 2; i++) await page.evaluate(() => window.__editor!.document.undo());
  });

  it("is entered by a double tap and by its menu, held by a finger, and left by its button", async () => {
    const fingers = await fingersOn(page);
    const at = await titleOf("graph/subgraph");
    for (let tap = 0; tap < 2; tap++) {
      await fingers("touchStart", at);
      await fingers("touchEnd");
    }
    await expect.poll(way).toEqual(["Nested", "Enlarge"]);
    await page.getByRole("button", { name: "Nested" }).click();
    await fingers("touchStart", await titleOf("graph/subgraph"));
    await page.getByRole("menu").waitFor();
    await fingers("touchEnd");
    await page.getByRole("menuitem", { name: /^Enter the subgraph/ }).click();
    expect(await way()).toEqual(["Nested", "Enlarge"]);
    await page.keyboard.press("Escape");
    expect(await way()).toEqual([]);
  });

  it("is given the photo that is dropped beside it, and gives the picture that is saved", async () => {
    const node = (id: number, type: string, more: object) => ({ id, type: `sftgan/${type}`, pos: [300 * id, 0], ...more });
    await open(page, {
      nodes: [
        node(1, "load-lr", {
          properties: { file: { name: "sample:scene.png" } },
          outputs: [{ name: "image", type: "image", links: [1] }],
        }),
        node(2, "save", { inputs: [{ name: "image", type: "image", link: 1 }] }),
      ],
      links: [[1, 1, 0, 2, 0, "image"]],
    });
    await page.locator(".graph-canvas").focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+Shift+E");
    await page.keyboard.type("All");
    await page.keyboard.press("Enter");
    await expect.poll(() => undoLabelOf(page)).toMatch(/“All”$/);
    await drop(page, [[await tinyPng(21, 13), "tiny.png"]], [700, 500]);
    await expect.poll(() => undoLabelOf(page)).toBe("change Load LR: file");
    expect((await stored()).nodes.map(({ type }) => type)).toEqual(["graph/subgraph"]);
    expect(await decode(await save(page), "saved")).toMatchObject({ width: 21, height: 13 });
    expect(await phases()).toEqual({ "graph/subgraph": "finished" });
  });

  it("threw nothing", () => expect(errors).toEqual([]));
});
