/** What is done to nodes and groups on the canvas: by the mouse, by keys, by fingers; each one step of undo with its name. */
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import ofPeople from "../cases/graphs/lg_subgraph.json";
import { openStage, type Stage, tinyPng } from "./browser";
import { fingersOn, swipe } from "./hands";
import {
  type At,
  drop,
  frame,
  idle,
  onWire as onWireOf,
  open,
  selectedOf,
  select as selectOn,
  titleOf as titleOn,
  undoLabelOf,
  wiresOf,
} from "./page";

declare const window: { __editor?: EditorHandle };

let stage: Stage;
let page: Page;
let errors: string[];

/** Node ids of graphs/sft-gan.json. */
const LOAD = 1;
const SEGMENT = 2;
const CONDITION = 3;

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
  page.setDefaultTimeout(20_000);
  await page.waitForFunction(() => window.__editor!.canvas.visible_nodes.length > 0); // it is drawn
  await idle(page); // and has come to rest
}, 240_000);
afterAll(() => stage?.close());

const select = (...ids: readonly number[]) => selectOn(page, ...ids);
const modes = (...ids: readonly number[]) =>
  page.evaluate((ids) => ids.map((id) => (window.__editor!.graph.getNodeById(id) as never as { mode: number }).mode), ids);
const places = (...ids: readonly number[]) =>
  page.evaluate((ids) => ids.map((id) => [...window.__editor!.graph.getNodeById(id)!.pos].slice(0, 2) as [number, number]), ids);
const wires = () => wiresOf(page);
const newest = () => page.evaluate(() => Math.max(...window.__editor!.document.stored().nodes.map(({ id }) => id)));
const titleOf = (id: number) => titleOn(page, id);
const onWire = (id: number, input: number): Promise<At> => onWireOf(page, id, input, 0.5);
const menu = () => page.getByRole("menu");
const undo = () => page.keyboard.press("Control+z");

/** Adds a node by keys, as one step; it is in the middle of the view. Returns its id. */
async function add(title: string): Promise<number> {
  await page.evaluate(() => window.__editor!.canvas.canvas.focus());
  await page.keyboard.press("n");
  await page.keyboard.type(title);
  await page.keyboard.press("Enter");
  return newest();
}

describe("Nodes that are selected", () => {
  it("are bypassed and muted by keys and the menu, and run again by the same", async () => {
    await select(SEGMENT);
    await page.keyboard.press("Control+b");
    expect(await modes(SEGMENT)).toEqual([4]);
    expect(await undoLabelOf(page)).toBe("bypass Segment");
    await page.keyboard.press("Control+b");
    expect(await modes(SEGMENT)).toEqual([0]);
    await select(SEGMENT, CONDITION);
    await page.keyboard.press("Control+m");
    expect(await modes(SEGMENT, CONDITION)).toEqual([2, 2]);
    await undo();
    expect(await modes(SEGMENT, CONDITION)).toEqual([0, 0]);
    await frame(page); // undo makes nodes anew: litegraph looks among those that it has drawn
    await frame(page);
    await page.mouse.click(...(await titleOf(SEGMENT)), { button: "right" });
    await menu().getByRole("menuitemcheckbox", { name: "Bypass" }).click();
    expect(await modes(SEGMENT)).toEqual([4]);
    await undo();
  });

  it("are moved by arrow keys, by lines of the grid where they keep to it, and held keys are one step", async () => {
    await select(SEGMENT, CONDITION);
    const before = await places(SEGMENT, CONDITION);
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowRight");
    expect(await places(SEGMENT, CONDITION)).toEqual(before.map(([x, y]) => [x + 24, y + 18]));
    expect(await undoLabelOf(page)).toBe("move 2 nodes");
    await undo();
    expect(await places(SEGMENT, CONDITION)).toEqual(before);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("snap to");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    expect((await places(SEGMENT))[0]![0] % 24).toBe(0);
    await undo();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("snap to");
    await page.keyboard.press("Enter");
  });

  it("are aligned from the menu and the palette", async () => {
    await select(SEGMENT, CONDITION);
    await page.mouse.click(...(await titleOf(SEGMENT)), { button: "right" });
    await menu().getByText("Align…").click();
    await menu().getByText("Align tops").click();
    const [a, b] = await places(SEGMENT, CONDITION);
    expect(a![1]).toBe(b![1]);
    expect(await undoLabelOf(page)).toBe("align 2 nodes");
    await undo();
  });

  it("leave what fed them joined to what they fed when they are deleted with Ctrl", async () => {
    const added = await add("sharpen prior");
    await page.evaluate(
      ([added, from, to]) => {
        const { graph } = window.__editor!;
        graph.getNodeById(from)!.connect(0, graph.getNodeById(added)! as never, 0);
        graph.getNodeById(added)!.connect(0, graph.getNodeById(to)! as never, 0);
      },
      [added, SEGMENT, CONDITION] as const,
    );
    await select(added);
    await page.keyboard.press("Control+Delete");
    expect(await wires()).toContain(`${SEGMENT}>${CONDITION}`);
    expect(await undoLabelOf(page)).toBe("delete Sharpen Prior and reconnect");
    await undo();
    expect(await wires()).toContain(`${added}>${CONDITION}`);
    await undo();
    await undo();
  });
});

