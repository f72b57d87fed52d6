/** The large view put together with what takes it over: the painter, the contact sheet, takes. */
import type { Engine } from "../browser/protocol";
import type { Attachment } from "../litegraph/attachment";
import type { GraphCanvas } from "./canvas";
import type { Commands } from "./commands/commands";
import { sheetPlaceOf } from "./contact-sheet/place";
import { type ContactSheet, createContactSheet } from "./contact-sheet/sheet";
import type { GraphDocument } from "./document";
import { LargeView } from "./large-view";
import type { Layout } from "./layout";
import type { NodeActions } from "./node-actions";
import { paintLayersOf } from "./painter/layers";
import { createPainter, type Painter } from "./painter/painter";
import type { Runs } from "./runs";
import type { Settings } from "./settings";
import type { StatusBar } from "./status";
import type { TakesEditor } from "./takes/takes";
import type { Toasts } from "./toasts";
import type { Viewer } from "./viewer/viewer";

export interface LargeViewSetup {
  readonly root: HTMLElement;
  readonly commands: Commands;
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  readonly engine: Engine;
  readonly runner: Attachment;
  readonly runs: Runs;
  readonly viewer: Viewer;
  readonly takes: TakesEditor;
  readonly status: StatusBar;
  readonly toasts: Toasts;
  readonly settings: Settings;
  readonly layout: Layout;
}

export function setUpLargeView(parts: LargeViewSetup): {
  readonly largeView: LargeView;
  readonly painter: Painter;
  readonly contactSheet: ContactSheet;
} {
  const { root, commands, document, canvas, nodes, engine, runner, runs, viewer, takes, status, toasts, settings, layout } =
    parts;
  const ofBoth = {
    commands,
    viewer,
    node: (id: number) => nodes.byId(String(id)),
    edit: (...step: Parameters<GraphDocument["edit"]>) => document.edit(...step),
    run: (id: number) => void runs.run(runner.auto ? undefined : [String(id)]),
    setWide: (on: boolean) => largeView.setWide(on),
    say: (note: string) => status.say(note),
    leave: () => largeView.leave(),
  };
  const painter = createPainter({
    ...ofBoth,
    layers: (id) => paintLayersOf(document.stored(), id, nodes.definition),
    hold: () => document.hold(),
    release: () => document.release(),
    get auto() {
      return runner.auto;
    },
    focus: (on) => {
      runner.focus = on ?? viewer.inView;
    },
    get wide() {
      return largeView.isWide;
    },
    fail: (error) => toasts.fail(error),
  });
  const contactSheet = createContactSheet({
    ...ofBoth,
    view: (request) => engine.view(request),
    place: (id) => sheetPlaceOf(document.stored(), id, nodes.definition),
    stop: () => commands.run("run.stop"),
    get wide() {
      return largeView.isWide;
    },
  });
  const largeView = new LargeView({
    document,
    nodes,
    viewer,
    painter,
    contactSheet,
    takes,
    get pressesControl() {
      return canvas.pressesControl;
    },
    get isOpen() {
      return settings.viewer;
    },
    get busy() {
      return runs.busy;
    },
    view: (request) => engine.view(request),
    run: (targets) => runs.run(targets),
    wide(on) {
      root.classList.toggle("painting-wide", on);
      if (on && !settings.viewer) layout.change({ viewer: true });
    },
  });
  return { largeView, painter, contactSheet };
}
