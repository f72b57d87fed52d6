/** Results that are kept from visit to visit, in an engine: found at a glance, shown until they are computed, made after runs. */

import { summarise } from "../engine/summary";
import { drawnOutput } from "../engine/view";
import type { Outputs } from "../graph/cache";
import type { AnyNode, FileRef } from "../graph/node";
import type { Graph } from "../graph/parse";
import { isDrawable } from "../types";
import { drawView } from "./drawing";
import {
  drawKept,
  encodeKept,
  KEPT_SIDE,
  type KeptPicture,
  type KeptResult,
  type KeptResults,
  type Origin,
} from "./kept-results";
import type { DrawnView, View, ViewRequest } from "./protocol";

interface Found {
  readonly key: string;
  readonly from: Origin;
  readonly result: KeptResult;
}

/** Milliseconds without a run before results are kept: not while somebody paints or drags a slider. */
const CALM_MS = 1500;
/** Of a node with more outputs the rest is not kept. */
const MOST_PICTURES = 3;

export class Keeping {
  /** By node of the page's graph, as of its last glance. */
  private readonly found = new Map<string, Found>();
  private looking = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly kept: KeptResults) {}

  /** Another graph, or a run of it: what was found is of no use any more. */
  forget(): void {
    this.looking.abort();
    this.looking = new AbortController();
    this.found.clear();
    clearTimeout(this.timer);
  }

  /** Finds what is kept of nodes that have no result, and tells of each, until all is forgotten. */
  async glance(
    graph: Graph,
    keys: ReadonlyMap<string, string>,
    tell: (node: string, from: Origin, summary: string, views: readonly DrawnView[]) => void,
  ): Promise<void> {
    this.forget();
    const { signal } = this.looking;
    const mayShip = [...graph.values()].some(({ params }) =>
      Object.values(params).some((value) => (value as FileRef | null)?.name?.startsWith?.("sample:")),
    );
    for (const [node, key] of keys) {
      const found = await this.kept.find(key, mayShip);
      if (signal.aborted) return;
      if (!found) continue;
      this.found.set(node, { key, ...found });
      const views = await Promise.all(
        found.result.pictures.map(async (picture): Promise<DrawnView | undefined> => {
          const side = Math.min(1, KEPT_SIDE / Math.max(picture.width, picture.height));
          const request = { node, output: picture.output, width: side * picture.width, height: side * picture.height };
          const view = await viewOf(key, picture, request).catch(() => undefined);
          return view && { request, view };
        }),
      );
      tell(
        node,
        found.from,
        found.result.summary,
        views.filter((view) => view !== undefined),
      );
    }
  }

  /** What is kept of what is asked for; undefined where nothing is. */
  async view(request: ViewRequest): Promise<View | undefined> {
    if (request.scope !== undefined) return undefined;
    const found = this.found.get(request.node);
    const picture = found?.result.pictures.find(({ output }) => request.output === undefined || output === request.output);
    return found && picture && viewOf(found.key, picture, request).catch(() => undefined);
  }

  /** Keeps the results of a run once nothing has been run for a while. `peek` gives those that are there. */
  keepSoon(
    graph: Graph,
    types: ReadonlyMap<string, AnyNode>,
    peek: (node: string) => { readonly key: string; readonly outputs: Outputs } | undefined,
    isCalm: () => boolean,
  ): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      for (const { id, type, inputs } of graph.values()) {
        const def = types.get(type);
        const key = peek(id)?.key;
        if (!def || key === undefined || !Object.keys(inputs).length || (await this.kept.has(key))) continue;
        if (!isCalm()) return;
        const result = await made(def, id, key, () => peek(id)).catch(() => undefined);
        if (result) await this.kept.add(key, result);
      }
    }, CALM_MS);
  }
}

/** The result with this key as it is kept; undefined where there is nothing to see of it, or another has come in its place meanwhile. */
export async function made(
  def: AnyNode,
  node: string,
  key: string,
  peek: () => { readonly key: string; readonly outputs: Outputs } | undefined,
): Promise<KeptResult | undefined> {
  const outputs = Object.entries(def.outputs as Readonly<Record<string, { readonly type: string }>>)
    .filter(([, { type }]) => isDrawable(type))
    .slice(0, MOST_PICTURES);
  const pictures: KeptPicture[] = [];
  let summary = "";
  for (const [output] of outputs) {
    const draw = async (width: number, height: number): Promise<View | undefined> => {
      const found = peek();
      if (found?.key !== key || !drawnOutput(def, output)) return undefined;
      summary = summarise(def, found.outputs);
      return drawView(def, found.outputs, key, { node, output, width, height });
    };
    const probe = await draw(1, 1);
    probe?.bitmap.close();
    if (!probe) return undefined;
    const { width, height } = probe.size;
    const scale = Math.min(1, KEPT_SIDE / Math.max(width, height));
    const view = await draw(scale * width, scale * height);
    if (!view) return undefined;
    const data = await encodeKept(view.bitmap);
    pictures.push({ output, width, height, data, ...(view.legend && { legend: view.legend }) });
  }
  return pictures.length ? { summary, pictures } : undefined;
}

async function viewOf(key: string, picture: KeptPicture, { region, width, height }: ViewRequest): Promise<View> {
  const bitmap = await drawKept(picture, { width, height }, region);
  const { width: w, height: h, legend } = picture;
  return { bitmap, size: { width: w, height: h }, key: `kept ${key}`, ...(legend && { legend }) };
}
