/**
 * The editor put together: toolbar, list of nodes, canvas, large view, status. It is given its engine and its litegraph
 * binding, so that it knows neither workers nor tensors.
 */
import type { LGraph } from "litegraph.js/build/litegraph.core.js";
import type { Engine, EngineEvent, RunReport } from "../browser/protocol";
import { readGraph } from "../graph/clean";
import type { AnySchema } from "../graph/node";
import type { Attachment } from "../litegraph/attachment";
import { stateOf } from "../litegraph/state";
import { createAutosave } from "./autosave";
import { createBatches } from "./batch/batches";
import { GraphCanvas, type Point } from "./canvas";
import { settingOf } from "./change";
import { Commands } from "./commands/commands";
import { listenToKeys } from "./commands/keys";
import { sheetPlaceOf } from "./contact-sheet/place";
import { createContactSheet } from "./contact-sheet/sheet";
import { GraphDocument, type GraphIO } from "./document";
import { button, h } from "./dom";
import { provideEditCommands } from "./edits/commands";
import { createFileExport } from "./file-export";
import { createFileImport } from "./file-import";
import { listenToFingers } from "./fingers";
import { listenForDrops, listenToClipboard } from "./gestures";
import { provideGraphCommands } from "./graph-commands";
import type { ReadyGraph } from "./graphs";
import { noteRun, wasInterrupted } from "./interrupted";
import { allLayers } from "./layers";
import { createLayout } from "./layout";
import { createLongRuns } from "./long-runs/long-runs";
import { fileMenu, graphsMenu } from "./main-menus";
import { foldToolbar } from "./narrow";
import { NodeActions } from "./node-actions";
import { createNodeList } from "./node-list";
import { openBackgroundMenu, openNodeMenu } from "./node-menus";
import { keepOffline } from "./offline/register";
import { providePageCommands } from "./page-commands";
import { paintLayersOf } from "./painter/layers";
import { createPainter } from "./painter/painter";
import { createParamPanel } from "./params/panel";
import { createRuns } from "./runs";
import { loadSettings } from "./settings";
import { ShownPicture } from "./shown-picture";
import { createStatusBar } from "./status";
import { createTakes } from "./takes/takes";
import { lookMenu, type Themes } from "./theme/themes";
import { createToasts } from "./toasts";
import { createToolbar } from "./toolbar";
import { createViewer } from "./viewer/viewer";
import { openRefusedMenu, openWireMenu } from "./wires/menu";

export interface EditorParts {
  readonly root: HTMLElement;
  readonly graph: LGraph;
  readonly definitions: readonly AnySchema[];
  /** The first is opened where no graph is kept from an earlier visit. */
  readonly ready: readonly ReadyGraph[];
  readonly engine: Engine;
  readonly themes: Themes;
  readonly io: GraphIO;
  /** Called once the graph has its canvas. */
  attach(graph: LGraph, options: { auto: boolean }): Attachment;
}

/** What `window.__editor` offers to tests that drive the page. */
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

const EVENTS_KEPT = 2000;

