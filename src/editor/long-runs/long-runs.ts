/**
 * Before a run that will take long its time and memory are said, with what would make it shorter at a click; where nothing has been
 * measured on this device yet, it is said once the run has shown how fast it is. A short run just runs.
 */
import { type LGraphNode, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import type { Engine, EngineEvent, RunReport } from "../../browser/protocol";
import type { StoredGraph } from "../../graph/stored";
import { findNode, inside, withNode } from "../../graph/subgraphs";
import { aboutText } from "../../time-text";
import type { GraphDocument } from "../document";
import { bytesText } from "../dom";
import type { NodeActions } from "../node-actions";
import type { Runs } from "../runs";
import type { Toasts } from "../toasts";
import type { Point } from "../wires/geometry";
import { askBefore } from "./dialog";
import { Outlook } from "./outlook";
import { withFreePlaces } from "./place";
import type { Remedy } from "./remedies";
import { placesWith } from "./shown-place";

export interface LongRunParts {
  readonly document: GraphDocument;
  readonly nodes: NodeActions;
  readonly engine: Pick<Engine, "forecast" | "view">;
  readonly runs: Runs;
  readonly toasts: Toasts;
  /** Brings nodes into view, where one is not. */
  show(nodes: readonly number[]): void;
}

export interface LongRuns {
  /** Runs, once it is clear that this is wanted; resolves as `Runs.run` does. */
  start(targets?: readonly string[]): Promise<RunReport | undefined>;
  hear(event: EngineEvent): void;
}

export function createLongRuns(parts: LongRunParts): LongRuns {
  const { document, nodes, engine, runs, toasts } = parts;
  const outlook = new Outlook({ engine, definitions: nodes.definition });

  /** Takes away what has been said of a run under way. */
  let unsay = (): void => {};

  async function start(targets?: readonly string[]): Promise<RunReport | undefined> {
    let remedy: Remedy | undefined;
    const consent = async (): Promise<boolean> => {
      const long = await outlook.before(document.stored(), targets);
      if (!long) return true;
      const message = `This run takes ${aboutText(long.ms)} and ${bytesText(long.bytes)} of memory on this device.`;
      const answer = await askBefore(message, long.remedies);
      if (answer !== "run") remedy = answer;
      return answer === "run";
    };
    const report = await runs.run(targets, runs.busy ? undefined : consent);
    if (!remedy) return report;
    apply(remedy);
    return runs.run(targets); // its time was said beside it
  }

  /** Puts a remedy into the graph, as one step of undo, and shows the part of it in which that is. */
  function apply({ label, step, remedied: of }: Remedy): void {
    const remedied = of(document.stored());
    if (!remedied) {
      toasts.show(`“${label}” does not fit the graph any more, which has changed since.`);
      return;
    }
    const { graph, node, added } = remedied;
    const { path = [] } = findNode(graph, node) ?? {};
    if (path.join() !== document.path.join() && !toasts.attempt(() => document.enter(path))) return;
    const places = added.includes(node) ? placesIn(inside(graph, path)!, node) : new Map<number, Point>();
    const placed = [...places].reduce(
      (now, [id, pos]) => withNode(now, id, (one) => ({ ...one, pos })),
      withFreePlaces(remedied),
    );
    const isDone = toasts.attempt(() => document.replace(placed, step, { fit: false, select: [node] }));
    if (isDone) parts.show([node, ...places.keys()]);
  }

  function placesIn(shown: StoredGraph, id: number): ReadonlyMap<number, Point> {
    const made = LiteGraph.createNode(shown.nodes.find((one) => one.id === id)!.type) as LGraphNode | null;
    return made ? placesWith(document.graph, shown, id, made) : new Map();
  }

  return {
    start,
    hear(event) {
      if (!runs.busy) {
        outlook.forget();
        unsay();
      }
      if (event.kind !== "overall" || event.scope !== undefined || event.left === undefined) return;
      const { left } = event;
      const stopAnd = (remedy: Remedy) => () => {
        runs.stop();
        apply(remedy);
        void runs.run();
      };
      void outlook.during(document.stored(), left).then((remedies) => {
        if (!runs.busy || !remedies?.length) return;
        const actions = remedies.map((remedy) => ({ label: `${remedy.label} (${aboutText(remedy.ms)})`, act: stopAnd(remedy) }));
        const stop = { label: "Stop", act: () => runs.stop() };
        unsay = toasts.show(`This run takes ${aboutText(left)} more.`, "info", [...actions, stop]);
      });
    },
  };
}
