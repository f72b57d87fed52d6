/** Contrast of every theme, by WCAG 2: text 4.5 on all that lies under it, edges of controls and nodes 3. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { LOOKS } from "../../../src/editor/theme/looks";
import { root } from "../../built";

vi.mock("litegraph.js/build/litegraph.core.js", () => ({ LiteGraph: {} }));
const { CANVAS_THEMES } = await import("../../../src/editor/theme/themes");

const { NODE_COLOURS, tintOf } = await import("../../../src/editor/edits/colours");

const css = await readFile(join(root, "src/editor/theme/theme.css"), "utf8");

/** The custom properties of a theme, those with plain colours. */
function tokensOf(look: string): Readonly<Record<string, string>> {
  const body = new RegExp(`data-theme="${look}"\\] \\{([^}]*)\\}`).exec(css)![1]!;
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map(([, name, colour]) => [name!, colour!]));
}

function luminance(colour: string): number {
  const hex = colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join("") : colour.slice(1);
  const linear = [0, 2, 4].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}
/** Pairs with less than `least`. */
const poor = (colours: Readonly<Record<string, string>>, fore: readonly string[], back: readonly string[], least: number) =>
  fore.flatMap((a) =>
    back.flatMap((b) => {
      const ratio = contrast(colours[a]!, colours[b]!);
      return ratio < least ? [`${a} on ${b}: ${ratio.toFixed(2)}`] : [];
    }),
  );

describe.each(LOOKS)("The theme %s", (look) => {
  it("has text and controls that can be told from the page", () => {
    const tokens = tokensOf(look);
    const grounds = ["canvas", "panel", "raised", "hover"];
    expect(poor(tokens, ["text", "dim", "faint", "accent", "good", "warn", "bad"], grounds, 4.5)).toEqual([]);
    expect(poor(tokens, ["text", "dim"], ["well"], 4.5)).toEqual([]);
    expect(poor(tokens, ["on-accent"], ["accent-strong", "accent-hover"], 4.5)).toEqual([]);
    expect(poor(tokens, ["edge"], grounds, 3)).toEqual([]);
  });

  it("has nodes whose text, edges and sockets can be told from what is under them", () => {
    const { sockets, faded, ...theme } = CANVAS_THEMES[look];
    const colours = { ...theme, ...sockets };
    expect(poor(colours, ["text", "dim"], ["node", "title", "field", "canvas"], 4.5)).toEqual([]);
    expect(poor(colours, ["bad"], ["badField", "field"], 4.5)).toEqual([]);
    expect(poor(colours, ["warning"], ["field"], 4.5)).toEqual([]);
    expect(poor(colours, ["canvas"], ["accent"], 4.5)).toEqual([]);
    expect(poor(colours, ["outline"], ["canvas"], 3)).toEqual([]);
    expect(poor(colours, ["fieldEdge"], ["node", "field"], 3)).toEqual([]);
    expect(poor(colours, [...Object.keys(sockets), "otherSocket", "good", "accent"], ["node", "canvas"], 3)).toEqual([]);
  });

  it("has nodes of every colour whose text can be read", () => {
    const theme = CANVAS_THEMES[look];
    for (const [name, { bgcolor }] of Object.entries(NODE_COLOURS)) {
      const tint = tintOf(theme, bgcolor)!;
      const colours = { text: theme.text, dim: theme.dim, title: tint.color, node: tint.bgcolor };
      expect(poor(colours, ["text"], ["title", "node"], 4.5), name).toEqual([]);
      expect(poor(colours, ["dim"], ["node"], 4.5), name).toEqual([]);
      expect(tint).not.toEqual({ color: theme.title, bgcolor: theme.node });
    }
    for (const none of [undefined, "#222", "#000000", "red", "#12345"]) expect(tintOf(theme, none)).toBeUndefined();
  });
});

it("covers nodes that do not run so that they can still be read, in high contrast", () => {
  const { text, dim, title, node, canvas, bypassed, faded } = CANVAS_THEMES.contrast;
  const parts = (colour: string): number[] => (colour.match(/[0-9a-f]{2}/g) ?? []).map((part) => Number.parseInt(part, 16));
  const under = (colour: string, cover: string): string =>
    `#${parts(colour)
      .map((part, i) => Math.round(part + faded * (parts(cover)[i]! - part)))
      .map((part) => part.toString(16).padStart(2, "0"))
      .join("")}`;
  for (const cover of [canvas, bypassed])
    for (const ground of [title, node])
      for (const letters of [text, dim])
        expect(contrast(under(letters, cover), under(ground, cover))).toBeGreaterThanOrEqual(4.5);
});

it("names the same properties in every theme", () => {
  const namesOf = (look: string) =>
    [...new RegExp(`data-theme="${look}"\\] \\{([^}]*)\\}`).exec(css)![1]!.matchAll(/--([\w-]+):/g)].map(([, name]) => name);
  for (const look of LOOKS) expect(namesOf(look)).toEqual(namesOf("dark"));
});
