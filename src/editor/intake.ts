/** Files on their way in: from the picker, dropped or pasted, one after another. */
import type { Engine } from "../browser/protocol";
import type { StoredGraph } from "../graph/stored";
import type { GraphCanvas, Point } from "./canvas";
import { paramEntries } from "./catalog";
import type { GraphDocument } from "./document";
import { arrive, choose } from "./files";
import type { NodeActions } from "./node-actions";
import type { Route, Target } from "./routing";
import type { ToastAction, Toasts } from "./toasts";

export interface IntakeParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  readonly engine: Pick<Engine, "addFile">;
  readonly toasts: Toasts;
  readonly undo: ToastAction;
}

export interface Intake {
  /** Takes files in at a point of the graph, over a node that takes files or over none. */
  take(files: readonly File[], at: Point, over?: Target): Promise<void>;
  /** Lets the user choose a graph, or a picture that carries one. */
  open(): Promise<void>;
  /** Replaces the graph, and tells the user where that cannot be done. */
  openGraph(graph: StoredGraph, name: string): boolean;
}

const STEP = 30;

export function createIntake({ document, canvas, nodes, engine, toasts, undo }: IntakeParts): Intake {
  const openGraph = (graph: StoredGraph, name: string): boolean =>
    toasts.attempt(() => document.replace(graph, `open “${name}”`));

  async function one(file: File, at: Point, over?: Target): Promise<void> {
    const targets = nodes.all.map((node) => nodes.target(node)).filter((target) => target !== undefined);
    const arrival = await arrive(file, over, targets);
    if (arrival.kind === "file") return follow(arrival.route, arrival.bytes, file.name, at);
    if (!openGraph(arrival.graph, file.name) || arrival.from === "file") return;
    const { otherwise, bytes } = arrival;
    const asPicture = {
      label: "Use as picture",
      act: () => {
        undo.act();
        follow(otherwise, bytes, file.name, at).catch(toasts.fail);
      },
    };
    toasts.show(`The graph that made “${file.name}” is open.`, "info", [undo, asPicture]);
  }

  async function follow(route: Route, bytes: Uint8Array, name: string, at: Point): Promise<void> {
    if (route.do === "open graph") return;
    if (route.do === "refuse") {
      toasts.show(route.message, "error");
      return;
    }
    const ref = await engine.addFile(bytes, name);
    if (route.do === "set") {
      nodes.set(route.node, route.param, ref);
      return;
    }
    const definition = nodes.definitions.find((node) => node.title === route.title);
    const param = paramEntries(definition?.params ?? {}).find(([, { kind }]) => kind === "file")?.[0];
    if (definition && param) nodes.add(definition.type, at, (node) => node.setProperty(param, ref));
  }

  return {
    openGraph,
    async take(files, [x, y], over) {
      for (const [i, file] of files.entries())
        try {
          await one(file, [x + i * STEP, y + i * STEP], over);
        } catch (error) {
          toasts.show(`“${file.name}”: ${error instanceof Error ? error.message : error}`, "error");
        }
    },
    async open() {
      const file = await choose(".json,.png,application/json,image/png");
      if (file) await this.take([file], canvas.middle());
    },
  };
}
