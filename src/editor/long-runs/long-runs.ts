/**
 * Before a run that will take long its time and memory are said, with what would make it shorter at a click; where nothing has been
 * measured on this device yet, it is said once the run has shown how fast it is. A short run just runs.
 */
import { type LGraphNode, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import type { Engine, EngineEvent } from "../../browser/protocol";
import type { StoredGraph } from "../../graph/stored";
import { findNode, inside, withNode } from "../../graph/subgraphs";
import { aboutText } from "../../time-text";
import type { GraphDocument } from "../document";
import { bytesText } from "../dom";
import type { NodeActions } from "../node-actions";
import type { Runs } from "../runs";
import type { Toasts } from "../toasts";
import { type Planned, placeNode } from "../wires/place";
import { askBefore } from "./dialog";
import { Outlook } from "./outlook";
import { withFreePlaces } from "./place";
import type { Remedy } from "./remedies";

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
  const outlook = new Outlook({ engine, definitions: nodes.definition });

  async function start(targets?: readonly string[]): Promise<void> {
    let remedy: Remedy | undefined;
    const consent = async (): Promise<boolean> => {
      const long = await outlook.before(document.stored(), targets);
      if (!long) return true;
      const message = `This run takes ${aboutText(long.ms)} and ${bytesText(long.bytes)} of memory on this device.`;
      const answer = await askBefore(message, long.remedies);
      if (answer !== "run") remedy = answer;
      return answer === "run";
    };
    await runs.run(targets, runs.busy ? undefined : consent);
    if (!remedy) return;
    apply(remedy);
    await start(targets);
  }

  /** Puts a remedy into the graph, as one step of undo, and shows the part of it in which that is. */
  function apply({ step, remedied }: Remedy): void {
    const { graph, node, added } = remedied;
    const { path = [] } = findNode(graph, node) ?? {};
    if (path.join() !== document.path.join() && !toasts.attempt(() => document.enter(path))) return;
    const place = added.includes(node) ? placeOf(node, inside(graph, path)!) : undefined;
    const placed = withNode(withFreePlaces(remedied), node, (one) => (place ? { ...one, pos: place } : one));
    const isDone = toasts.attempt(() => document.replace(placed, step, { fit: false, select: [node] }));
    if (isDone) parts.show(node);
  }

  /** Where a new node covers nothing that is shown, near what it is wired to. */
  function placeOf(id: number, { nodes: stored, links }: StoredGraph): [number, number] | undefined {
    const node = LiteGraph.createNode(stored.find((one) => one.id === id)!.type) as LGraphNode | null;
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
      if (!runs.busy) outlook.forget();
      if (event.kind !== "overall" || event.scope !== undefined || event.left === undefined) return;
      const { left } = event;
      const stopAnd = (remedy: Remedy) => () => {
        runs.stop();
        apply(remedy);
        void start();
      };
      void outlook.during(document.stored(), left).then((remedies) => {
        if (!runs.busy || !remedies?.length) return;
        const actions = remedies.map((remedy) => ({ label: `${remedy.label} (${aboutText(remedy.ms)})`, act: stopAnd(remedy) }));
        toasts.show(`This run takes ${aboutText(left)} more.`, "info", [...actions, { label: "Stop", act: () => runs.stop() }]);
      });
    },
  };
}