describe("A node on a wire", () => {
  it("is put there by dragging it, and the wire is lit meanwhile", async () => {
    const added = await add("sharpen prior");
    await page.keyboard.press("f");
    await frame(page);
    const target = await onWire(CONDITION, 0);
    await page.mouse.move(...(await titleOf(added)));
    await page.mouse.down();
    await page.mouse.move(target[0] + 40, target[1] + 40, { steps: 3 });
    await page.mouse.move(...target, { steps: 3 });
    expect(await page.evaluate(() => window.__editor!.canvas.wires.lit.map(({ to }) => to.id))).toEqual([CONDITION]);
    await page.mouse.up();
    expect(await wires()).toEqual(expect.arrayContaining([`${SEGMENT}>${added}`, `${added}>${CONDITION}`]));
    expect(await undoLabelOf(page)).toBe("insert Sharpen Prior on a wire");
    await undo();
    expect(await wires()).toContain(`${SEGMENT}>${CONDITION}`);
    await undo();
  });
});

describe("A node from the list", () => {
  it("is dropped on a wire that it fits, and beside it where it does not", async () => {
    await page.keyboard.press("f");
    await frame(page);
    const canvas = page.locator(".graph-canvas");
    const box = (await canvas.boundingBox())!;
    const [x, y] = await onWire(CONDITION, 0);
    const drop = (title: string) =>
      page.getByRole("option", { name: title, exact: true }).dragTo(canvas, { targetPosition: { x: x - box.x, y: y - box.y } });
    await drop("Smooth Prior");
    const added = await newest();
    expect(await wires()).toEqual(expect.arrayContaining([`${SEGMENT}>${added}`, `${added}>${CONDITION}`]));
    await undo();
    await drop("Number");
    expect(await wires()).toContain(`${SEGMENT}>${CONDITION}`);
    await undo();
  });
});

