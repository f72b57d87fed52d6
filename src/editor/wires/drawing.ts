/**
 * Draws wires: all that are in view below the nodes, those that carry nothing faded; across bypassed nodes what they hand on; on
 * top the wire pointed at, with the slots at its ends.
 */
import { LGraphCanvas, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import { themeOf } from "../../litegraph/theme";
import type { Bridge, Flow } from "./flow";
import { type Box, type Curve, curvesOf, overlap, type Point } from "./geometry";
import { slotPlace, type Wire, wiresNear } from "./wires";

type Ctx = CanvasRenderingContext2D;
/** A canvas as drawing sees it. */
export type DrawnCanvas = Pick<LGraphCanvas, "graph" | "visible_area" | "ds" | "connections_width" | "render_connections_border">;

/** Below this zoom wires have no dark edge. */
const EDGE_SCALE = 0.6;
/** How far a wire may be seen that carries nothing, since a node at its end does not run. */
const OFF_ALPHA = 0.3;
/** How long litegraph shows that an event went along a wire. */
const EVENT_MS = 1000;

const paths = new WeakMap<Wire, Path2D>();

/** A wire's line for a canvas. */
function pathOf(wire: Wire): Path2D {
  const known = paths.get(wire);
  if (known) return known;
  const path = trace(wire.curves);
  paths.set(wire, path);
  return path;
}

export function trace(curves: readonly Curve[]): Path2D {
  const path = new Path2D();
  const [start] = curves;
  if (start) path.moveTo(...start[0]);
  for (const [, p, q, end] of curves) path.bezierCurveTo(...p, ...q, ...end);
  return path;
}

export function colourOf(canvas: DrawnCanvas, { link }: Wire): string {
  const own = (link as { color?: string }).color;
  const byType = (LGraphCanvas as unknown as { link_type_colors: Record<string, string> }).link_type_colors;
  return own || byType[link.type] || (canvas as unknown as { default_link_color: string }).default_link_color;
}

/** `flow`: undefined where all wires carry something. */
export function drawWires(canvas: DrawnCanvas, ctx: Ctx, flow: Flow | undefined): void {
  const [left, top, width, height] = canvas.visible_area as unknown as readonly [number, number, number, number];
  const seen: Box = [left, top, width, height];
  const { scale } = canvas.ds;
  const width0 = canvas.connections_width;
  const now = LiteGraph.getTime();
  const edged = canvas.render_connections_border && scale > EDGE_SCALE;
  ctx.lineJoin = "round";
  for (const wire of wiresNear(canvas.graph, seen)) {
    if (!overlap(wire.bounds, seen, 20)) continue;
    const path = pathOf(wire);
    ctx.globalAlpha = !flow || flow.live.has(wire.link.id) ? 1 : OFF_ALPHA;
    if (edged) stroke(ctx, path, themeOf(LiteGraph).wireEdge, width0 + 4);
    stroke(ctx, path, colourOf(canvas, wire), width0);
    const { _last_time: last } = wire.link as { _last_time?: number };
    if (last && now - last < EVENT_MS) {
      ctx.globalAlpha = 1 - (now - last) / EVENT_MS;
      stroke(ctx, path, themeOf(LiteGraph).wireLit, width0 + 2);
    }
  }
  ctx.globalAlpha = 1;
}

/** Below the rows of slots that it joins a bridge runs, so that their names can be read. */
const BELOW_ROW = 10;

/** What a bypassed node hands on, as a broken line across it. The context's origin is the node's. */
export function drawBridge(canvas: DrawnCanvas, ctx: Ctx, { node, input, output }: Bridge): void {
  const [left, top] = node.pos;
  const from = slotPlace(node, "input", input);
  const to = slotPlace(node, "output", output);
  const low = Math.max(from[1], to[1]) - top + ((node.flags as { collapsed?: boolean }).collapsed ? 0 : BELOW_ROW);
  const [start, end] = [from[0] - left, to[0] - left];
  const line: Point[] = [
    [start, from[1] - top],
    [start + 24, low],
    [end - 24, low],
    [end, to[1] - top],
  ];
  const byType = (LGraphCanvas as unknown as { link_type_colors: Record<string, string> }).link_type_colors;
  ctx.save();
  ctx.setLineDash([7, 5]);
  const colour = byType[String(node.outputs[output]?.type)] ?? themeOf(LiteGraph).otherSocket;
  stroke(ctx, trace(curvesOf(line)), colour, canvas.connections_width);
  ctx.restore();
}

function stroke(ctx: Ctx, path: Path2D, colour: string, width: number): void {
  ctx.lineWidth = width;
  ctx.strokeStyle = colour;
  ctx.stroke(path);
}

/** A wire that is pointed at: over the nodes, edged with light, with its slots and the points it is led through. */
export function drawLit(canvas: DrawnCanvas, ctx: Ctx, wire: Wire, handles: boolean): void {
  const colour = colourOf(canvas, wire);
  const path = pathOf(wire);
  const thin = 1 / Math.min(1, canvas.ds.scale);
  ctx.save();
  ctx.lineCap = "round";
  stroke(ctx, path, themeOf(LiteGraph).wireLit, canvas.connections_width + 3 * thin);
  stroke(ctx, path, colour, canvas.connections_width + thin);
  for (const end of [wire.points[0]!, wire.points.at(-1)!]) drawSpot(ctx, end, 6.5 * thin, colour, 2 * thin);
  if (handles) for (const point of wire.points.slice(1, -1)) drawSpot(ctx, point, 5 * thin, colour, 1.5 * thin);
  ctx.restore();
}

function drawSpot(ctx: Ctx, [x, y]: Point, radius: number, colour: string, edge: number): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.lineWidth = edge;
  ctx.strokeStyle = themeOf(LiteGraph).wireLit;
  ctx.stroke();
}
