/**
 * The editor put together: toolbar, list of nodes, canvas, large view, status. It is given its engine and its litegraph
 * binding, so that it knows neither workers nor tensors.
 */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { PHOTO_LOADERS } from "../engine/ends";
import { stateOf } from "../litegraph/state";
import { provideAllCommands } from "./all-commands";
import { createAppPanel } from "./app/panel";
import { markApp } from "./app/sharing";
import { claim, createAutosave } from "./autosave";
import { createBatches } from "./batch/batches";
import { GraphCanvas } from "./canvas";
import { Commands } from "./commands/commands";
import { listenToKeys } from "./commands/keys";
import { GraphDocument } from "./document";
import { h } from "./dom";
import { listenToClipboard } from "./edits/clipboard";
import { renameGroup } from "./edits/groups";
import { createFileExport } from "./file-export";
import { createFileImport } from "./file-import";
import { listenToFingers } from "./fingers";
import { followEngine, followGraph } from "./follow";
import { listenForDrops } from "./gestures";
import { type EditorHandle, type EditorParts, handleOf } from "./handle";
import { noteRun, wasInterrupted } from "./interrupted";
import { createAnnouncer } from "./keyboard/announcer";
import { announceSelection } from "./keyboard/commands";
import { setUpLargeView } from "./large-view-setup";
import { allLayers } from "./layers";
import { createLayout } from "./layout";
import { createLongRuns } from "./long-runs/long-runs";
import { fileMenu } from "./main-menus";
import { foldToolbar } from "./narrow";
import { NodeActions } from "./node-actions";
import { createNodeList } from "./node-list";
import { openBackgroundMenu, openNodeMenu } from "./node-menus";
import { keepOffline } from "./offline/register";
import { createReadyOpener } from "./open-ready";
import { openFirstGraph, sayInterrupted } from "./opening";
import { createParamPanel } from "./params/panel";
import { createResultOffer } from "./result-offer";
import { createRuns } from "./runs";
import { loadSettings } from "./settings";
import { createStage } from "./stage";
import { createStatusBar } from "./status";
import { isSubgraph } from "./subgraphs/commands";
import { createCrumbs } from "./subgraphs/crumbs";
import { goToNode } from "./subgraphs/go";
import { createTakes } from "./takes/takes";
import { createToasts } from "./toasts";
import { createToolbar } from "./toolbar";
import { createViewer } from "./viewer/viewer";
import { openRefusedMenu, openWireMenu } from "./wires/menu";

