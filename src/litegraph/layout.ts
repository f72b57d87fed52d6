/** Where things are on a node, in graph units from its top left corner below the title. */
import type { AnySchema, Socket } from "../graph/node";
import { isDrawable } from "../plain-types";
import type { LGraphNode } from "./host";

const SLOT = 20;
const WIDGET = 20;
const WIDGET_GAP = 4;
const FOOTER = 22;
const MARGIN = 8;

/** What a node shows of its results. */
export interface Look {
  /** "compare" draws the outputs `before` and `after` with a divider between them. */
  readonly kind: "none" | "picture" | "compare";
  readonly large: boolean;
  /** The eight classes and their colours below the picture. */
  readonly legend: boolean;
}

/**
 * Nodes that people look at show large pictures. A legend of the classes belongs to a sink that is given a prior, unless it
 * gives numbers too: those say what its colours stand for.
 */
export function lookOf(def: AnySchema): Look {
  let look = looks.get(def);
  if (!look) {
    look = newLook(def);
    looks.set(def, look);
  }
  return look;
}

const looks = new WeakMap<AnySchema, Look>();

function newLook(def: AnySchema): Look {
  const inputs = Object.values(def.inputs) as Socket[];
  const outputs = Object.values(def.outputs) as Socket[];
  const compare = def.outputs.before?.type === "image" && def.outputs.after?.type === "image";
  const drawable = outputs.some(({ type }) => isDrawable(type));
  const large = drawable && (def.sink === "always" || compare);
  return {
    kind: compare ? "compare" : drawable ? "picture" : "none",
    large,
    legend: large && inputs.some(({ type }) => type === "prior") && !outputs.some(({ type }) => type === "number"),
  };
}

export const isCollapsed = (node: LGraphNode): boolean => Boolean((node.flags as { collapsed?: boolean }).collapsed);

/** How wide a node is drawn: one that is collapsed as wide as its title, which litegraph measures when it draws it. */
export const widthDrawn = (node: LGraphNode): number =>
  (isCollapsed(node) && (node as unknown as { _collapsed_width?: number })._collapsed_width) || node.size[0];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const LEGEND = 34;

interface Widget {
  readonly help?: string;
  last_y?: number | undefined;
  draw?(ctx: CanvasRenderingContext2D, node: LGraphNode, width: number, y: number, height: number): void;
  /** Where its text could not be read. `font`: the context's, of letters that can; undefined where there is no room for any. */
  drawSmall?(ctx: CanvasRenderingContext2D, width: number, y: number, height: number, font?: string): void;
  computeSize?(width: number): readonly [number, number];
  /** What to say about a place of it, where that is not always the same. */
  tip?(pos: Readonly<[number, number]>): string;
}

const widgetsOf = (node: LGraphNode): readonly Widget[] => (node as unknown as { widgets?: Widget[] }).widgets ?? [];
const heightOf = (widget: Widget): number => widget.computeSize?.(0)[1] ?? WIDGET;

/** The widget drawn at a height. */
export const widgetAt = (node: LGraphNode, y: number): Widget | undefined =>
  widgetsOf(node).find((widget) => widget.last_y !== undefined && y >= widget.last_y && y < widget.last_y + heightOf(widget));

/** A node's widgets, where litegraph draws them and finds them under the pointer: with their tops and heights. */
export function widgetRows(node: LGraphNode): [widget: Widget, y: number, height: number][] {
  const rows = Math.max(node.inputs?.length ?? 0, node.outputs?.length ?? 0);
  let next = (rows ? rows * SLOT + 4 : 0) + 2;
  return widgetsOf(node).map((widget) => {
    const y = next;
    widget.last_y = y;
    next += (widget.computeSize?.(node.size[0])[1] ?? WIDGET) + WIDGET_GAP;
    return [widget, y, WIDGET];
  });
}

/** Below slots and widgets. */
function contentTop(node: LGraphNode): number {
  const rows = Math.max(node.inputs?.length ?? 0, node.outputs?.length ?? 0);
  const widgets = widgetsOf(node).reduce((sum, widget) => sum + heightOf(widget) + WIDGET_GAP, 0);
  return rows * SLOT + 6 + widgets + (widgets ? 4 : 0);
}

/** The smallest size: litegraph never makes a node smaller. Titles do not count, so that renaming resizes nothing. */
export function minimumSize(node: LGraphNode, look: Look): [number, number] {
  const longest = (slots: readonly { name: string; label?: string }[] | undefined) =>
    Math.max(0, ...(slots ?? []).map(({ name, label }) => (label ?? name).length));
  const text = (longest(node.inputs) + longest(node.outputs)) * 7.5 + 50;
  const picture = look.kind === "none" ? 0 : (look.large ? 220 : 96) + MARGIN;
  return [Math.max(look.large ? 320 : 210, Math.ceil(text)), contentTop(node) + picture + (look.legend ? LEGEND : 0) + FOOTER];
}

/** Where the picture goes. */
export function pictureBox(node: LGraphNode, look: Look): Box {
  const y = contentTop(node) + 2;
  const height = node.size[1] - y - FOOTER - (look.legend ? LEGEND : 0);
  return { x: MARGIN, y, width: Math.max(0, node.size[0] - 2 * MARGIN), height: Math.max(0, height) };
}

export function legendBox(node: LGraphNode): Box {
  return { x: MARGIN, y: node.size[1] - FOOTER - LEGEND + 4, width: node.size[0] - 2 * MARGIN, height: LEGEND - 4 };
}

export function footerBox(node: LGraphNode): Box {
  return { x: MARGIN, y: node.size[1] - FOOTER, width: node.size[0] - 2 * MARGIN, height: FOOTER };
}

/** The largest box of a picture's proportions in the middle of `box`. */
export function fit(box: Box, size: { readonly width: number; readonly height: number }): Box {
  const scale = Math.min(box.width / size.width, box.height / size.height);
  const width = size.width * scale;
  const height = size.height * scale;
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

export const contains = (box: Box, [x, y]: readonly [number, number]): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
