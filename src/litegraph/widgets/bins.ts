/**
 * Edges of bins: a line of text to type them into, and below it the histogram of what is cut, on which they are dragged.
 * Double-click adds an edge or takes one away; a bin's name opens the list of classes.
 */

import { CLASSES } from "../../plain-types";
import { edgesOf } from "../../prior/depth-bins";
import type { IWidget, LGraphNode } from "../host";
import type { Box } from "../layout";
import { openMenu } from "../overrides";
import { stateOf } from "../state";
import { wrap } from "../text";
import { themeOf } from "../theme";
import {
  added,
  binAt,
  type Changes,
  type Cut,
  type Handle,
  handlesOf,
  moved,
  placeOf,
  readCut,
  reclassed,
  removed,
} from "./bin-cut";
import { css, drawBars, drawHandles, drawNames } from "./bin-drawing";
import { textWidget } from "./text";
import { dragOn, isLinked, MARGIN, type Place } from "./widget";

const HISTOGRAM = 60;
const NAMES = 15;
const NOTE = 13;
const NOTE_LINES = 2;
/** Graph units from a handle within which it is taken, and milliseconds between the two presses of a double-click. */
const REACH = 6;
const DOUBLE = 400;

type Position = readonly [number, number];
type RowWidget = Omit<IWidget, "mouse" | "draw"> & {
  last_y?: number;
  mouse(event: MouseEvent, pos: Position): boolean;
  draw(ctx: CanvasRenderingContext2D, node: LGraphNode, width: number, y: number, height: number): void;
};

