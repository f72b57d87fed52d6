/** Wires and the graph itself under a mouse, and under fingers on a phone's page. */
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { openStage, type Stage } from "./browser";
import { type Fingers, fingersOn, swipe } from "./hands";
import { type At, button, frame, onWire as onWireOf, selectedOf, slotOf, titleOf, undoLabelOf, wiresOf } from "./page";

declare const window: { __editor?: EditorHandle };

let stage: Stage;
let page: Page;
let errors: string[];
let fingers: Fingers;

/** Node ids of graphs/sft-gan.json. */
const LOAD = 1;
const SEGMENT = 2;
const CONDITION = 3;
const BLOCKS = 4;
const COMPARE = 9;

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
  fingers = await fingersOn(page);
}, 120_000);

afterAll(() => stage?.close());

const slot = (id: number, side: "input" | "output", number: number): Promise<At> => slotOf(page, id, side, number);
const onWire = (id: number, input: number, share: number): Promise<At> => onWireOf(page, id, input, share);
const wires = () => wiresOf(page);
const routes = (id: number) =>
  page.evaluate(
    (id) => (window.__editor!.graph.getNodeById(id)!.flags as { routes?: Record<string, unknown[]> }).routes ?? {},
    id,
  );
const view = () =>
  page.evaluate(() => {
    const { scale, offset } = window.__editor!.canvas.ds;
    return { scale, x: offset[0] * scale, y: offset[1] * scale };
  });
const menu = () => page.getByRole("menu");
const undo = () => page.evaluate(() => window.__editor!.document.undo());

async function drag(from: At, ...to: readonly At[]): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  for (const at of to) await page.mouse.move(...at, { steps: 3 });
}

describe("A wire under the mouse", () => {
  it("says what it joins, and is cut, led around and given a node by its menu, anywhere on it", async () => {
    const at = await onWire(BLOCKS, 2, 0.5);
    await page.mouse.move(...at);
    await expect
      .poll(() => page.locator(".graph-canvas").getAttribute("title"))
      .toBe("Condition Net → SFT ResBlock×N (condition)");
    await page.mouse.click(...at);
    await menu().getByText("Reroute").click();
    expect(await undoLabelOf(page)).toBe("reroute Condition Net → SFT ResBlock×N");
    expect((await routes(BLOCKS)).condition).toHaveLength(1);
    await undo();
    expect((await routes(BLOCKS)).condition).toBeUndefined();

    await page.mouse.click(...(await onWire(CONDITION, 0, 0.5)), { button: "right" });
    await menu().getByText("Insert a node…").click();
    await page.getByRole("combobox").fill("sharpen");
    await page.keyboard.press("Enter");
    const added = await page.evaluate(() => Math.max(...window.__editor!.document.stored().nodes.map(({ id }) => id)));
    expect(await wires()).toEqual(expect.arrayContaining([`${SEGMENT}>${added}`, `${added}>${CONDITION}`]));
    expect(await wires()).not.toContain(`${SEGMENT}>${CONDITION}`);
    await undo();

    await page.mouse.click(...(await onWire(CONDITION, 0, 0.5)));
    await menu().getByText("Cut Segment → Condition Net").click();
    expect(await wires()).not.toContain(`${SEGMENT}>${CONDITION}`);
    await undo();
    expect(await wires()).toContain(`${SEGMENT}>${CONDITION}`);
  });

  it("is led through the place that its middle is dragged to, and moves the end it is dragged near", async () => {
    const middle = await onWire(BLOCKS, 2, 0.5);
    await drag(middle, [middle[0] + 10, middle[1] + 30]);
    await page.mouse.up();
    expect((await routes(BLOCKS)).condition).toHaveLength(1);
    await frame(page);
    await undo();
    await drag(await onWire(BLOCKS, 2, 0.9), [600, 80], await slot(COMPARE, "input", 0));
    await page.mouse.up();
    // a condition is no image: it hangs where it hung, and its points with it
    expect(await wires()).toContain(`${CONDITION}>${BLOCKS}`);
    await page.keyboard.press("Escape");
  });

  it("pulled off an input and let go beside all nodes offers what takes it, as one step with what is added", async () => {
    const before = await wires();
    await drag(await slot(CONDITION, "input", 0), [700, 400], [640, 600]);
    await page.mouse.up();
    await page.getByRole("combobox", { name: "Add a node that takes prior" }).fill("smooth");
    await page.keyboard.press("Enter");
    const added = await page.evaluate(() => Math.max(...window.__editor!.document.stored().nodes.map(({ id }) => id)));
    expect(await wires()).toContain(`${SEGMENT}>${added}`);
    expect(await wires()).not.toContain(`${SEGMENT}>${CONDITION}`);
    expect(await undoLabelOf(page)).toBe("add Smooth Prior");
    await undo();
    expect(await wires()).toEqual(before);
    await page.keyboard.press("f");
    await frame(page);
    await frame(page);
    await drag(await slot(CONDITION, "input", 0), [700, 400], [640, 600]);
    await page.mouse.up();
    await page.keyboard.press("Escape"); // it was to come off only
    expect(await undoLabelOf(page)).toBe("disconnect Segment → Condition Net");
    await undo();
    expect(await wires()).toEqual(before);
  });

  it("is refused where it does not fit, says why, and a click puts between what makes it fit", async () => {
    await drag(await slot(LOAD, "output", 0), [400, 300], await slot(CONDITION, "input", 0));
    const why = await page.evaluate(() => window.__editor!.canvas.dragged.refused?.refusal.why);
    expect(why).toBe("an image is no prior");
    await page.mouse.up();
    expect(await wires()).toContain(`${SEGMENT}>${CONDITION}`); // as before
    await menu().getByText("Add Map to Prior").click();
    const added = await page.evaluate(() => Math.max(...window.__editor!.document.stored().nodes.map(({ id }) => id)));
    expect(await wires()).toEqual(expect.arrayContaining([`${LOAD}>${added}`, `${added}>${CONDITION}`]));
    expect(await undoLabelOf(page)).toMatch(/^add Map to Prior/);
    await undo();
    await drag(await slot(CONDITION, "output", 0), await slot(SEGMENT, "input", 0));
    expect(await page.evaluate(() => window.__editor!.canvas.dragged.refused?.refusal.why)).toBe("a node cannot feed itself");
    await page.mouse.up();
    expect(await wires()).not.toContain(`${CONDITION}>${SEGMENT}`);
  });
});

