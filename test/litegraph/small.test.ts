/** What a node says and shows where the zoom is too small for its own text, by what is asked of the canvas. */
import { expect, it } from "vitest";
import { stateOf } from "../../src/litegraph";
import { drawSmall } from "../../src/litegraph/small";
import { graphOf, type LGraphNode } from "./fake";

/** The texts and the bounds of what is drawn; a letter is half as wide as its font's size. */
function drawn(node: LGraphNode, pixels: number) {
  const texts: string[] = [];
  const sizes: number[] = [];
  const box = { right: 0, bottom: 0 };
  let size = 0;
  const known = {
    set font(font: string) {
      size = Number.parseFloat(font.replace("600 ", ""));
    },
    measureText: (text: string) => ({ width: (text.length * size) / 2 }),
    fillText(text: string) {
      texts.push(text);
      sizes.push(size * pixels);
    },
    fillRect(x: number, y: number, width: number, height: number) {
      Object.assign(box, { right: Math.max(box.right, x + width), bottom: Math.max(box.bottom, y + height) });
    },
  };
  const ctx = new Proxy(known, { get: (target, key) => Reflect.get(target, key) ?? (() => {}) });
  const isSmall = drawSmall(ctx as never, node as never, { pixels, isSelected: false });
  return { isSmall, texts, sizes, box };
}

it("says its title, controls and values in letters that can be read, and less the less room there is", () => {
  const [node] = graphOf("sftgan/sft-resblocks").nodes as [LGraphNode];
  expect(drawn(node, 0.6)).toMatchObject({ isSmall: false, texts: [] });
  const { texts, sizes } = drawn(node, 0.55);
  expect(texts).toEqual([node.title, "16", "blocks", "on", "modulation"]);
  expect(Math.min(...sizes)).toBeCloseTo(8);
  expect(drawn(node, 0.5).texts).toEqual([node.title]);
  expect(drawn(node, 0.2).texts).toEqual([]);
});

it("is as small as its title when collapsed, and shows there that it has failed", () => {
  const [node] = graphOf("sftgan/sft-resblocks").nodes as [LGraphNode];
  const edge = 1 / 0.4;
  expect(drawn(node, 0.4).box).toEqual({ right: node.size[0] + 1 + edge, bottom: node.size[1] + edge });
  Object.assign(node, { _collapsed_width: 130 });
  node.flags.collapsed = true;
  const { texts, box } = drawn(node, 0.4);
  expect(texts).toEqual([`${node.title.slice(0, 10)}…`]);
  expect(box).toEqual({ right: 131 + edge, bottom: edge });
  Object.assign(stateOf(node as never), { phase: "failed", error: "no luck" });
  const bars: string[] = [];
  const ctx = new Proxy(
    {
      set fillStyle(colour: string) {
        bars.push(colour);
      },
      measureText: () => ({ width: 1 }),
    },
    { get: (target, key) => Reflect.get(target, key) ?? (() => {}) },
  );
  drawSmall(ctx as never, node as never, { pixels: 0.4, isSelected: false });
  expect(bars).toContain("#ff6b70");
});
