import { afterEach, describe, expect, it } from "vitest";
import type { View, ViewRequest } from "../../src/browser/protocol";
import { colourBar } from "../../src/image/legend";
import { COLOUR_MAPS } from "../../src/image/palette";
import { type Attachment, attach, stateOf } from "../../src/litegraph";
import { seconds } from "../../src/litegraph/drawing";
import { colourKey } from "../../src/prior/legend";
import { CLASSES, type Legend } from "../../src/types";
import { FakeEngine, graphOf, type LGraphNode } from "./fake";

const onPage = describe.skipIf(typeof document === "undefined");

class Telling extends FakeEngine {
  legends: Record<string, Legend> = {};
  override async view(request: ViewRequest): Promise<View | undefined> {
    const view = await super.view(request);
    const legend = this.legends[request.output ?? ""];
    return view && { ...view, ...(legend && { legend }) };
  }
}

let attachment: Attachment | undefined;
const opened: { stopRendering(): void; canvas: HTMLCanvasElement }[] = [];
afterEach(() => {
  attachment?.detach();
  for (const canvas of opened.splice(0)) {
    canvas.stopRendering();
    canvas.canvas.remove();
  }
});

/** A node with its picture drawn: the words on it, and its pixels in graph units from its corner. */
async function drawn(type: string, legends: Record<string, Legend>) {
  const { LGraphCanvas } = await import("litegraph.js");
  const { graph, nodes } = graphOf(type);
  const node = nodes[0] as LGraphNode;
  node.pos = [20, 40];
  const engine = new Telling();
  engine.legends = legends;
  attachment = attach(graph, { engine, auto: false });
  const element = document.createElement("canvas");
  Object.assign(element, { width: 500, height: 500 });
  document.body.append(element);
  const canvas = new LGraphCanvas(element, graph, { skip_render: true });
  opened.push(canvas);
  const words: string[] = [];
  const ctx = element.getContext("2d")!;
  const fillText = ctx.fillText.bind(ctx);
  ctx.fillText = (text: string, ...place: [number, number]) => {
    words.push(text);
    fillText(text, ...place);
  };
  await attachment.run();
  canvas.draw(true, true);
  await expect.poll(() => [...stateOf(node).pictures.values()].every(({ view }) => view)).toBe(true);
  words.length = 0;
  canvas.draw(true, true);
  const pixel = (x: number, y: number) => [...ctx.getImageData(20 + x, 40 + y, 1, 1).data.slice(0, 3)];
  return { node, words, pixel };
}

const bar = colourBar("viridis", "|a − b|", { low: 0, high: 0.125 }, { min: 0, max: 0.4 });
const rgb = (hex: string) => [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));

onPage("A node whose colours stand for numbers", () => {
  it("has a bar with numbers at its picture's foot, in the same colours", async () => {
    const { node, words, pixel } = await drawn("test/sink", { "": bar });
    expect(words).toEqual(expect.arrayContaining(["0", "≥ 0.125", "|a − b|"]));
    const y = node.size[1] - 22 - 26 + 7;
    const [first, last] = [COLOUR_MAPS.viridis[0]!, COLOUR_MAPS.viridis.at(-1)!];
    for (const [x, colour] of [
      [9, first],
      [node.size[0] - 10, last],
    ] as const)
      for (const [i, level] of pixel(x, y).entries()) expect(Math.abs(level - rgb(colour)[i]!)).toBeLessThan(4);
  });

  it("has nothing of it without a legend", async () => {
    expect((await drawn("test/sink", {})).words).not.toContain("|a − b|");
  });

  it("has one bar for two pictures of one scale, and two for two", async () => {
    const count = async (after: Legend) =>
      (await drawn("sftgan/compare", { before: bar, after })).words.filter((word) => word === "|a − b|").length;
    expect(await count({ ...bar })).toBe(1);
    expect(await count({ ...bar, high: 0.25 })).toBe(2);
  });
});

onPage("A node that shows a prior", () => {
  it("names the eight classes, or what the channels are", async () => {
    expect((await drawn("sftgan/view-prior", { "": colourKey(CLASSES)! })).words).toEqual(expect.arrayContaining([...CLASSES]));
    const { words } = await drawn("sftgan/view-prior", { "": colourKey(["near", "far"])! });
    expect(words).toEqual(expect.arrayContaining(["near", "far"]));
    expect(words).not.toContain("mountain");
  });

  it("says how many more there are than it can name", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `p ${i}`);
    const { words } = await drawn("sftgan/view-prior", { "": colourKey(names)! });
    expect(words).toContain("p 6");
    expect(words).toContain("and 5 more");
    expect(words).not.toContain("p 7");
  });
});

it("seconds names a time in the unit people read", () => {
  expect([0.2, 12.4, 999, 2500, 61_000].map(seconds)).toEqual(["< 1 ms", "12 ms", "999 ms", "2.50 s", "61.0 s"]);
});
