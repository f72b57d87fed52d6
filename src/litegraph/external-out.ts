/** Values for the page's own nodes: numbers and text as such, an image as a canvas that holds it. */
import type { Engine, RunReport } from "../browser/protocol";
import { isOff, modeOf } from "../graph/modes";
import type { Socket } from "../graph/node";
import { sourceOf, valueIn } from "./external-in";
import { definitionOf, isExternal, type LGraph, type LGraphNode, type LLink, linkOf, nodesOf } from "./host";

/** Outputs by node id, then by socket. */
export type Outputs = ReadonlyMap<number, ReadonlyMap<string, unknown>>;

/** A link from an output to an external node; undefined where there is none. */
const linkToExternal = (graph: LGraph, node: LGraphNode, output: string): LLink | undefined =>
  (node.outputs.find(({ name }) => name === output)?.links ?? [])
    .map((id) => linkOf(graph, id))
    .find((link) => {
      const target = link && graph.getNodeById(link.target_id);
      return !!target && isExternal(target);
    });

/** What our nodes give after a run. `current` turns false when a newer run has begun. */
export async function collect(
  graph: LGraph,
  engine: Engine,
  { values, errors }: RunReport,
  before: Outputs,
  current: () => boolean,
): Promise<Map<number, Map<string, unknown>>> {
  const all = new Map<number, Map<string, unknown>>();
  for (const node of [...nodesOf(graph)]) {
    const def = definitionOf(node);
    if (!def) continue;
    const own = new Map<string, unknown>();
    for (const [name, socket] of Object.entries(def.outputs as Record<string, Socket>)) {
      const link = linkToExternal(graph, node, name);
      const from = isOff(modeOf(node)) ? link && sourceOf(graph, link) : undefined; // what a bypassed node hands on
      const origin = from ? graph.getNodeById(from.origin_id) : isOff(modeOf(node)) ? undefined : node;
      const output = from ? origin?.outputs?.[from.origin_slot]?.name : name;
      if (!origin || output === undefined) continue;
      const id = String(origin.id);
      let value: unknown;
      if (from && isExternal(origin)) value = valueIn(graph, from);
      else if (socket.type === "number" || socket.type === "text") value = values[id]?.[output];
      else if (socket.type === "image" && !errors[id] && link) {
        value = await picture(engine, id, output, before.get(node.id)?.get(name));
        if (!current()) return all;
      }
      if (value !== undefined) own.set(name, value);
    }
    if (own.size) all.set(node.id, own);
  }
  return all;
}

/** Puts a node's outputs into its links. */
export function deliver(node: LGraphNode, outputs: ReadonlyMap<string, unknown> | undefined): void {
  for (const [name, value] of outputs ?? []) {
    const slot = node.findOutputSlot(name);
    if (slot >= 0) node.setOutputData(slot, value);
  }
}

/** The side of a part, in pixels. */
const PART = 2048;

const keys = new WeakMap<HTMLCanvasElement, string>();

/** An output as a canvas at its full size, or the largest that the browser can hold; the canvas of before if it is the same. */
async function picture(engine: Engine, node: string, output: string, before: unknown): Promise<HTMLCanvasElement | undefined> {
  const probe = await engine.view({ node, output, width: 1, height: 1 });
  if (!probe) return undefined;
  probe.bitmap.close();
  if (before instanceof HTMLCanvasElement && keys.get(before) === probe.key) return before;
  const { size } = probe;
  const found = largestCanvas(size.width, size.height);
  if (!found) return undefined;
  const { canvas, ctx } = found;
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  // pixel by pixel where the whole picture fits, part by part, as an engine draws only so many pixels at a time
  const part = canvas.width === size.width ? PART : Math.max(size.width, size.height);
  for (let top = 0; top < size.height; top += part)
    for (let left = 0; left < size.width; left += part) {
      const region = { top, left, height: Math.min(part, size.height - top), width: Math.min(part, size.width - left) };
      const width = Math.round((region.width * canvas.width) / size.width);
      const height = Math.round((region.height * canvas.height) / size.height);
      const view = await engine.view({ node, output, region, width, height, opacity: "kept" });
      if (!view) return undefined;
      ctx.drawImage(view.bitmap, left, top, width, height);
      view.bitmap.close();
    }
  keys.set(canvas, probe.key);
  return canvas;
}

/** Browsers differ in the largest canvas and give one that stays empty beyond it; so it is tried. */
function largestCanvas(width: number, height: number): { canvas: HTMLCanvasElement; ctx: CanvasRenderingContext2D } | undefined {
  for (let scale = 1; width * scale >= 1 || height * scale >= 1; scale /= 2) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const ctx = canvas.getContext("2d");
    if (!ctx) continue;
    ctx.fillRect(canvas.width - 1, canvas.height - 1, 1, 1);
    try {
      if (ctx.getImageData(canvas.width - 1, canvas.height - 1, 1, 1).data[3] === 255) return { canvas, ctx };
    } catch {
      // too large to be read: halve it
    }
  }
  return undefined;
}
