/** The histogram on the node: what is drawn, dragged, added, taken away and typed, in a page of its own litegraph. */
import { afterEach, describe, expect, it } from "vitest";
import type { View } from "../../../src/browser/protocol";
import { type Attachment, attach, type OpenMenu, stateOf } from "../../../src/litegraph";
import { setOverrides } from "../../../src/litegraph/overrides";
import { FakeEngine, graphOf, type LGraphNode, LiteGraph } from "../fake";

const onPage = describe.skipIf(typeof document === "undefined");
const COUNTS = Array.from({ length: 64 }, (_, i) => (i === 0 ? 400 : i === 63 ? 100 : 0));

class Counting extends FakeEngine {
  override draw(request: Parameters<FakeEngine["draw"]>[0]): View {
    return { ...super.draw(request), face: { histogram: COUNTS } };
  }
}

let attachment: Attachment | undefined;
const opened: { stopRendering(): void; canvas: HTMLCanvasElement }[] = [];
afterEach(() => {
  attachment?.detach();
  attachment = undefined;
  for (const canvas of opened.splice(0)) {
    canvas.stopRendering();
    canvas.canvas.remove();
  }
  setOverrides(LiteGraph as never, {});
  if (typeof document === "undefined") return;
  for (const element of document.querySelectorAll(".sftgan-entry")) element.remove();
});

interface Widget {
  readonly name: string;
  readonly last_y: number;
  tip?(pos: readonly [number, number]): string;
}

/** Depth to Prior on litegraph's own canvas. */
async function shown(properties: object = {}) {
  const { LGraphCanvas } = await import("litegraph.js");
  const { graph, nodes } = graphOf("sftgan/depth-to-prior");
  const node = nodes[0] as LGraphNode;
  node.pos = [20, 40];
  Object.assign(node.properties, { classes: "grass, building, sky", edges: "0.2, 0.6" }, properties);
  const steps: string[] = [];
  Object.assign(graph, { onBeforeChange: () => steps.push("before"), onAfterChange: () => steps.push("after") });
  const engine = new Counting();
  attachment = attach(graph, { engine, auto: true });
  const element = document.createElement("canvas");
  Object.assign(element, { width: 600, height: 700 });
  Object.assign(element.style, { position: "fixed", left: "0", top: "0", width: "600px", height: "700px" });
  document.body.append(element);
  const canvas = new LGraphCanvas(element, graph, { skip_render: true });
  opened.push(canvas);
  canvas.draw(true, true);
  const widget = (node as unknown as { widgets: Widget[] }).widgets.find(({ name }) => name === "edges")!;
  const width = node.size[0] - 20;
  /** A depth on the histogram, `down` graph units below the widget's top. */
  const spot = (depth: number, down = 60) => ({
    clientX: node.pos[0] + 10 + depth * width,
    clientY: node.pos[1] + widget.last_y + down,
  });
  const mouse = (type: string, place: { clientX: number; clientY: number }) => {
    const event = new MouseEvent(type, { bubbles: true, button: 0, buttons: type === "mouseup" ? 0 : 1, ...place });
    Object.defineProperty(event, "which", { value: 1 });
    element.dispatchEvent(event);
  };
  const press = (depth: number, down?: number) => {
    mouse("mousedown", spot(depth, down));
    mouse("mouseup", spot(depth, down));
  };
  const pixel = (depth: number, down: number): number[] => {
    canvas.draw(true, true);
    const { clientX, clientY } = spot(depth, down);
    return [...element.getContext("2d")!.getImageData(Math.round(clientX), Math.round(clientY), 1, 1).data.slice(0, 3)];
  };
  return { graph, node, engine, canvas, widget, spot, mouse, press, pixel, steps };
}

