/** What the editor is given, and what it offers to tests that drive its page. */
import type { LGraph } from "litegraph.js/build/litegraph.core.js";
import type { Engine, EngineEvent, RunReport } from "../browser/protocol";
import type { AnySchema } from "../graph/node";
import type { StoredGraph } from "../graph/stored";
import type { Attachment } from "../litegraph/attachment";
import type { Batches } from "./batch/batches";
import type { GraphCanvas, Point } from "./canvas";
import type { GraphDocument, GraphIO } from "./document";
import type { ReadyGraph } from "./graphs";
import type { LargeView } from "./large-view";
import type { NodeActions } from "./node-actions";
import type { Runs } from "./runs";
import type { Themes } from "./theme/page-look";

export interface EditorParts {
  readonly root: HTMLElement;
  readonly graph: LGraph;
  readonly definitions: readonly AnySchema[];
  /** The first is opened where no graph is kept from an earlier visit. */
  readonly ready: readonly ReadyGraph[];
  readonly engine: Engine;
  readonly themes: Themes;
  readonly io: GraphIO;
  /** The graph that the page's address holds; undefined where it holds none. Throws an error where it cannot be read. */
  readonly brought?: (() => StoredGraph) | undefined;
  /** Called once the graph has its canvas. */
  attach(graph: LGraph, options: { auto: boolean }): Attachment;
}

/** What `window.__editor` offers. */
export interface EditorHandle {
  readonly graph: LGraph;
  readonly canvas: GraphCanvas;
  readonly document: GraphDocument;
  readonly engine: Engine;
  readonly runner: Attachment;
  /** The engine's events so far, the last 2000. */
  readonly events: readonly EngineEvent[];
  readonly definitions: readonly AnySchema[];
  /** A run is under way. */
  readonly busy: boolean;
  /** The point of the page under a point of the graph, in CSS pixels. */
  pagePoint(at: Point): Point;
  /** Runs, as the button does. */
  run(): Promise<RunReport | undefined>;
  /** Paints on a node's prior in the large view, on the whole page. */
  paint(node: number): void;
  /** Compares priors on a node's contact sheet, on the whole page. */
  sheet(node: number): void;
  /** Lists several photos, to be run one after another. */
  photos(): void;
}

/** What the handle is made of. */
type HandleParts = Pick<EditorHandle, "graph" | "canvas" | "document" | "engine" | "runner" | "events" | "definitions"> & {
  readonly nodes: NodeActions;
  readonly runs: Runs;
  readonly largeView: LargeView;
  readonly batches: Batches;
};

export function handleOf({ nodes, runs, largeView, batches, ...shown }: HandleParts): EditorHandle {
  const { canvas } = shown;
  const open = (kind: "paint" | "sheet", node: number): void => {
    canvas.selectNodes(nodes.all.filter(({ id }) => id === node));
    largeView.open(kind, node);
  };
  return {
    ...shown,
    get busy() {
      return runs.busy;
    },
    pagePoint(at) {
      const { clientX, clientY } = canvas.pagePoint(at);
      return [clientX, clientY];
    },
    run: () => runs.run(),
    paint: (node) => open("paint", node),
    sheet: (node) => open("sheet", node),
    photos: () => batches.toggle(true),
  };
}