export async function createEditor(parts: EditorParts): Promise<EditorHandle> {
  const { root, graph, definitions, engine, ready } = parts;
  const isInterrupted = wasInterrupted();
  const settings = loadSettings();
  const commands = new Commands(settings.keys, (keys) => layout.change({ keys }));
  const toasts = createToasts();
  const announcer = createAnnouncer();
  const autosave = await createAutosave(toasts.once);

  // The page, from top to bottom.
  const stage = createStage(commands, ready, (one) => readyOpener.open(one));
  const layout = createLayout(root, settings, (change) => {
    if (change.viewer) {
      resultOffer.withdraw();
      showPicture();
    }
    refresh();
  });
  const toolbar = createToolbar({
    commands,
    file: () =>
      fileMenu(commands, settings.look, (look) => {
        parts.themes.choose(look);
        layout.change({ look });
      }),
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
    view: (request) => engine.view({ ...request, kept: true }),
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
    (id) => PHOTO_LOADERS.includes(nodes.byId(id)?.type ?? ""),
    (id) => void toasts.attempt(() => goToNode(doc, nodes, Number(id))),
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
  const appPanel = createAppPanel({
    commands,
    stored: () => doc.stored(),
    definition: (type) => nodes.definition(type),
    titleOf: (id) => nodes.titleOf(id),
    mark: (marks) => markApp(doc, marks),
    describe: (text) => {
      doc.description = text;
    },
  });
  const params = createParamPanel({
    head: (node) => appPanel.head(node),
    beside: (node, control) => appPanel.beside(node, control),
    selected: () => (nodes.selected.length === 1 ? nodes.selected[0] : undefined),
    definition: (node) => nodes.definitionOf(node),
    titleOf: (id) => nodes.titleOf(id),
    set: (node, values) => nodes.set(node, values),
  });
  list.element.append(params.element, appPanel.element);
  const body = h("main", { class: "body" }, [
    h("h1", { class: "visually-hidden" }, ["SFT-GAN editor"]),
    list.element,
    stage.element,
    layout.splitter,
    viewer.element,
  ]);
  root.replaceChildren(toolbar.element, body, status.element, toasts.element, announcer.element);

  // What it works on, and with.
  const canvas = new GraphCanvas(stage.surface, graph, definitions, {
    search: (event, at, from) => nodes.search(event, at, from),
    nodeMenu: (event, node) => openNodeMenu(event, node, canvas, doc, commands),
    backgroundMenu: (event, at) => openBackgroundMenu(event, at, nodes, groupParts),
    wireMenu: (event, spot) => openWireMenu(event, spot, doc, nodes),
    dropOnWire: (node, wire) => nodes.dropOn(wire, node),
    refused: (event, refused) => openRefusedMenu(event, refused, nodes, toasts),
    openNode: (node) => {
      if (isSubgraph(node)) {
        commands.run("subgraph.enter");
        return;
      }
      layout.change({ viewer: true });
      largeView.choose();
    },
    copied: (by) => void toasts.attempt(() => nodes.duplicateSelected(false, by)),
    openTitle: (node) => commands.run(isSubgraph(node) ? "subgraph.enter" : "node.rename"),
    openGroup: (group) => void renameGroup(group, doc),
    selected: () => {
      if (nodes.selected.length && !viewer.pinned && !canvas.pressesControl) takes.leave();
      showHelp();
      largeView.choose();
      params.refresh();
      takes.changed();
      announceSelection(announcer, doc, nodes);
    },
    pressed: () => doc.hold(),
    released: (change) => doc.release(change),
  });
  const runner = parts.attach(graph, { auto: settings.auto });
  runner.focus = viewer.inView;
  const doc = new GraphDocument(graph, canvas, parts.io);
  doc.showing = (show) => runner.showing(show);
  runner.whole = (shown) => doc.around(shown);
  const crumbs = createCrumbs(doc, (path) => void toasts.attempt(() => doc.enter(path)));
  stage.element.append(crumbs.element);
  canvas.covered = () => (doc.path.length ? Math.max(62, crumbs.element.offsetHeight + 14) : 0);
  const nodes = new NodeActions(doc, canvas, definitions);
  const groupParts = {
    document: doc,
    canvas,
    commands,
    run: (inside: readonly LGraphNode[]) => void longRuns.start(inside.map(({ id }) => String(id))),
  };
  const runs = createRuns(
    runner,
    status,
    toasts,
    (id) => nodes.titleOf(id),
    () => {
      noteRun(runs.busy);
      if (runs.busy) resultOffer.withdraw();
      if (!runs.busy) viewer.refresh();
      if (!runs.busy) void takes.check();
      refresh();
    },
  );
  const longRuns = createLongRuns({
    document: doc,
    nodes,
    engine,
    runs,
    toasts,
    show: (ids) => {
      if (nodes.all.some((node) => ids.includes(node.id) && !canvas.isInView(node))) canvas.fitNodes(nodes.all);
    },
  });
  const resultOffer = createResultOffer({
    document: doc,
    nodes,
    canvas,
    toasts,
    get isOpen() {
      return settings.viewer;
    },
    open: () => layout.change({ viewer: true }),
  });
  const batches = createBatches({
    document: doc,
    nodes,
    engine,
    toasts,
    tab: autosave.tab,
    claim,
    say: status.say,
  });
  root.append(batches.element);
  const fileImport = createFileImport({
    document: doc,
    canvas,
    nodes,
    engine,
    toasts,
    several: (files) => batches.take(files),
    offer: (photo) => readyOpener.offer(photo),
    status,
  });
  const readyOpener = createReadyOpener({ document: doc, nodes, fileImport, toasts, say: status.say });
  const fileExport = createFileExport(doc, nodes, engine, runner, toasts);
  const takes = createTakes({
    commands,
    document: doc,
    nodes,
    engine,
    toasts,
    say: status.say,
    opened: (open) => {
      root.classList.toggle("with-takes", open);
      refresh();
    },
    showing: () => {
      if (takes.layers && !settings.viewer) layout.change({ viewer: true });
      showPicture(true);
    },
    refresh: () => viewer.refresh(),
    onBusy: refresh,
  });
  body.after(takes.element);
  const { largeView, painter, contactSheet } = setUpLargeView({
    root,
    commands,
    document: doc,
    canvas,
    nodes,
    engine,
    runner,
    runs,
    viewer,
    takes,
    status,
    toasts,
    settings,
    layout,
  });

  function showHelp(): void {
    const [selected, ...more] = nodes.selected;
    if (selected && !more.length) list.help(nodes.definitionOf(selected));
  }
  function showPicture(asked = false): void {
    showHelp();
    largeView.update(asked);
  }

  function refresh(): void {
    const { title, history } = doc;
    toolbar.update({
      title,
      busy: runs.busy,
      stoppable: runs.busy || takes.busy,
      auto: settings.auto,
      undo: history.undoLabel,
      redo: history.redoLabel,
      list: settings.list,
      viewer: settings.viewer,
      takes: takes.isOpen,
    });
    crumbs.refresh();
    document.title = `${title} · SFT-GAN editor`;
    stage.empty(nodes.all.length === 0 && doc.path.length === 0);
  }

  const events = followEngine(runner, { nodes, viewer, painter, contactSheet, longRuns, params, announcer });
  followGraph(doc, {
    autosave,
    runner,
    viewer,
    largeView,
    params,
    panels: [stage, runs, takes, batches, appPanel, resultOffer],
    refresh,
    showPicture,
  });
  listenToFingers(canvas);
  listenForDrops(stage.element, canvas, nodes, fileImport);
  listenToClipboard({ canvas, surface: stage.surface, nodes, fileImport, commands, toasts });
  provideAllCommands(commands, {
    document: doc,
    canvas,
    nodes,
    engine,
    settings,
    layout,
    runs,
    longRuns,
    resultOffer,
    runner,
    takes,
    batches,
    fileImport,
    fileExport,
    ready,
    openReady: (one) => readyOpener.open(one),
    autosave,
    toasts,
    announcer,
    list,
    params,
    say: status.say,
  });
  listenToKeys(stage.surface, commands);

  layout.change({});
  await openFirstGraph(doc, autosave, ready, toasts, parts.brought);
  showPicture();
  refresh();
  void batches.restore().then((isBatch) => {
    if (isInterrupted && !isBatch) sayInterrupted(toasts, () => void runs.run()); // else that is what was interrupted
  });
  stage.surface.focus({ preventScroll: true });
  void keepOffline({
    toasts,
    obstacle: () => (batches.busy ? "photos are being run" : runs.busy ? "a run is under way" : undefined),
    save: autosave.flush,
  });

  return handleOf({ graph, canvas, document: doc, engine, runner, events, definitions, nodes, runs, largeView, batches });
}
