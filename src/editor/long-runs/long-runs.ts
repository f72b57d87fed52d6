/**
 * Before a run that will take long its time and memory are said, with what would make it shorter at a click; where nothing has been
 * measured on this device yet, it is said once the run has shown how fast it is. A short run just runs.
 */
import { type LGraphNode, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import type { Engine, EngineEvent, Forecast } from "../../browser/protocol";
import type { Size } from "../../region";
import { aboutText } from "../../time-text";
import type { GraphDocument } from "../document";
import { bytesText } from "../dom";
import type { NodeActions } from "../node-actions";
import { PHOTO_NODES } from "../routing";
import type { Runs } from "../runs";
import type { Toasts } from "../toasts";
import { type Planned, placeNode } from "../wires/place";
import { askBefore } from "./dialog";
import { type Remedied, type Remedy, withCrop, withLite } from "./remedies";

/** Milliseconds from which on a run is long. */
const LONG_MS = 60_000;
/** A part of a photo is to take so long, and its sides are multiples of so many pixels, within these. */
const SHORT_MS = 20_000;
const SIDES = { step: 16, least: 64, most: 1024 };
/** A remedy takes at most so much of the time. */
const WORTH = 0.7;
/** A run under way is asked about after so long, once. */
const SETTLED_MS = 6000;

export interface LongRunParts {
  readonly document: GraphDocument;
  readonly nodes: NodeActions;
  readonly engine: Pick<Engine, "forecast" | "view">;
  readonly runs: Runs;
  readonly toasts: Toasts;
  /** Brings a node into view, where it is not. */
  show(node: number): void;
}

export interface LongRuns {
  /** Runs, once it is clear that this is wanted. */
  start(targets?: readonly string[]): Promise<void>;
  hear(event: EngineEvent): void;
}

export function createLongRuns(parts: LongRunParts): LongRuns {
  const { document, nodes, engine, runs, toasts } = parts;
  /** When the run under way began; undefined once it has been spoken of. */
  let began: number | undefined;

  async function start(targets?: readonly string[]): Promise<void> {
    let remedy: Remedy | undefined;
    const consent = async (): Promise<boolean> => {
      const found = await forecastOf(targets);
      const isLong = found?.ms !== undefined && found.ms >= LONG_MS;
      began = isLong ? undefined : performance.now();
      if (!isLong) return true;
      const message = `This run takes ${aboutText(found.ms!)} and ${bytesText(found.bytes)} of memory on this device.`;
      const answer = await askBefore(message, await remediesFor(found.ms!, targets));
      if (answer !== "run") remedy = answer;
      return answer === "run";
    };
    await runs.run(targets, runs.busy ? undefined : consent);
    if (!remedy) return;
    apply(remedy);
    await start(targets);
  }

  const forecastOf = (targets: readonly string[] | undefined, graph = document.stored()): Promise<Forecast | undefined> =>
    engine.forecast(graph, targets).catch(() => undefined); // the run says what is wrong

  /** What would make a run of `ms` shorter, and how much. */
  async function remediesFor(ms: number, targets: readonly string[] | undefined): Promise<Remedy[]> {
    const stored = document.stored();
    const photo = await largestPhoto();
    const share = Math.sqrt(SHORT_MS / ms);
    const side = (length: number) =>
      Math.min(length, SIDES.most, Math.max(SIDES.least, SIDES.step * Math.floor((length * share) / SIDES.step)));
    const part = photo && { width: side(photo.size.width), height: side(photo.size.height) };
    const offered: (Omit<Remedy, "ms" | "remedied"> & { readonly remedied: Remedied | undefined })[] = [
      {
        label: part ? `Crop to ${part.width} × ${part.height}` : "",
        step: "crop the photo",
        remedied: photo && part && withCrop(stored, nodes.definition, photo.id, photo.size, part),
      },
      { label: "Take lite", step: "take the weights lite", remedied: withLite(stored, nodes.definition) },
    ];
    const found: Remedy[] = [];
    for (const { label, step, remedied } of offered) {
      const shorter = remedied && (await forecastOf(targets, remedied.graph))?.ms;
      if (remedied && shorter !== undefined && shorter < WORTH * ms) found.push({ label, step, remedied, ms: shorter });
    }
    return found;
  }

  /** The node that gives the largest photo there is. */
  async function largestPhoto(): Promise<{ readonly id: number; readonly size: Size } | undefined> {
    const sources = nodes.all.filter((node) => PHOTO_NODES.includes(nodes.definitionOf(node)?.title ?? ""));
    const sizes = await Promise.all(
      sources.map(async ({ id }) => {
        const view = await engine.view({ node: String(id), width: 1, height: 1 }).catch(() => undefined);
        view?.bitmap.close();
        return view ? [{ id, size: view.size }] : [];
      }),
    );
    const area = ({ size }: { readonly size: Size }) => size.width * size.height;
    return sizes.flat().sort((a, b) => area(b) - area(a))[0];
  }

  /** Puts a remedy into the graph, as one step of undo. */
  function apply({ step, remedied: { graph, node, isNew } }: Remedy): void {
    const place = isNew ? placeOf(graph.nodes.find(({ id }) => id === node)!, graph) : undefined;
    const placed = graph.nodes.map((one) => (one.id === node && place ? { ...one, pos: place } : one));
    const isDone = toasts.attempt(() => document.replace({ ...graph, nodes: placed }, step, { fit: false, select: [node] }));
    if (isDone) parts.show(node);
  }

  /** Where a new node covers nothing, near what it is wired to. */
  function placeOf({ id, type }: Remedied["graph"]["nodes"][number], { links }: Remedied["graph"]): [number, number] | undefined {
    const node = LiteGraph.createNode(type) as LGraphNode | null;
    if (!node) return undefined;
    const planned = links.flatMap(([, origin, output, target, input]): Planned[] => {
      const other = nodes.byId(String(origin === id ? target : origin));
      if (!other || (origin !== id && target !== id)) return [];
      return origin === id
        ? [{ node: other, slot: input, side: "output", own: output }]
        : [{ node: other, slot: output, side: "input", own: input }];
    });
    const before = planned.find(({ side }) => side === "input")?.node;
    const after = planned.find(({ side }) => side === "output")?.node;
    const wanted: [number, number] = before
      ? [before.pos[0] + before.size[0] + 50, before.pos[1]]
      : [(after?.pos[0] ?? 0) - node.size[0] - 50, after?.pos[1] ?? 0];
    return [...placeNode(document.graph, node, wanted, planned)] as [number, number];
  }

  return {
    start,
    hear(event) {
      if (!runs.busy) began = undefined;
      if (event.kind !== "overall" || began === undefined || (event.left ?? 0) < LONG_MS) return;
      if (performance.now() - began < SETTLED_MS) return;
      began = undefined;
      const { left = 0 } = event;
      const stopAnd = (remedy: Remedy) => () => {
        runs.stop();
        apply(remedy);
        void start();
      };
      void remediesFor(left, undefined).then((remedies) => {
        if (!runs.busy || !remedies.length) return;
        const actions = remedies.map((remedy) => ({ label: `${remedy.label} (${aboutText(remedy.ms)})`, act: stopAnd(remedy) }));
        toasts.show(`This run takes ${aboutText(left)} more.`, "info", [...actions, { label: "Stop", act: () => runs.stop() }]);
      });
    },
  };
}