describe("What a node is and how it looks", () => {
  it("is changed to another type with the wires that fit, which the choice says before", async () => {
    await select(SEGMENT);
    await page.keyboard.press("r");
    const first = page.locator(".search-box [role=option]").first();
    expect(await first.innerText()).toMatch(/keeps \d+ of \d+ wires|keeps all/);
    await page.keyboard.type("map to prior");
    await page.keyboard.press("Enter");
    const added = await newest();
    expect(await wires()).toContain(`${added}>${CONDITION}`);
    expect(await wires()).not.toContain(`${SEGMENT}>${CONDITION}`);
    expect(await undoLabelOf(page)).toBe("replace Segment by Map to Prior");
    await undo();
    expect(await wires()).toContain(`${SEGMENT}>${CONDITION}`);
  });

  it("gets a colour by keys, and the file keeps litegraph's own", async () => {
    await select(SEGMENT);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("colour");
    await page.keyboard.press("Enter");
    await menu().getByText("Green").click();
    const stored = () =>
      page.evaluate((id) => {
        const { color, bgcolor } = window.__editor!.document.stored().nodes.find((node) => node.id === id)!;
        return { color, bgcolor };
      }, SEGMENT);
    expect(await stored()).toEqual({ color: "#232", bgcolor: "#353" });
    expect(await undoLabelOf(page)).toBe("colour Segment green");
    await undo();
    expect((await stored()).bgcolor).toBeUndefined();
  });

  it("may be a note, written on the node itself", async () => {
    await page.evaluate(() => window.__editor!.canvas.canvas.focus());
    await page.keyboard.press("Control+k");
    await page.keyboard.type("add a note");
    await page.keyboard.press("Enter");
    const note = await newest();
    await page.keyboard.press("Control+f");
    await page.keyboard.type("note");
    await page.keyboard.press("Enter");
    await frame(page);
    await frame(page);
    const [x, y] = await titleOf(note);
    await page.mouse.click(x, y + 50 * (await page.evaluate(() => window.__editor!.canvas.ds.scale)));
    const entry = page.locator(".sftgan-entry textarea");
    await entry.fill("sky first\nthen water");
    await entry.press("Escape"); // what has been typed is kept: undo takes it back
    const text = () =>
      page.evaluate((id) => window.__editor!.document.stored().nodes.find((node) => node.id === id)?.properties?.text, note);
    expect(await text()).toBe("sky first\nthen water");
    await undo();
    expect(await text()).toBe("");
    await undo();
  });
});

describe("A group", () => {
  const groups = () => page.evaluate(() => window.__editor!.document.stored().groups.length);
  const onGroup = (): Promise<At> =>
    page.evaluate(() => {
      const { canvas, graph } = window.__editor!;
      const [group] = (graph as never as { _groups: { pos: number[] }[] })._groups;
      const { clientX, clientY } = canvas.pagePoint([group!.pos[0]! + 30, group!.pos[1]! + 14]);
      return [clientX, clientY] as const;
    });

  it("is run, bypassed, collapsed and copied as a whole from its menu", async () => {
    await select(LOAD, SEGMENT);
    await page.keyboard.press("Control+g");
    await page.getByRole("textbox", { name: "Name of the group" }).fill("Priors");
    await page.keyboard.press("Enter");
    await expect.poll(groups).toBe(1);
    await page.keyboard.press("f");
    await frame(page);
    const choose = async (label: string) => {
      await page.mouse.click(...(await onGroup()), { button: "right" });
      await menu().getByText(label, { exact: true }).click();
    };
    await page.keyboard.press("Shift+F2");
    await page.getByRole("textbox", { name: "Name of the group" }).fill("By keys");
    await page.keyboard.press("Enter");
    await expect.poll(() => undoLabelOf(page)).toBe("rename the group “Priors”");
    await undo();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("colour of the group");
    await page.keyboard.press("Enter");
    await menu().getByText("Green", { exact: true }).click();
    expect(await undoLabelOf(page)).toBe("colour the group “Priors”");
    await undo();
    await page.keyboard.press("Control+Shift+g");
    await menu().getByText("Remove the frame", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    const fingers = await fingersOn(page);
    await fingers("touchStart", await onGroup());
    await menu().getByText("Rename…", { exact: true }).waitFor();
    await fingers("touchEnd");
    await page.keyboard.press("Escape");
    await choose("Bypass");
    expect(await modes(LOAD, SEGMENT, CONDITION)).toEqual([4, 4, 0]);
    await choose("Bypass");
    expect(await modes(LOAD, SEGMENT)).toEqual([0, 0]);
    await choose("Collapse");
    const collapsed = () =>
      page.evaluate(
        (id) => (window.__editor!.graph.getNodeById(id)!.flags as { collapsed?: boolean }).collapsed ?? false,
        SEGMENT,
      );
    expect(await collapsed()).toBe(true);
    expect(await undoLabelOf(page)).toBe("collapse the group “Priors”");
    await undo();
    expect(await collapsed()).toBe(false);
    const before = await newest();
    await choose("Duplicate");
    expect(await groups()).toBe(2);
    expect(await newest()).toBe(before + 2);
    expect(await wires()).toContain(`${before + 1}>${before + 2}`);
    await undo();
    await choose("Copy");
    const canvas = (await page.locator(".graph-canvas").boundingBox())!;
    await page.mouse.move(canvas.x + 200, canvas.y + canvas.height - 60);
    for (let i = 0; i < 2; i++) {
      await page.evaluate(() => window.__editor!.canvas.canvas.focus());
      await page.keyboard.press("Control+k");
      await page.keyboard.type("paste");
      await page.keyboard.press("Enter");
      await expect.poll(groups).toBe(2 + i);
    }
    const last = await newest();
    const [a, b] = await places(last - 3, last - 1);
    expect(Math.hypot(a![0] - b![0], a![1] - b![1])).toBeGreaterThan(20);
    await undo();
    await undo();
  });
});

describe("A node that is there", () => {
  it("is found by its name, selected and brought into view", async () => {
    await page.keyboard.press("Control+f");
    await page.keyboard.type("condition");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => Object.keys(window.__editor!.canvas.selected_nodes).map(Number))).toEqual([CONDITION]);
    const box = (await page.locator(".graph-canvas").boundingBox())!;
    const [x, y] = await titleOf(CONDITION);
    expect(Math.abs(x - box.x - box.width / 2)).toBeLessThan(120);
    expect(Math.abs(y - box.y - box.height / 2)).toBeLessThan(200);
  });
});