export function binsWidget(place: Place): IWidget {
  const { node, host, param, name } = place;
  const row = textWidget(place, { empty: "even", check: messageOf }) as unknown as RowWidget;
  const rowHeight = host.NODE_WIDGET_HEIGHT;
  let inRow = false;
  let held: Handle | undefined;
  let last: { at: number; x: number } | undefined;

  const cutOf = (): Cut | undefined => {
    const cut = readCut(place);
    return typeof cut === "string" ? undefined : cut;
  };
  const boxes = (y: number): { bars: Box; names: Box; note: Box } => {
    const [x, width] = [MARGIN, node.size[0] - 2 * MARGIN];
    const top = y + rowHeight + 3;
    return {
      bars: { x, y: top, width, height: HISTOGRAM },
      names: { x, y: top + HISTOGRAM + 2, width, height: NAMES },
      note: { x, y: top + HISTOGRAM + NAMES + 4, width, height: NOTE * NOTE_LINES },
    };
  };
  const depthAt = (bars: Box, x: number): number => Math.min(1, Math.max(0, (x - bars.x) / bars.width));
  const handleAt = (cut: Cut, bars: Box, x: number): Handle | undefined => {
    const away = (handle: Handle): number => Math.abs(bars.x + placeOf(cut, handle) * bars.width - x);
    return handlesOf(cut)
      .filter(
        (handle) => away(handle) <= REACH && !(typeof handle !== "number" && isLinked({ ...place, name: param.bins![handle] })),
      )
      .sort((a, b) => away(a) - away(b))[0];
  };
  const set = (changes: Changes): void => {
    for (const [property, value] of Object.entries(changes))
      if (node.properties[property] !== value) node.setProperty(property, value);
    node.setDirtyCanvas(true, true);
  };
  /** One step that the page can undo. */
  const step = (changes: Changes | undefined): void => {
    if (!changes || Object.keys(changes).some((property) => isLinked({ ...place, name: property }))) return;
    node.graph?.beforeChange(node);
    set(changes);
    node.graph?.afterChange(node);
  };
  const dragging = dragOn(node, () => {
    held = undefined;
    node.setDirtyCanvas(true, false);
  });

  function press(x: number, bars: Box): void {
    const cut = cutOf();
    if (!cut) return;
    const now = performance.now();
    const isSecond = last !== undefined && now - last.at < DOUBLE && Math.abs(x - last.x) < REACH;
    last = isSecond ? undefined : { at: now, x };
    held = handleAt(cut, bars, x);
    if (!isSecond) return;
    if (held === undefined) step(added(cut, depthAt(bars, x), place));
    else if (typeof held === "number") step(removed(cut, held, place));
    held = undefined;
  }

  function drag(x: number, bars: Box): void {
    const cut = held === undefined ? undefined : cutOf();
    if (!cut || (!dragging.isOn && Math.abs(x - (last?.x ?? x)) < 2)) return;
    if (!dragging.isOn) {
      last = undefined;
      dragging.begin();
    }
    set(moved(cut, held!, depthAt(bars, x), place));
  }

  function chooseClass(event: MouseEvent, x: number, names: Box): void {
    const cut = cutOf();
    if (!cut?.classes) return;
    const bin = binAt(cut, depthAt(names, x));
    const entries = CLASSES.map((label, index) => ({
      label,
      checked: cut.classes![bin] === index,
      act: () => step(reclassed(cut, bin, index, place)),
    }));
    openMenu(host, entries, event);
  }

  const widget = {
    type: "sftgan",
    name,
    options: {},
    help: param.help,
    last_y: undefined as number | undefined,
    get value() {
      return row.value;
    },
    set value(_) {},
    get disabled() {
      return isLinked(place);
    },
    computeSize: (width: number): [number, number] => [width, rowHeight + 3 + HISTOGRAM + 2 + NAMES + 2 + NOTE * NOTE_LINES],

    draw(ctx: CanvasRenderingContext2D, _node: LGraphNode, width: number, y: number) {
      const theme = themeOf(host);
      row.last_y = y;
      row.draw(ctx, node, width, y, rowHeight);
      const { bars, names, note } = boxes(y);
      const cut = readCut(place);
      const state = stateOf(node);
      const counts = state.face?.histogram;
      ctx.save();
      ctx.fillStyle = theme.field;
      ctx.fillRect(bars.x, bars.y, bars.width, bars.height);
      const colourAt = (depth: number): string => (typeof cut === "string" ? theme.outline : css(cut.colourAt(depth)));
      ctx.globalAlpha = state.phase === "failed" ? 0.45 : 1;
      if (counts) drawBars(ctx, bars, counts, colourAt);
      ctx.globalAlpha = 1;
      ctx.font = `11px ${theme.font}`;
      ctx.fillStyle = theme.dim;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      const said = typeof cut === "string" ? cut : counts ? "" : "Run to see the depths";
      lines(ctx, said, bars.width - 16, 3).forEach((line, i, all) => {
        ctx.fillText(line, bars.x + bars.width / 2, bars.y + bars.height / 2 + 14 * (i - (all.length - 1) / 2));
      });
      if (typeof cut !== "string") {
        drawHandles(ctx, theme, bars, cut, held);
        drawNames(ctx, theme, names, cut);
        ctx.font = `10px ${theme.font}`;
        ctx.fillStyle = theme.dim;
        ctx.textAlign = "left";
        lines(ctx, cut.classes ? param.bins!.note : "", note.width, NOTE_LINES).forEach((line, i) => {
          ctx.fillText(line, note.x, note.y + NOTE * (i + 0.5));
        });
      }
      ctx.restore();
    },

    mouse(event: MouseEvent, pos: Position): boolean {
      const y = widget.last_y ?? 0;
      const { bars, names } = boxes(y);
      const [down, up] = [event.type.endsWith("down"), event.type.endsWith("up")];
      if (down) inRow = pos[1] < y + rowHeight;
      if (inRow) return row.mouse(event, pos);
      if (down && pos[1] < bars.y + bars.height + 2) press(pos[0], bars);
      else if (event.type.endsWith("move")) drag(pos[0], bars);
      else if (up) {
        if (held === undefined && pos[1] >= names.y && pos[1] <= names.y + NAMES) chooseClass(event, pos[0], names);
        dragging.end();
        // litegraph would take the second press for a double-click on the node
        const canvas = host.LGraphCanvas?.active_canvas as { last_mouseclick?: number } | undefined;
        if (canvas) canvas.last_mouseclick = 0;
      }
      return true;
    },

    /** What to say about a place of it. */
    tip([x, y]: Position): string {
      const cut = readCut(place);
      const { bars } = boxes(widget.last_y ?? 0);
      if (typeof cut === "string" || y < bars.y) return typeof cut === "string" ? cut : param.help;
      const handle = handleAt(cut, bars, x);
      if (handle !== undefined && y < bars.y + bars.height)
        return `${typeof handle === "number" ? "edge" : handle} ${placeOf(cut, handle)}`;
      const bin = cut.bins[binAt(cut, depthAt(bars, x))]!;
      return `${bin.name}, depth ${depthAt(bars, x).toFixed(2)}${cut.free ? ". Double-click the histogram to cut here; click the name for another class" : ""}`;
    },
  };
  return widget as unknown as IWidget;
}

const lines = (ctx: CanvasRenderingContext2D, text: string, width: number, most: number): string[] =>
  text ? wrap(text, width, most, (part) => ctx.measureText(part).width) : [];

function messageOf(text: string): string | undefined {
  try {
    edgesOf(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
