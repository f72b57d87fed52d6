/** Values for the page's own nodes: numbers and text as such, an image as a canvas that holds it; and whether what these nodes give
 * has changed. */
import type { Engine, RunReport } from "../browser/protocol";
import { isOff, modeOf } from "../graph/modes";
import type { Socket } from "../graph/node";
import { isPicture, signature, sourceOf, valueIn } from "./external-in";
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
      const view = await engine.view({ node, output, region, width, height });
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

/** Milliseconds between looks at an external picture. */
const LOOK = 250;

export class Exchange {
  readonly #graph: LGraph;
  /** What each external output gave, by `origin.slot`; undefined until it is known. */
  #given: ReadonlyMap<string, string> | undefined;
  /** When each external picture was last looked at, by `origin.slot`. */
  readonly #looked = new Map<string, number>();
  #outputs: Outputs = new Map();

  constructor(graph: LGraph) {
    this.#graph = graph;
  }

  /** The engine has been given the values with these signatures: what differs from them has changed. */
  given(signatures: ReadonlyMap<string, string>): void {
    this.#given = signatures;
  }

  /** Nothing has changed until the engine is given values again. */
  rest(): void {
    this.#looked.clear();
    this.#given = undefined;
  }

  /** An external node gives this one something else than the engine was given. */
  changed(node: LGraphNode): boolean {
    const given = this.#given;
    if (!given) return false;
    const now = performance.now();
    return (node.inputs ?? []).some(({ link: id }) => {
      const link = linkOf(this.#graph, id);
      const origin = link && this.#graph.getNodeById(link.origin_id);
      if (!link || !origin || !isExternal(origin)) return false;
      const output = `${link.origin_id}.${link.origin_slot}`;
      const value = valueIn(this.#graph, link);
      if (isPicture(value)) {
        if (now - (this.#looked.get(output) ?? 0) < LOOK) return false;
        this.#looked.set(output, now);
      }
      return signature(value) !== given.get(output);
    });
  }

  /** Puts what came out of a node into its links. */
  deliver(node: LGraphNode): void {
    deliver(node, this.#outputs.get(node.id));
  }

  /** What came out of a run for external nodes. `current` turns false when a newer run has begun. */
  collect(engine: Engine, report: RunReport, current: () => boolean): Promise<Outputs> {
    return collect(this.#graph, engine, report, this.#outputs, current);
  }

  /**
   * Gives external nodes what came out. After a `complete` run they get nothing where nothing came out any more; after another
   * they keep what they have.
   */
  hand(outputs: Outputs, complete: boolean): void {
    const all = complete ? outputs : new Map([...this.#outputs, ...outputs]);
    for (const node of nodesOf(this.#graph)) {
      const now = all.get(node.id);
      const gone = [...(this.#outputs.get(node.id)?.keys() ?? [])].filter((name) => !now?.has(name));
      deliver(node, new Map(gone.map((name) => [name, undefined])));
      deliver(node, now);
    }
    this.#outputs = all;
    setTimeout(() => this.#graph.setDirtyCanvas(true, false), 50); // once the page's own loop has carried them on
  }
}