describe("Copies", () => {
  it("are fed by what feeds the originals where that is asked for", async () => {
    await select(CONDITION);
    const before = await newest();
    await page.keyboard.press("Control+Shift+d");
    expect(await newest()).toBe(before + 1);
    expect(await wires()).toContain(`${SEGMENT}>${before + 1}`);
    await undo();
    await select(CONDITION);
    await page.keyboard.press("Control+c");
    await page.keyboard.press("Control+v");
    await expect.poll(newest).toBe(before + 1);
    expect(await wires()).not.toContain(`${SEGMENT}>${before + 1}`);
    await undo();
    await page.keyboard.press("Control+Shift+v");
    await expect.poll(wires).toContain(`${SEGMENT}>${before + 1}`);
    await undo();
  });
});

describe("The canvas", () => {
  it("pastes and puts notes where its menu was asked for, and shows all with the names of groups", async () => {
    const canvas = (await page.locator(".graph-canvas").boundingBox())!;
    const at: At = [canvas.x + 30, canvas.y + canvas.height - 120];
    const corner = (id: number) =>
      page.evaluate((id) => {
        const { graph, pagePoint } = window.__editor!;
        const { pos } = graph.getNodeById(id)!;
        return pagePoint([pos[0], pos[1]]).map(Math.round);
      }, id);
    await page.keyboard.press("f");
    await select(SEGMENT);
    await page.keyboard.press("Control+c");
    const before = await newest();
    for (const [name, step] of [
      [/^Paste$/, "paste"],
      [/^Add a note/, "add Note"],
    ] as const) {
      await page.mouse.click(...at, { button: "right" });
      await menu().getByRole("menuitem", { name }).click();
      await expect.poll(() => undoLabelOf(page)).toBe(step);
      const [x, y] = await corner(await newest());
      expect(Math.hypot(x! - at[0], y! - at[1]), step).toBeLessThan(40);
      await undo();
    }
    expect(await newest()).toBe(before);
    await select(LOAD, SEGMENT);
    await page.keyboard.press("Control+g");
    await page.getByRole("textbox", { name: "Name of the group" }).fill("Photo");
    await page.keyboard.press("Enter");
    await expect.poll(() => undoLabelOf(page)).toBe("add the group “Photo”");
    await page.keyboard.press("f");
    const frame = () =>
      page.evaluate(() => {
        const { graph, pagePoint } = window.__editor!;
        const { _groups: groups } = graph as unknown as { _groups: { title: string; pos: ArrayLike<number> }[] };
        const { title, pos } = groups.at(-1)!; // over another that is there
        return { title, at: pagePoint([pos[0]!, pos[1]!]) };
      });
    const name = (await frame()).at;
    expect(name[1]).toBeGreaterThan(canvas.y);
    await page.mouse.dblclick(name[0] + 60, name[1] + 10);
    await page.getByRole("textbox", { name: "Name of the group" }).fill("Photos");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await frame()).title).toBe("Photos");
    await undo();
    await undo();
  });

  it("renames a node at a double click on its title, takes no two presses apart for one, and is moved with the space bar held", async () => {
    await page.keyboard.press("f");
    await frame(page); // nodes are other ones after undo, and are drawn first
    await frame(page);
    await page.mouse.dblclick(...(await titleOf(SEGMENT)));
    await page.getByRole("dialog").getByRole("textbox").waitFor();
    await page.keyboard.type("Classes");
    await page.keyboard.press("Enter");
    await expect.poll(() => undoLabelOf(page)).toBe("rename Segment");
    await undo();
    await frame(page);
    await frame(page);
    const box = (await page.locator(".graph-canvas").boundingBox())!;
    await page.mouse.click(box.x + 40, box.y + box.height - 90);
    await page.mouse.click(box.x + 140, box.y + box.height - 60);
    expect(await page.locator(".search-box").count()).toBe(0);
    const before = await places(SEGMENT);
    const [from, label] = [await titleOf(SEGMENT), await undoLabelOf(page)];
    await page.keyboard.down("Space");
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(from[0] + 30, from[1] + 20, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up("Space");
    const to = await titleOf(SEGMENT);
    expect([to[0] - from[0], to[1] - from[1]].map(Math.round)).toEqual([30, 20]);
    expect([await places(SEGMENT), await undoLabelOf(page)]).toEqual([before, label]);
  });

  it("drags all nodes that are selected, one of which a click leaves; with Alt it drags copies", async () => {
    await page.keyboard.press("f");
    await select(SEGMENT, CONDITION);
    await frame(page);
    await frame(page);
    const dragBy = async (x: number, y: number) => {
      const [left, top] = await titleOf(CONDITION);
      await page.mouse.move(left, top);
      await page.mouse.down();
      await page.mouse.move(left + x, top + y, { steps: 4 });
      const meanwhile = await places(SEGMENT, CONDITION);
      await page.mouse.up();
      return meanwhile;
    };
    const [before, last] = [await places(SEGMENT, CONDITION), await newest()];
    await dragBy(40, 30);
    expect(await undoLabelOf(page)).toBe("move 2 nodes");
    const moved = (await places(SEGMENT, CONDITION)).map(([x, y], i) => [x - before[i]![0], y - before[i]![1]] as const);
    expect(moved[0]![0]).toBeGreaterThan(20);
    for (const [dx, dy] of moved) expect(Math.hypot(dx - moved[0]![0], dy - moved[0]![1])).toBeLessThan(2); // places are whole
    await undo();
    await frame(page);
    await frame(page);
    await page.keyboard.down("Alt");
    expect(await dragBy(0, 120)).toEqual(before); // what follows the pointer are the copies to come
    await page.keyboard.up("Alt");
    await expect.poll(() => undoLabelOf(page)).toBe("duplicate 2 nodes");
    expect(await places(SEGMENT, CONDITION)).toEqual(before);
    expect(await selectedOf(page)).toEqual([last + 1, last + 2]);
    await undo();
    await select(SEGMENT, CONDITION);
    await frame(page);
    await frame(page);
    await page.mouse.click(...(await titleOf(CONDITION)));
    expect(await selectedOf(page)).toEqual([CONDITION]);
  });
});