describe("Fingers on a phone's page", () => {
  /** One finger from there, by so much. */
  const push = (from: At, by: At) => swipe(fingers, from, [from[0] + by[0], from[1] + by[1]]);

  it("reach the whole toolbar and the list of nodes", async () => {
    await page.evaluate(() => window.__editor!.canvas.deselectAllNodes());
    const client = await page.context().newCDPSession(page);
    await client.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 5 });
    await page.setViewportSize({ width: 390, height: 844 });
    const inside = async (name: string) => {
      const box = (await button(page, name).boundingBox())!;
      return box.x >= 0 && box.x + box.width <= 390;
    };
    for (const name of ["File", "Graphs", "Run", "Stop", "More"]) expect(await inside(name), name).toBe(true);
    await button(page, "More").click();
    for (const name of ["Save picture", "Takes", "Run on change"]) expect(await inside(name), name).toBe(true);
    await button(page, "More").click();
    await button(page, "Hide the list").click();
    expect((await page.locator(".stage").boundingBox())!.width).toBe(390);
  });

  it("find the graph's beginning at a size that can be read, and all of it at a button; a laptop begins with all", async () => {
    const seen = () =>
      page.evaluate(() => {
        const { canvas, document, graph } = window.__editor!;
        const ids = document.shown().nodes.map(({ id }) => id);
        return ids.filter((id) => canvas.isInView(graph.getNodeById(id)!)).sort();
      });
    await page.evaluate(() => window.__editor!.document.start(window.__editor!.document.stored()));
    expect((await view()).scale).toBeGreaterThanOrEqual(0.7);
    expect(await seen()).toEqual([LOAD, SEGMENT, CONDITION]);
    await button(page, "Show all (F)").click();
    expect(await seen()).toContain(COMPARE);
    await page.evaluate(() => window.__editor!.document.start(window.__editor!.document.stored()));
    await page.setViewportSize({ width: 1280, height: 720 });
    await expect.poll(seen).toContain(COMPARE);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(seen).not.toContain(COMPARE);
  });

  it("pan with one, zoom with two, and never the page", async () => {
    const before = await view();
    await push([60, 700], [80, -40]);
    const panned = await view();
    expect(panned.x - before.x).toBeCloseTo(80, 0);
    expect(panned.y - before.y).toBeCloseTo(-40, 0);
    await fingers("touchStart", [150, 700], [250, 700]);
    for (let i = 1; i <= 4; i++) await fingers("touchMove", [150 - 20 * i, 700], [250 + 20 * i, 700]);
    await fingers("touchEnd");
    expect((await view()).scale / panned.scale).toBeCloseTo(2.6, 1);
    expect(await page.evaluate(() => [visualViewport?.scale, scrollX, scrollY])).toEqual([1, 0, 0]);
  });

  it("select with a tap, drag a node and a wire, and ask for the menu by resting", async () => {
    await page.evaluate((id) => {
      const { canvas, graph } = window.__editor!;
      canvas.ds.scale = 0.45;
      canvas.centerOnNode(graph.getNodeById(id)!);
    }, CONDITION);
    await frame(page);
    const title = await titleOf(page, CONDITION);
    await fingers("touchStart", title);
    await fingers("touchEnd");
    expect(await selectedOf(page)).toEqual([CONDITION]);
    await push(title, [0, 60]);
    await expect.poll(() => undoLabelOf(page)).toBe("move Condition Net");
    await undo();
    await frame(page);
    const [from, to] = [await slot(CONDITION, "input", 0), await slot(CONDITION, "output", 0)];
    await push([from[0] - 8, from[1] - 8], [-60, 120]); // a finger is broad: the slot is found, the wire comes off
    await expect.poll(wires).not.toContain(`${SEGMENT}>${CONDITION}`);
    await page.getByRole("combobox").waitFor();
    await page.keyboard.press("Escape");
    await undo();
    expect(to[0]).toBeGreaterThan(from[0]);
    await fingers("touchStart", title);
    await menu().waitFor();
    await fingers("touchEnd");
    expect(await menu().textContent()).toContain("Run to here");
    await page.keyboard.press("Escape");
  });

  it("threw nothing on the way", () => {
    expect(errors).toEqual([]);
  });
});
