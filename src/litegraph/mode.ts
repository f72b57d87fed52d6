/** How a node shows its mode: one that does not run is faded, and a label above it says why. */
import { isOff, type Mode, modeOf } from "../graph/modes";
import type { LGraphNode } from "./host";
import { isCollapsed, widthDrawn } from "./layout";
import { themeOfNode } from "./theme";

const LABELS: Readonly<Record<Mode, string>> = { always: "", asked: "on trigger", muted: "muted", bypassed: "bypassed" };
const TEXTS: Readonly<Record<Mode, string>> = {
  always: "",
  asked: "It runs when an event triggers it, another node needs it, or it is asked for: not of itself.",
  muted: "It is muted and does not run; what needs it says so.",
  bypassed: "It is bypassed and does not run: it hands on its input of the output's type.",
};

/** A node's mode in a message; empty for one that runs as always. */
export const modeText = (node: LGraphNode): string => TEXTS[modeOf(node)];

const TITLE = 30;

/** Drawn over the node's box and title, below its slots and widgets. */
export function drawMode(ctx: CanvasRenderingContext2D, node: LGraphNode): void {
  const mode = modeOf(node);
  if (mode === "always") return;
  const theme = themeOfNode(node);
  ctx.save();
  fadeOff(ctx, node);
  ctx.font = `600 12px ${theme.font}`;
  ctx.textAlign = "left";
  ctx.fillStyle = theme.dim;
  ctx.fillText(LABELS[mode], 2, -TITLE - 6);
  ctx.restore();
}

/** Covers a node that does not run. */
export function fadeOff(ctx: CanvasRenderingContext2D, node: LGraphNode): void {
  const mode = modeOf(node);
  if (!isOff(mode)) return;
  const theme = themeOfNode(node);
  const height = isCollapsed(node) ? 0 : node.size[1];
  ctx.globalAlpha = theme.faded;
  ctx.fillStyle = mode === "muted" ? theme.canvas : theme.bypassed;
  ctx.beginPath();
  ctx.roundRect(0, -TITLE, widthDrawn(node) + 1, height + TITLE, 8);
  ctx.fill();
  ctx.globalAlpha = 1;
}