describe("Fingers", () => {
  it("bypass a node from the menu of a resting finger, and put one on a wire by dragging it", async () => {
    const fingers = await fingersOn(page);
    await page.keyboard.press("f");
    await frame(page);
    await fingers("touchStart", await titleOf(SEGMENT));
    await menu().waitFor();
    await fingers("touchEnd");
    await menu().getByRole("menuitemcheckbox", { name: "Bypass" }).click();
    expect(await modes(SEGMENT)).toEqual([4]);
    await undo();
    const added = await add("sharpen prior");
    await page.keyboard.press("f");
    await frame(page);
    await frame(page);
    await swipe(fingers, await titleOf(added), await onWire(CONDITION, 0), 8);
    await expect.poll(wires).toContain(`${added}>${CONDITION}`);
    expect(await undoLabelOf(page)).toBe("insert Sharpen Prior on a wire");
    await undo();
    await undo();
  });
});

describe("Installing the page", () => {
  it("is offered where the browser offers it, and asked for once", async () => {
    const install = page.getByRole("menuitem", { name: /^Install…/ });
    await page.getByRole("button", { name: "File" }).click();
    expect(await install.count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.evaluate(() => {
      const offer = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
        prompt: async () => document.documentElement.setAttribute("data-asked", String(offer.defaultPrevented)),
      });
      dispatchEvent(offer);
    });
    await page.getByRole("button", { name: "File" }).click();
    await install.click();
    await expect.poll(() => page.locator("html").getAttribute("data-asked")).toBe("true");
    await page.getByRole("button", { name: "File" }).click();
    expect(await install.count()).toBe(0);
    await page.keyboard.press("Escape");
  });
});