export async function createEditor(parts: EditorParts): Promise<EditorHandle> {
  const { root, graph, definitions, engine, ready } = parts;
  const isInterrupted = wasInterrupted();
  const settings = loadSettings();
  const commands = new Commands(settings.keys, (keys) => layout.change({ keys }));
  const toasts = createToasts();
  const autosave = await createAutosave(toasts.once);

  // The page, from top to bottom.
  const surface = h("canvas", {
    class: "graph-canvas",
    role: "application",
    "aria-label": "Graph. Double-click adds a node, the right button opens a menu.",
  });
  const emptyHint = h("div", { class: "graph-empty", hidden: true }, [
    h("strong", {}, ["This graph is empty"]),
    h("p", {}, ["Double-click to add a node, drop a picture, or start from a ready graph."]),
    h(
      "div",
      { class: "graph-empty-buttons" },
      ready
        .slice(0, 3)
        .map((one) =>
          button(undefined, one.description || one.title, () => fileImport.openGraph(one.graph, one.title), one.title),
        ),
    ),
  ]);
  const zoomButtons = h("div", { class: "zoom-buttons" }, [
    button("plus", "Zoom in", () => commands.run("graph.zoomIn")),
    button("minus", "Zoom out", () => commands.run("graph.zoomOut")),
    button("fit", commands.tip("graph.showAll"), () => commands.run("graph.showAll")),
  ]);
  const stage = h("main", { class: "stage" }, [surface, emptyHint, zoomButtons]);
  const layout = createLayout(root, settings, (change) => {
    if (change.viewer) showPicture();
    refresh();
  });
  const toolbar = createToolbar({
    commands,
    graphs: () => graphsMenu(ready, autosave, fileImport, toasts),
    file: () => [
      ...fileMenu(commands),
      null,
      ...lookMenu(settings.look, (look) => {
        parts.themes.choose(look);
        layout.change({ look });
      }),
    ],
    rename: (title) => {
      doc.title = title;
      refresh();
    },
  });
  foldToolbar(toolbar.element);
  const list = createNodeList(
    definitions,
    (type) => nodes.add(type),
    () => layout.change({ list: false }),
  );
  const viewer = createViewer({
    commands,
    view: (request) => engine.view(request),
    sample: (request) => engine.sample(request),
    run: () => void longRuns.start(),
    get busy() {
      return runs.busy;
    },
    others: () => allLayers(doc.stored(), nodes.definition),
    state: (id) => {
      const node = nodes.byId(id);
      return node && stateOf(node);
    },
    dock: () => commands.run("page.dock"),
    close: () => layout.change({ viewer: false }),
  });
  const status = createStatusBar(
    (id) => nodes.titleOf(id),
    (id) => {
      const node = nodes.byId(id);
      if (!node) return;
      canvas.selectNodes([node]);
      canvas.centerOnNode(node);
    },
    {
      get setting() {
        return settings.kernels;
      },
      choose(kernels) {
        layout.change({ kernels });
        status.say("Load the page again to have it take effect");
      },
    },
  );
  const params = createParamPanel({
    selected: () => (nodes.selected.length === 1 ? nodes.selected[0] : undefined),
    definition: (node) => nodes.definitionOf(node),
    titleOf: (id) => nodes.titleOf(id),
    set(node, values) {
      const { label, merge } = settingOf(node, Object.keys(values));
      const act = (): void => {
        for (const [name, value] of Object.entries(values)) node.setProperty(name, value);
      };
      doc.edit(label, act, { merge });
    },
  });
  list.element.append(params.element);
  const body = h("div", { class: "body" }, [list.element, stage, layout.splitter, viewer.element]);
  root.replaceChildren(toolbar.element, body, status.element, toasts.element);

  // What it works on, and with.
  const canvas = new GraphCanvas(surface, graph, definitions, {
    search: (event, at, from) => nodes.search(event, at, from),
    nodeMenu: (event, node) => openNodeMenu(event, node, canvas, doc, commands),
    backgroundMenu: (event, at) => openBackgroundMenu(event, at, doc, nodes, commands),
    wireMenu: (event, spot) => openWireMenu(event, spot, doc, nodes),
    dropOnWire: (node, wire) => nodes.dropOn(wire, node),
    refused: (event, refused) => openRefusedMenu(event, refused, nodes, toasts),
    openNode: () => {
      layout.change({ viewer: true });
      shown.choose();
    },
    selected: () => {
      if (nodes.selected.length && !viewer.pinned && !canvas.pressesControl) takes.leave();
      showHelp();
      shown.choose();
      params.refresh();
      takes.changed();
    },
    pressed: () => doc.hold(),
    released: (change) => doc.release(change),
  });
  const runner = parts.attach(graph, { auto: settings.auto });
  runner.focus = viewer.inView;
  const doc = new GraphDocument(graph, canvas, parts.io);
  const nodes = new NodeActions(doc, canvas, definitions);
  const runs = createRuns(runner, status, toasts, () => {
    noteRun(runs.busy);
    if (!runs.busy) viewer.refresh();
    if (!runs.busy) void takes.check();
    refresh();
  });
  const longRuns = createLongRuns({
    document: doc,
    nodes,
    engine,
    runs,
    toasts,
    show: (id) => {
      const node = nodes.byId(String(id));
      if (node && !canvas.isInView(node)) canvas.fitNodes(nodes.all);
    },
  });
  const batches = createBatches({ document: doc, nodes, engine, toasts, say: (text) => status.say(text) });
  root.append(batches.element);
  const fileImport = createFileImport({
    document: doc,
    canvas,
    nodes,
    engine,
    toasts,
    undo: { label: "Undo", act: () => commands.run("edit.undo") },
    several: (files) => batches.take(files),
    say: (text) => status.say(text),
  });
  const fileExport = createFileExport(doc, nodes, engine, runner, toasts);
  const takes = createTakes({
    commands,
    document: doc,
    nodes,
    engine,
    toasts,
    say: (text) => status.say(text),
    opened: (open) => {
      root.classList.toggle("with-takes", open);
      refresh();
    },
    showing: () => {
      if (takes.layers && !settings.viewer) layout.change({ viewer: true });
      showPicture(true);
    },
    refresh: () => viewer.refresh(),
  });
  body.after(takes.element);
  const painter = createPainter({
    commands,
    viewer,
    layers: (id) => paintLayersOf(doc.stored(), id, nodes.definition),
    node: (id) => nodes.byId(String(id)),
    edit: (...step) => doc.edit(...step),
    hold: () => doc.hold(),
    release: () => doc.release(),
    get auto() {
      return runner.auto;
    },
    run: (id) => void runs.run(runner.auto ? undefined : [String(id)]),
    focus: (on) => {
      runner.focus = on ?? viewer.inView;
    },
    wide: takeWholePage,
    say: (note) => status.say(note),
    fail: (error) => toasts.fail(error),
    left: () => showPicture(),
  });

  const contactSheet = createContactSheet({
    commands,
    viewer,
    view: (request) => engine.view(request),
    place: (id) => sheetPlaceOf(doc.stored(), id, nodes.definition),
    node: (id) => nodes.byId(String(id)),
    edit: (...step) => doc.edit(...step),
    run: (id) => void runs.run(runner.auto ? undefined : [String(id)]),
    stop: () => commands.run("run.stop"),
    wide: takeWholePage,
    say: (note) => status.say(note),
    left: () => showPicture(),
  });

  /** The large view takes the whole page, or its own place again. */
  function takeWholePage(on: boolean): void {
    root.classList.toggle("painting-wide", on);
    if (on && !settings.viewer) layout.change({ viewer: true });
  }

  const shown = new ShownPicture({
    document: doc,
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
  });

  function showHelp(): void {
    const [selected, ...more] = nodes.selected;
    if (selected && !more.length) list.help(nodes.definitionOf(selected));
  }
  function showPicture(asked = false): void {
    showHelp();
    shown.update(asked);
  }

  function refresh(): void {
    const { title, history } = doc;
    toolbar.update({
      title,
      busy: runs.busy,
      auto: settings.auto,
      undo: history.undoLabel,
      redo: history.redoLabel,
      list: settings.list,
      viewer: settings.viewer,
      takes: takes.isOpen,
    });
    document.title = `${title} · SFT-GAN editor`;
    emptyHint.hidden = nodes.all.length > 0;
  }

  const events: EngineEvent[] = [];
  runner.listen((event) => {
    events.push(event);
    if (events.length > EVENTS_KEPT) events.shift();
    longRuns.hear(event);
    painter.hear(event);
    contactSheet.hear(event);
    if (event.kind === "finished" || event.kind === "cached") viewer.refresh(event.node);
    if ("node" in event && nodes.selected.some(({ id }) => String(id) === event.node)) params.refresh();
    if (event.kind === "failed") viewer.refresh(event.node);
    if (event.kind === "started" && viewer.nodes.includes(event.node)) viewer.redraw();
  });
  doc.listen((change) => {
    refresh();
    autosave.save(doc.title, () => doc.history.present);
    const replaced = change !== "restored" && change.replaced === true;
    if (replaced) shown.forget();
    const changes = change === "restored" || !change.cosmetic;
    if (replaced || (changes && !runner.auto)) void runner.glance({ anew: replaced }).then(() => replaced && viewer.refresh());
    if (changes) viewer.redraw();
    painter.refresh(change === "restored" || replaced);
    contactSheet.refresh(replaced);
    if (changes) showPicture();
    takes.changed();
    batches.changed();
    params.refresh();
  });
  listenToFingers(canvas);
  listenForDrops(stage, canvas, nodes, fileImport);
  listenToClipboard(canvas, nodes, fileImport, toasts);
  provideGraphCommands(commands, {
    document: doc,
    canvas,
    nodes,
    toasts,
    run: (node) => longRuns.start([String(node.id)]),
    exportOnnx: (node) => fileExport.exportOnnx(node),
    help: (node) => {
      layout.change({ list: true });
      list.help(nodes.definitionOf(node));
    },
  });
  provideEditCommands(commands, { document: doc, canvas, nodes, settings, layout });
  providePageCommands(commands, {
    document: doc,
    nodes,
    settings,
    layout,
    runs,
    longRuns,
    runner,
    takes,
    batches,
    fileImport,
    fileExport,
    ready,
    find: () => list.focus(),
    say: (text) => status.say(text),
  });
  listenToKeys(surface, commands);

  layout.change({});
  const kept = await autosave.restore();
  const restored = kept && toasts.attempt(() => doc.start(readGraph(kept.text)));
  const first = ready[0];
  if (!restored && first) toasts.attempt(() => doc.start(first.graph));
  showPicture();
  refresh();
  if (isInterrupted)
    toasts.show("The page was loaded again in the midst of a run, which has ended with it.", "info", [
      { label: "Go on", act: () => void runs.run() },
    ]);
  surface.focus({ preventScroll: true });
  void keepOffline({
    toasts,
    obstacle: () => (batches.busy ? "photos are being run" : runs.busy ? "a run is under way" : undefined),
    save: autosave.flush,
  });

  return {
    graph,
    canvas,
    document: doc,
    engine,
    runner,
    events,
    definitions,
    get busy() {
      return runs.busy;
    },
    pagePoint: (at) => {
      const { clientX, clientY } = canvas.pagePoint(at);
      return [clientX, clientY];
    },
    run: () => runs.run(),
    paint: (node) => {
      canvas.selectNodes(nodes.all.filter(({ id }) => id === node));
      void shown.paint(node, true);
    },
    sheet: (node) => {
      canvas.selectNodes(nodes.all.filter(({ id }) => id === node));
      contactSheet.open(node, true);
    },
    photos: () => batches.toggle(true),
  };
}
