/**
 * A wire being dragged. Over a slot that refuses it, it is red and says why; let go there it is put back where it hung, and
 * whoever listens offers the remedy.
 */
import type { LGraph, LGraphCanvas, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { AnySchema } from "../../graph/node";
import { socketType } from "../../litegraph/slots";
import type { Theme } from "../../litegraph/theme";
import { fits } from "./fits";
import type { Point } from "./geometry";
import { CIRCLE, type Refusal, refusal, remedyText } from "./refusal";
import { setRoute } from "./routes";
import type { Wire } from "./wires";

/** litegraph's own state of a drag. */
type Dragging = Pick<
  LGraphCanvas,
  | "canvas"
  | "graph"
  | "ds"
  | "visible_nodes"
  | "connecting_node"
  | "connecting_output"
  | "connecting_slot"
  | "isOverNodeInput"
  | "isOverNodeOutput"
>;

/** How far from the pointer the reason is written, in CSS pixels. */
const BESIDE = 16;

/** A refused wire: its two ends, and why. */
export interface Refused {
  readonly from: LGraphNode;
  readonly output: number;
  readonly to: LGraphNode;
  readonly input: number;
  readonly refusal: Refusal;
}

export class DraggedWire {
  refused: Refused | undefined;
  /** Before it was pulled off one of its slots. */
  #hung: Wire | undefined;

  constructor(
    private readonly canvas: Dragging,
    private readonly definitions: readonly AnySchema[],
    private readonly theme: Theme,
  ) {}

  pulled(wire: Wire | undefined): void {
    this.#hung = wire;
  }
  /** It hung at both its ends before. */
  get hung(): boolean {
    return this.#hung !== undefined;
  }

  move([x, y]: Point): void {
    this.refused = undefined;
    const { canvas } = this;
    const own = canvas.connecting_node;
    const over = own && (canvas.graph.getNodeOnPos(x, y, canvas.visible_nodes) as LGraphNode | null);
    if (!own || !over) return;
    const forward = Boolean(canvas.connecting_output);
    const slot = forward ? Number(canvas.isOverNodeInput(over, x, y, [0, 0])) : canvas.isOverNodeOutput(over, x, y);
    if (slot < 0) return;
    const [from, output, to, input] = forward
      ? [own, canvas.connecting_slot, over, slot]
      : [over, slot, own, canvas.connecting_slot];
    const [given, taken] = [from.outputs[output]?.type, to.inputs[input]?.type];
    if (given === undefined || taken === undefined) return;
    const why = feeds(canvas.graph, to, from)
      ? CIRCLE
      : fits(given, taken)
        ? undefined
        : refusal(this.definitions, String(socketType(given)), String(socketType(taken)));
    if (why) this.refused = { from, output, to, input, refusal: why };
  }

  /** Before litegraph sees the release: takes a refused wire from it. */
  release(): Refused | undefined {
    const { refused } = this;
    this.refused = undefined;
    if (!refused) return undefined;
    Object.assign(this.canvas, {
      connecting_node: null,
      connecting_output: null,
      connecting_input: null,
      connecting_pos: null,
      connecting_slot: -1,
    });
    const hung = this.#hung;
    if (hung) hung.from.connect(hung.link.origin_slot, hung.to, hung.link.target_slot);
    return refused;
  }

  /** After the release: where only the start of a wire was moved, it keeps its way. */
  settle(): void {
    const hung = this.#hung;
    this.#hung = undefined;
    const input = hung?.to.inputs[hung.link.target_slot];
    if (hung && input && input.link != null) setRoute(hung.to, input.name, hung.points.slice(1, -1));
  }

  /** What is said beside the pointer, in graph units. */
  draw(context: CanvasRenderingContext2D, [x, y]: Point): void {
    if (!this.refused) return;
    const { refusal } = this.refused;
    const { theme } = this;
    const size = 1 / this.canvas.ds.scale;
    const remedy = remedyText(refusal);
    const lines = [capital(refusal.why), ...(remedy ? [`Let go to ${remedy}`] : [])];
    context.save();
    context.translate(x, y);
    context.scale(size, size);
    const fonts = [`600 13px ${theme.font}`, `12px ${theme.font}`];
    const widths = lines.map((line, i) => {
      context.font = fonts[i]!;
      return context.measureText(line).width;
    });
    const [width, height] = [Math.max(...widths) + 24, lines.length * 19 + 13];
    const { clientWidth, clientHeight } = this.canvas.canvas;
    const [right, down] = [
      (x + this.canvas.ds.offset[0]) / size + BESIDE + width,
      (y + this.canvas.ds.offset[1]) / size + BESIDE + height,
    ];
    context.translate(right > clientWidth ? -BESIDE - width : BESIDE, down > clientHeight ? -BESIDE - height : BESIDE);
    context.beginPath();
    context.roundRect(0, 0, width, height, 7);
    context.fillStyle = theme.badField;
    context.fill();
    context.strokeStyle = theme.bad;
    context.lineWidth = 1.5;
    context.stroke();
    context.textAlign = "left";
    for (const [i, line] of lines.entries()) {
      context.font = fonts[i]!;
      context.fillStyle = i ? theme.text : theme.bad;
      context.fillText(line, 12, 20 + i * 19);
    }
    context.restore();
  }
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Whether values flow from one node to another, by however many wires; a node feeds itself. */
export function feeds(graph: LGraph, from: LGraphNode, to: LGraphNode): boolean {
  const seen = new Set<LGraphNode>();
  const open = [from];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node === to) return true;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const output of node.outputs ?? [])
      for (const id of output.links ?? []) {
        const link = graph.links[id];
        const next = link && (graph.getNodeById(link.target_id) as LGraphNode | null);
        if (next) open.push(next);
      }
  }
  return false;
}