describe("Ready graphs", () => {
  it("are cards with pictures, from a key, the toolbar and the empty graph", async () => {
    await page.evaluate(() => window.__editor!.canvas.canvas.focus());
    await page.keyboard.press("g");
    const cards = page.getByRole("dialog", { name: "Graphs" });
    await cards.locator("img").first().waitFor();
    const loaded = () =>
      cards
        .locator("img")
        .first()
        .evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0);
    await expect.poll(loaded).toBe(true);
    const count = await cards.locator(".graph-card").count();
    expect(await cards.locator(".graph-card img").count()).toBe(14);
    expect(count).toBeGreaterThanOrEqual(14);
    await page.keyboard.press("ArrowRight");
    const title = await page.evaluate(() => document.activeElement!.querySelector("strong")!.textContent);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("textbox", { name: "Name of the graph" }).inputValue()).toBe(title);
    await undo();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("new graph");
    await page.keyboard.press("Enter");
    expect(await page.locator(".status-note").textContent()).toBe("Ready"); // nothing of it has run
    await page.locator(".graph-empty .graph-card").first().click();
    await expect.poll(async () => (await wires()).length).toBeGreaterThan(5);
    await undo();
    await undo();
    expect(await wires()).toContain(`${SEGMENT}>${CONDITION}`);
  });

  it("are opened with the photo that a person has brought, as one step", async () => {
    const file = () => page.evaluate((id) => window.__editor!.graph.getNodeById(id)!.properties.file, LOAD);
    const before = await wires();
    await drop(page, [[await tinyPng(), "mine.png"]]);
    await expect.poll(file).toMatchObject({ name: "mine.png" });
    await page.keyboard.press("g");
    await page.locator(".graph-card", { hasText: "Paint the prior" }).first().click();
    expect(await page.locator(".status-note").textContent()).toBe("“Paint the prior” is open with “mine.png”");
    expect(await file()).toMatchObject({ name: "mine.png" });
    await undo(); // the keys are the graph's
    expect([await wires(), await file()]).toMatchObject([before, { name: "mine.png" }]);
    await undo();
    expect(await file()).toEqual({ name: "sample:scene.png" });
  });
});

