/**
 * Colours of nodes and groups. Files hold litegraph's own, dark ones for nodes, so that every host shows them; the editor draws
 * their hue into the colours of its theme, so that text can be read in each.
 */
import type { Theme } from "../../litegraph";

/** litegraph's colours by name; its black is none. */
export const NODE_COLOURS = {
  red: { color: "#322", bgcolor: "#533", group: "#A88" },
  brown: { color: "#332922", bgcolor: "#593930", group: "#b06634" },
  yellow: { color: "#432", bgcolor: "#653", group: "#b58b2a" },
  green: { color: "#232", bgcolor: "#353", group: "#8A8" },
  cyan: { color: "#233", bgcolor: "#355", group: "#8AA" },
  blue: { color: "#223", bgcolor: "#335", group: "#88A" },
  purple: { color: "#323", bgcolor: "#535", group: "#a1309b" },
} as const;
export type ColourName = keyof typeof NODE_COLOURS;
export const COLOUR_NAMES = Object.keys(NODE_COLOURS) as ColourName[];

type Rgb = readonly [red: number, green: number, blue: number];

/** How much of a hue a title and a node take. */
const SHARE = { title: 0.34, node: 0.12 };
/** Less than this, of 255, between a colour's largest and smallest channel is grey. */
const GREY = 6;

/** "#rgb" or "#rrggbb"; undefined for anything else. */
function parseHex(text: string): Rgb | undefined {
  const [, hex] = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text) ?? [];
  if (!hex) return undefined;
  const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Rgb;
}
const toHex = (rgb: Rgb): string => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;

const mixed = (a: Rgb, b: Rgb, share: number): Rgb => a.map((value, i) => value + share * (b[i]! - value)) as unknown as Rgb;

/** A colour of the same hue with all of the range from black to white in it; undefined for a grey. */
function pure(rgb: Rgb): Rgb | undefined {
  const [least, most] = [Math.min(...rgb), Math.max(...rgb)];
  return most - least < GREY ? undefined : (rgb.map((value) => (255 * (value - least)) / (most - least)) as unknown as Rgb);
}

export interface Tint {
  readonly color: string;
  readonly bgcolor: string;
}

/** The colours of a node's title and body by a stored colour of either; undefined where that is none, grey, or no hex. */
export function tintOf(theme: Theme, stored: string | undefined): Tint | undefined {
  const rgb = stored ? parseHex(stored) : undefined;
  const hue = rgb && pure(rgb);
  if (!hue) return undefined;
  const [title, node] = [parseHex(theme.title), parseHex(theme.node)];
  if (!title || !node) return undefined;
  return { color: toHex(mixed(title, hue, SHARE.title)), bgcolor: toHex(mixed(node, hue, SHARE.node)) };
}

/** The style of a dot in a colour. */
export const colourDot = (name: ColourName): string => {
  const rgb = parseHex(NODE_COLOURS[name].bgcolor)!;
  return `background: ${toHex(mixed(pure(rgb)!, [128, 128, 128], 0.25))}`;
};
