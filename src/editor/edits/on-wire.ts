/** Putting a node on a wire: whether it fits there, which wire it lies on while it is dragged, and the step itself. */
import { type LGraph, type LGraphNode, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import { socketType } from "../../litegraph/slots";
import { feeds } from "../wires/dragged";
import { nearest, overlap, type Point, runsThrough } from "../wires/geometry";
import { boxOf, type Wire, wiresOf } from "../wires/wires";

/** The slots by which a node goes onto a wire. */
export interface Fit {
  readonly input: number;
  readonly output: number;
}

/** Undefined where the node's free slots do not take and give what the wire carries, or where it would feed itself. */
export function fitOn(graph: LGraph, node: LGraphNode, { link, from, to }: Wire): Fit | undefined {
  const type = socketType(link.type);
  const input = (node.inputs ?? []).findIndex((slot) => socketType(slot.type) === type && slot.link == null);
  const output = (node.outputs ?? []).findIndex((slot) => socketType(slot.type) === type && !slot.links?.length);
  if (input < 0 || output < 0 || node === from || node === to) return undefined;
  if (node.graph && (feeds(graph, node, from) || feeds(graph, to, node))) return undefined;
  return { input, output };
}

const samples = new Map<string, LGraphNode>();

/** Whether a new node of a type goes onto a wire. */
export function typeFits(graph: LGraph, type: string, wire: Wire): boolean {
  const sample = samples.get(type) ?? (LiteGraph.createNode(type) as LGraphNode | null);
  if (sample) samples.set(type, sample);
  return sample !== null && fitOn(graph, sample, wire) !== undefined;
}

/** The wire that a dragged node lies on and fits: the one nearest to the pointer. */
export function wireUnder(graph: LGraph, node: LGraphNode, pointer: Point): Wire | undefined {
  const box = boxOf(node);
  let best: Wire | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const wire of wiresOf(graph)) {
    if (!overlap(wire.bounds, box) || !runsThrough(wire.line, box) || !fitOn(graph, node, wire)) continue;
    const away = nearest(wire.line, pointer).distance;
    if (away >= distance) continue;
    distance = away;
    best = wire;
  }
  return best;
}

/** Joins a node that is in the graph to both ends of a wire. */
export function joinInto({ link, from, to }: Wire, node: LGraphNode, { input, output }: Fit): void {
  const [start, end] = [link.origin_slot, link.target_slot];
  from.connect(start, node, input);
  node.connect(output, to, end);
}