describe("A selection", () => {
  it("is kept as a snippet, and inserted again by its card or the palette", async () => {
    await select(SEGMENT, CONDITION);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("save as a snippet");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Name of the snippet" }).fill("Prior and condition");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => localStorage.getItem("sftgan:snippets"))).toContain("Prior and condition");
    const before = await newest();
    await page.evaluate(() => window.__editor!.canvas.canvas.focus());
    await page.keyboard.press("i");
    const snippets = page.getByRole("dialog", { name: "Snippets" });
    await snippets.locator(".graph-card", { hasText: "Prior and condition" }).click();
    expect(await newest()).toBe(before + 2);
    const added = [before + 1, before + 2]; // which is first is as they lie on each other
    expect(await wires()).toEqual(expect.arrayContaining([expect.toBeOneOf([added.join(">"), added.toReversed().join(">")])]));
    expect(await undoLabelOf(page)).toBe("insert the snippet “Prior and condition”");
    await undo();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("prior and condition");
    await page.keyboard.press("Enter");
    expect(await newest()).toBe(before + 2);
    await undo();
    await page.keyboard.press("i");
    const download = page.waitForEvent("download");
    await snippets.getByRole("button", { name: "Export" }).click();
    expect((await download).suggestedFilename()).toBe("Prior and condition.json");
    const file = await (await download).path();
    await snippets.getByRole("button", { name: "Delete" }).click();
    expect(await snippets.locator(".graph-card").count()).toBe(0);
    const chooser = page.waitForEvent("filechooser");
    await snippets.getByRole("button", { name: "Import" }).click();
    await (await chooser).setFiles(file);
    await snippets.locator(".graph-card", { hasText: "Prior and condition" }).waitFor();
    await snippets.getByRole("button", { name: "Delete" }).click();
    await page.keyboard.press("Escape");
  });
});

describe("Load Model", () => {
  it("gives its weights as an ONNX model from its menu, which other programs open", async () => {
    const before = await page.evaluate(() => window.__editor!.document.stored());
    const model = { id: 1, type: "sftgan/load-model", pos: [40, 60], properties: { file: { name: "weights:lite.safetensors" } } };
    await open(page, { ...before, nodes: [model], links: [], groups: [] });
    await idle(page);
    await page.waitForFunction(() => window.__editor!.canvas.visible_nodes.length === 1); // it is drawn
    await frame(page);
    const download = page.waitForEvent("download");
    await page.mouse.click(...(await titleOf(model.id)), { button: "right" });
    await menu()
      .getByRole("menuitem", { name: /Export ONNX/ })
      .click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("lite.onnx");
    const session = await InferenceSession.create(await file.path(), { logSeverityLevel: 3 });
    expect([session.inputNames, session.outputNames]).toEqual([["image", "prior"], ["picture"]]);
    const tensor = (...dims: readonly number[]) =>
      new Tensor("float32", new Float32Array(dims.reduce((product, n) => product * n, 1)).fill(0.125), dims);
    const { picture } = await session.run({ image: tensor(1, 3, 5, 6), prior: tensor(1, 8, 20, 24) });
    expect(picture!.dims).toEqual([1, 3, 20, 24]);
    await undo();
  });
});

describe("A subgraph of litegraph's", () => {
  it("is unpacked into the graph by a key, and packed again by undo", async () => {
    await open(page, ofPeople);
    const count = () => page.evaluate(() => window.__editor!.document.stored().nodes.length);
    expect(await count()).toBe(10);
    await select(78);
    await page.keyboard.press("u");
    expect(await count()).toBe(18);
    expect(await undoLabelOf(page)).toMatch(/^unpack /);
    await undo();
    expect(await count()).toBe(10);
    await undo();
  });
});

describe("All of this", () => {
  it("threw nothing on the way", () => {
    expect(errors).toEqual([]);
  });
});