onPage("The histogram on Depth to Prior", () => {
  it("has a bar for each step, in the colours of its bin, once the engine has counted", async () => {
    const { node, canvas, pixel } = await shown({ near: 0.1, far: 0.9 });
    await attachment!.run();
    canvas.draw(true, true);
    await expect.poll(() => stateOf(node).face?.histogram).toEqual(COUNTS);
    expect(pixel(0.0078, 70)).toEqual([183, 225, 205]);
    expect(pixel(0.9922, 70)).toEqual([0, 255, 255]);
    expect(pixel(0.4, 70)).toEqual(pixel(0.5, 70));
  });

  it("keeps what was counted while the edges are wrong, so that they can be mended", async () => {
    const { node, engine, canvas } = await shown();
    await attachment!.run();
    canvas.draw(true, true);
    await expect.poll(() => stateOf(node).face?.histogram).toEqual(COUNTS);
    engine.errors = { [String(node.id)]: "there is 1 edge for 3 bins: give 2, or none for even bins" };
    node.setProperty("edges", "0.4");
    await expect.poll(() => stateOf(node).phase).toBe("failed");
    expect(stateOf(node).face?.histogram).toEqual(COUNTS);
  });

  it("lets an edge be dragged: the value follows, each is run for, and the whole is one step of undo", async () => {
    const { node, engine, spot, mouse, steps } = await shown();
    mouse("mousedown", spot(0.2));
    expect(steps).toEqual([]);
    const seen: unknown[] = [];
    for (const depth of [0.25, 0.3, 0.35]) {
      mouse("mousemove", spot(depth));
      seen.push(node.properties.edges);
    }
    expect(new Set(seen).size).toBe(3);
    mouse("mouseup", spot(0.35));
    document.dispatchEvent(new PointerEvent("pointerup"));
    expect(steps).toEqual(["before", "after"]);
    const [edge, other] = String(node.properties.edges).split(", ").map(Number);
    expect([edge, other]).toEqual([expect.closeTo(0.35, 2), 0.6]);
    await expect.poll(() => engine.runs.at(-1)?.nodes[0]?.properties?.edges).toBe(node.properties.edges);
    expect([...node.pos].slice(0, 2)).toEqual([20, 40]);
  });

  it("ends the drag where the button is let go outside the node", async () => {
    const { node, spot, mouse, steps } = await shown();
    mouse("mousedown", spot(0.6));
    mouse("mousemove", spot(0.7));
    document.dispatchEvent(new PointerEvent("pointerup"));
    const edges = node.properties.edges;
    mouse("mousemove", spot(0.9));
    expect(node.properties.edges).toBe(edges);
    expect(steps).toEqual(["before", "after"]);
  });

  it("drags near and far at the ends", async () => {
    const { node, spot, mouse } = await shown({ near: 0.1 });
    mouse("mousedown", spot(0.1));
    mouse("mousemove", spot(0.05));
    mouse("mouseup", spot(0.05));
    expect(node.properties).toMatchObject({ near: 0.05, edges: "0.2, 0.6" });
  });

  it("adds an edge at a double-click and takes one away, each one step, and does not open the node", async () => {
    const { node, canvas, press, steps } = await shown();
    const doubled: unknown[] = [];
    Object.assign(canvas, {
      onShowNodePanel: (node: unknown) => doubled.push(node),
      onNodeDblClicked: (node: unknown) => doubled.push(node),
    });
    press(0.4);
    press(0.4);
    expect(node.properties.classes).toBe("grass, building, building, sky");
    expect(String(node.properties.edges).split(", ").map(Number)).toEqual([0.2, expect.closeTo(0.4, 2), 0.6]);
    expect(steps).toEqual(["before", "after"]);
    press(0.4);
    press(0.4);
    expect(node.properties).toMatchObject({ classes: "grass, building, sky", edges: "0.2, 0.6" });
    expect(steps).toHaveLength(4);
    expect(doubled).toEqual([]);
  });

  it("changes nothing at a single press", async () => {
    const { node, press, steps } = await shown();
    press(0.2);
    press(0.45);
    expect(node.properties.edges).toBe("0.2, 0.6");
    expect(steps).toEqual([]);
  });

  it("offers the classes at a bin's name", async () => {
    const { node, press } = await shown();
    let offered: readonly { label: string; checked?: boolean; act(): void }[] = [];
    const menu: OpenMenu = (entries) => {
      offered = entries;
    };
    setOverrides(LiteGraph as never, { menu });
    press(0.4, 20 + 3 + 60 + 2 + 7);
    expect(offered.filter(({ checked }) => checked).map(({ label }) => label)).toEqual(["building"]);
    offered.find(({ label }) => label === "mountain")!.act();
    expect(node.properties.classes).toBe("grass, mountain, sky");
  });

  it("takes typed edges, and refuses what is none with a message", async () => {
    const { node, press } = await shown({ edges: "" });
    press(0.5, 10);
    const field = document.querySelector<HTMLInputElement>(".sftgan-entry input")!;
    expect(field.value).toBe("");
    const enter = (text: string) => {
      field.value = text;
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    };
    enter("0.3; 0.5");
    expect(document.querySelector(".sftgan-entry [role=alert]")!.textContent).toContain("is no edge");
    expect(node.properties.edges).toBe("");
    enter("0.3, 0.5");
    expect(node.properties.edges).toBe("0.3, 0.5");
  });

  it("says on the node that classes by distance only approximate, and of planes it does not", async () => {
    const { node, canvas, widget } = await shown();
    const written = (): string => {
      const words: string[] = [];
      const ctx = canvas.canvas.getContext("2d")!;
      const fillText = ctx.fillText.bind(ctx);
      ctx.fillText = (text: string, ...place: [number, number]) => {
        words.push(text);
        fillText(text, ...place);
      };
      canvas.draw(true, true);
      ctx.fillText = fillText;
      return words.join(" ");
    };
    expect(written()).toContain("Classes by distance only approximate");
    node.setProperty("classes", "3");
    expect(written()).not.toContain("approximate");
    expect(widget.tip!([node.size[0] / 2, widget.last_y + 60])).toContain("plane 2, depth 0.50");
  });

  it("says what is wrong with the cut in place of its names, and is not dragged then", async () => {
    const { node, spot, mouse, widget } = await shown({ edges: "0.4" });
    expect(widget.tip!([50, widget.last_y + 60])).toBe("there is 1 edge for 3 bins: give 2, or none for even bins");
    mouse("mousedown", spot(0.4));
    mouse("mousemove", spot(0.5));
    mouse("mouseup", spot(0.5));
    expect(node.properties.edges).toBe("0.4");
  });
});

it("The node is as tall as the histogram needs", () => {
  const [node] = graphOf("sftgan/depth-to-prior").nodes;
  const { widgets } = node as unknown as { widgets: { computeSize(width: number): [number, number] }[] };
  const height = widgets.reduce((sum, widget) => sum + widget.computeSize(210)[1] + 4, 0);
  expect(height).toBeGreaterThan(
    widgets.length * (LiteGraph as unknown as { NODE_WIDGET_HEIGHT: number }).NODE_WIDGET_HEIGHT + 90,
  );
  expect(node!.size[1]).toBeGreaterThan(height + 2 * 20 + 96);
});
