/**
 * The editor put together: toolbar, list of nodes, canvas, large view, status. It is given its engine and its litegraph
 * binding, so that it knows neither workers nor tensors.
 */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { LiteGraph } from "litegraph.js/build/litegraph.core.js";
import type { Engine, EngineEvent, RunReport } from "../browser/protocol";
import type { AnyNode, FileRef } from "../graph/node";
import { readGraph } from "../graph/parse";
import type { StoredGraph } from "../graph/stored";
import { createAutosave } from "./autosave";
import { GraphCanvas, type LooseEnd, type Point } from "./canvas";
import { joining, paramEntries } from "./catalog";
import { GraphDocument, type GraphIO, nodesOf } from "./document";
import { button, h } from "./dom";
import { arrive, choose, download, withFiles } from "./files";
import { cutOut, merge } from "./fragment";
import { type Box, freePlace } from "./free-place";
import type { ReadyGraph } from "./graphs";
import { allLayers, defaultNode, type Layers, layersOf } from "./layers";
import { closeMenu, type MenuEntry } from "./menu";
import { createNodeList, DRAG_TYPE } from "./node-list";
import { type NodeCommands, openBackgroundMenu, openLinkMenu, openNodeMenu } from "./node-menus";
import { fileName, type Route, type Target } from "./routing";
import { openSearch } from "./search";
import { loadSettings, storeSettings } from "./settings";
import { createStatusBar } from "./status";
import { createToasts } from "./toasts";
import { createToolbar, keys, onMac } from "./toolbar";
import { createViewer } from "./viewer";

/** What runs the graph on the canvas. */
export interface Runner {
  auto: boolean;
  run(targets?: readonly string[]): Promise<RunReport>;
  cancel(): void;
  /** Computes a node's file and hands it to the browser. Rejects with one sentence. */
  download(node: LGraphNode): Promise<unknown>;
  /** Calls with every event of the engine. */
  listen(listener: (event: EngineEvent) => void): void;
}

export interface EditorParts {
  readonly root: HTMLElement;
  readonly graph: LGraph;
  readonly definitions: readonly AnyNode[];
  readonly ready: readonly ReadyGraph[];
  readonly engine: Engine;
  readonly io: GraphIO;
  /** Called once the canvas exists. */
  attach(graph: LGraph, options: { auto: boolean }): Runner;
}

/** What `window.__editor` offers to tests that drive the page. */
export interface EditorHandle {
  readonly graph: LGraph;
  readonly canvas: GraphCanvas;
  readonly document: GraphDocument;
  readonly engine: Engine;
  readonly runner: Runner;
  /** The engine's events so far, the last 2000. */
  readonly events: readonly EngineEvent[];
  readonly definitions: readonly AnyNode[];
  /** The point of the page under a point of the graph, in CSS pixels. */
  pagePoint(at: Point): Point;
  /** Runs, as the button does. */
  run(): Promise<RunReport | undefined>;
}

/** Height of a node's title, which lies above its position. */
const TITLE = 30;
const CLIPBOARD_LIMIT = 4e6;
const EVENTS_KEPT = 2000;

export async function createEditor(parts: EditorParts): Promise<EditorHandle> {
  const { root, graph, definitions, engine, ready } = parts;
  const byType = new Map(definitions.map((node) => [node.type, node]));
  const definitionOf = (type: string): AnyNode | undefined => byType.get(type);
  const settings = loadSettings();
  const autosave = await createAutosave();
  const toasts = createToasts();
  const events: EngineEvent[] = [];
  let busy = false;
  let asked = 0;
  let working = false;
  let stopped = false;
  let failed = 0;
  /** The node whose picture the large view shows. */
  let shown: number | undefined;

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
      ready.slice(0, 3).map((one) => button(undefined, one.description || one.title, () => openReady(one), one.title)),
    ),
  ]);
  const zoomButtons = h("div", { class: "zoom-buttons" }, [
    button("plus", "Zoom in", () => canvas.zoomBy(1.25)),
    button(undefined, "Zoom out", () => canvas.zoomBy(0.8), "−", "icon-only"),
    button("fit", "Show all (F)", () => canvas.fitNodes(nodesOf(graph))),
  ]);
  const stage = h("main", { class: "stage" }, [surface, emptyHint, zoomButtons]);

  const status = createStatusBar(titleOf, (id) => {
    const node = nodeBy(id);
    if (!node) return;
    canvas.selectNodes([node]);
    canvas.centerOnNode(node);
  });
  const viewer = createViewer({
    view: (request) => engine.view(request),
    others: () => allLayers(doc.stored(), definitionOf),
    dock: () => setLayout({ dock: settings.dock === "right" ? "bottom" : "right" }),
    close: () => setLayout({ viewer: false }),
  });
  const list = createNodeList(
    definitions,
    (type) => addNode(type),
    () => setLayout({ list: false }),
  );
  const toolbar = createToolbar({
    run: () => run(),
    stop,
    auto: setAuto,
    undo,
    redo,
    graphs: graphsMenu,
    file: fileMenu,
    savePicture,
    rename: (title) => {
      doc.title = title;
      refresh();
    },
    list: () => setLayout({ list: !settings.list }),
    viewer: () => setLayout({ viewer: !settings.viewer }),
    help: helpMenu,
  });
  const splitter = h("div", { class: "splitter", role: "separator", tabindex: 0, "aria-label": "Size of the large view" });
  const body = h("div", { class: "body" }, [list.element, stage, splitter, viewer.element]);
  root.replaceChildren(toolbar.element, body, status.element, toasts.element);

  const canvas = new GraphCanvas(surface, graph, {
    search: (event, at, from) => search(event, at, from),
    nodeMenu: (event, node) => openNodeMenu(event, node, canvas, doc, commands),
    backgroundMenu: (event, at) => openBackgroundMenu(event, at, canvas, doc, commands),
    linkMenu: (event, link) => openLinkMenu(event, link, doc),
    openNode: () => {
      setLayout({ viewer: true });
      showSelected();
    },
    selected: () => showSelected(),
  });
  const runner = parts.attach(graph, { auto: settings.auto });
  const doc = new GraphDocument(graph, canvas, parts.io);
  const commands: NodeCommands = {
    run: (node) => run([String(node.id)]),
    duplicate,
    remove,
    help: (node) => {
      setLayout({ list: true });
      list.help(definitionOf(node.type ?? ""));
    },
    search: (event, at) => search(event, at),
  };

  // --- nodes ---

  function nodeBy(id: string): LGraphNode | undefined {
    return nodesOf(graph).find((node) => String(node.id) === id);
  }
  function titleOf(id: string): string {
    return nodeBy(id)?.getTitle() ?? `node ${id}`;
  }

  /** Adds a node with its title at `at`, by default in the middle of the view, beside what is there. */
  function addNode(type: string, at?: Point, prepare?: (node: LGraphNode) => void): LGraphNode | undefined {
    const node = LiteGraph.createNode(type) as LGraphNode | null;
    if (!node) return undefined;
    const place = at ?? placeFor(node);
    doc.edit(() => {
      node.pos = [Math.round(place[0]), Math.round(place[1])];
      graph.add(node);
      prepare?.(node);
    });
    canvas.selectNodes([node]);
    return node;
  }

  /** In the middle of the view, or beside what is there. */
  function placeFor(node: LGraphNode): Point {
    const [x, y] = canvas.middle();
    const box = (of: LGraphNode): Box => [of.pos[0], of.pos[1] - TITLE, of.size[0], of.size[1] + TITLE];
    const wanted: Box = [x - node.size[0] / 2, y - node.size[1] / 2 - TITLE, node.size[0], node.size[1] + TITLE];
    const [left, top] = freePlace(wanted, nodesOf(graph).map(box));
    return [left, top + TITLE];
  }

  function search(event: MouseEvent, at: Point, from?: LooseEnd): void {
    const offered = from ? joining(definitions, from.side === "output" ? "input" : "output", from.type) : definitions;
    const hint = from ? `Add a node that ${from.side === "output" ? "takes" : "gives"} ${from.type}` : "Add a node";
    openSearch(event.clientX, event.clientY, offered, hint, (type) => {
      addNode(type, from ? [from.side === "output" ? at[0] : at[0] - 200, at[1] - 10] : at, (node) => {
        if (!from) return;
        const slots = from.side === "output" ? node.inputs : node.outputs;
        const slot = (slots as { type: unknown }[]).findIndex((one) => one.type === from.type);
        if (slot < 0) return;
        if (from.side === "output") from.node.connect(from.slot, node, slot);
        else node.connect(slot, from.node, from.slot);
      });
    });
  }

  const selectedIds = (): Set<number> => new Set(Object.keys(canvas.selected_nodes).map(Number));

  function remove(): void {
    if (selectedIds().size) doc.edit(() => canvas.deleteSelectedNodes());
    showSelected();
  }

  function insert(fragment: StoredGraph, at: Point, label: string): void {
    const merged = merge(doc.stored(), fragment, at);
    attempt(() => doc.replace(merged.graph, label, { fit: false, select: merged.ids }));
  }

  function duplicate(): void {
    const ids = selectedIds();
    if (!ids.size) return;
    const fragment = cutOut(doc.stored(), ids);
    const left = Math.min(...fragment.nodes.map((node) => node.pos?.[0] ?? 0));
    const top = Math.min(...fragment.nodes.map((node) => node.pos?.[1] ?? 0));
    insert(fragment, [left + 40, top + 40], ids.size === 1 ? "duplicate a node" : `duplicate ${ids.size} nodes`);
  }

  // --- run ---

  async function run(targets?: readonly string[]): Promise<RunReport | undefined> {
    stopped = false;
    asked++;
    setBusy();
    try {
      return await runner.run(targets);
    } catch (error) {
      toasts.show(sentence(error), "error");
      return undefined;
    } finally {
      asked--;
      setBusy();
    }
  }

  function stop(): void {
    if (!busy) return;
    stopped = true;
    runner.cancel();
  }

  function setAuto(on: boolean): void {
    settings.auto = on;
    runner.auto = on;
    storeSettings(settings);
    refresh();
  }

  /** Busy while a run that was asked for has not ended, or the engine says so, as when it runs after a change. */
  function setBusy(): void {
    const now = asked > 0 || working;
    if (now === busy) return;
    busy = now;
    if (now) {
      failed = 0;
      status.begin();
    } else {
      status.end(
        stopped ? "Stopped" : failed ? `${failed} node${failed === 1 ? "" : "s"} failed` : "Done",
        !stopped && failed > 0,
      );
      stopped = false;
      viewer.refresh();
    }
    refresh();
  }

  runner.listen((event) => {
    events.push(event);
    if (events.length > EVENTS_KEPT) events.shift();
    if (event.kind === "status") working = event.busy;
    if (event.kind === "started") working = true;
    setBusy();
    status.event(event);
    if (event.kind === "failed") failed++;
    if (event.kind === "notice") toasts.show(sentence(event.message));
    if (event.kind === "finished" || event.kind === "cached") viewer.refresh(event.node);
  });

  // --- view ---

  function showSelected(): void {
    const nodes = Object.values(canvas.selected_nodes);
    if (nodes.length === 1) list.help(definitionOf(nodes[0]!.type ?? ""));
    if (viewer.pinned || !settings.viewer) return;
    const stored = doc.stored();
    const layers = (id: number | undefined): Layers | undefined =>
      id === undefined ? undefined : layersOf(stored, id, definitionOf);
    const selected = nodes.length === 1 ? nodes[0]!.id : undefined;
    if (layers(selected)) shown = selected;
    else if (!layers(shown)) shown = defaultNode(stored, definitionOf);
    viewer.show(layers(shown));
  }

  // --- files ---

  const sentence = (error: unknown): string => {
    const text = error instanceof Error ? error.message : String(error);
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  function attempt(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      toasts.show(sentence(error), "error");
      return false;
    }
  }
  const undoAction = { label: "Undo", act: undo };

  function openGraph(stored: StoredGraph, label: string, say?: string): void {
    if (attempt(() => doc.replace(stored, label)) && say) toasts.show(say, "info", [undoAction]);
  }
  const openReady = (one: ReadyGraph): void => openGraph(one.graph, `open “${one.title}”`);

  const targetOf = (node: LGraphNode | null | undefined): Target | undefined => {
    const definition = node ? definitionOf(node.type ?? "") : undefined;
    if (!node || !definition) return undefined;
    const files = paramEntries(definition.params).filter(([, param]) => param.kind === "file");
    return { id: node.id, title: definition.title, files: files.map(([param, { accept = "" }]) => ({ param, accept })) };
  };

  /** Takes in a file that was dropped, pasted or opened, over a node or over none. */
  async function take(file: File, at: Point, over?: LGraphNode | null): Promise<void> {
    try {
      const targets = nodesOf(graph)
        .map(targetOf)
        .filter((target) => target !== undefined);
      const arrival = await arrive(file, targetOf(over), targets);
      if (arrival.kind === "file") await follow(arrival.route, arrival.bytes, file.name, at);
      else if (arrival.from === "file") openGraph(arrival.graph, `open “${file.name}”`);
      else if (attempt(() => doc.replace(arrival.graph, `open the graph in “${file.name}”`)))
        toasts.show(`The graph that made “${file.name}” is open.`, "info", [
          undoAction,
          {
            label: "Use as picture",
            act: () => {
              undo();
              follow(arrival.otherwise, arrival.bytes, file.name, at).catch((error) => toasts.show(sentence(error), "error"));
            },
          },
        ]);
    } catch (error) {
      toasts.show(`“${file.name}”: ${error instanceof Error ? error.message : error}`, "error");
    }
  }

  async function follow(route: Route, bytes: Uint8Array, name: string, at: Point): Promise<void> {
    if (route.do === "refuse") return toasts.show(route.message, "error");
    if (route.do === "open graph") return;
    const ref = await engine.addFile(bytes, name);
    if (route.do === "set") return setFile(nodeBy(String(route.node)), route.param, ref);
    const definition = definitions.find((node) => node.title === route.title);
    const param = paramEntries(definition?.params ?? {}).find(([, one]) => one.kind === "file")?.[0];
    if (definition && param) addNode(definition.type, at, (node) => node.setProperty(param, ref));
  }

  function setFile(node: LGraphNode | undefined, param: string, ref: FileRef): void {
    if (!node) return;
    doc.edit(() => node.setProperty(param, ref));
    canvas.selectNodes([node]);
  }

  async function open(): Promise<void> {
    const file = await choose(".json,.png,application/json,image/png");
    if (file) await take(file, canvas.middle());
  }

  const save = (): void => download(JSON.stringify(doc.stored(), null, 1), "application/json", fileName(doc.title, "json"));

  async function exportWithFiles(): Promise<void> {
    try {
      const { graph: whole, left } = await withFiles(doc.stored(), definitionOf, engine);
      download(JSON.stringify(whole), "application/json", fileName(`${doc.title} with files`, "json"));
      if (left.length) toasts.show(`Too large or not here, so left out: ${left.join(", ")}.`, "error");
    } catch (error) {
      toasts.show(sentence(error), "error");
    }
  }

  async function savePicture(): Promise<void> {
    const savers = nodesOf(graph).filter((node) => "file" in (definitionOf(node.type ?? "")?.outputs ?? {}));
    const chosen = savers.filter((node) => canvas.selected_nodes[node.id]);
    const nodes = chosen.length ? chosen : savers;
    if (!nodes.length) return toasts.show("There is no Save node: add one and connect the picture to it.", "error");
    if (nodes.length > 1 && !chosen.length)
      return toasts.show(`There are ${nodes.length} Save nodes: select the one to save.`, "error");
    for (const node of nodes)
      try {
        await runner.download(node);
      } catch (error) {
        toasts.show(sentence(error), "error");
      }
  }

  async function graphsMenu(): Promise<readonly MenuEntry[]> {
    const recent = await autosave.recent();
    return [
      "Ready graphs",
      ...ready.map((one) => ({ label: one.title, detail: one.description, act: () => openReady(one) })),
      ...(recent.length ? [null, "From other tabs and days"] : []),
      ...recent.map((one) => ({
        label: one.title,
        detail: new Date(one.time).toLocaleString(),
        act: () => attempt(() => doc.replace(readGraph(one.text), `open “${one.title}”`)),
      })),
    ];
  }

  function fileMenu(): readonly MenuEntry[] {
    return [
      { label: "New", act: () => doc.clear() },
      { label: "Open…", detail: "A graph (.json), or a picture saved here (.png)", hint: keys("Ctrl+O"), act: open },
      null,
      { label: "Save graph", hint: keys("Ctrl+S"), act: save },
      { label: "Export with files", detail: "Pictures and priors inside, so that it runs anywhere", act: exportWithFiles },
      { label: "Save picture", act: savePicture },
    ];
  }

  function helpMenu(): readonly MenuEntry[] {
    return (
      [
        ["Run", "Ctrl+Enter"],
        ["Stop", "Esc"],
        ["Add a node", "Double-click"],
        ["Move the view", "Drag the background"],
        ["Zoom", "Wheel"],
        ["Show all", "F"],
        ["Select several", "Ctrl+Drag"],
        ["Copy, paste, duplicate", "Ctrl+C, V, D"],
        ["Undo, redo", "Ctrl+Z, Ctrl+Shift+Z"],
        ["Save, open", "Ctrl+S, Ctrl+O"],
        ["Load a picture", "Drop or paste it"],
      ] as const
    ).map(([label, hint]) => ({ label, hint: keys(hint), act: () => {} }));
  }

  // --- undo ---

  function undo(): void {
    const label = doc.undo();
    if (label) status.say(`Undone: ${label}`);
  }
  function redo(): void {
    const label = doc.redo();
    if (label) status.say(`Done again: ${label}`);
  }

  // --- page ---

  function setLayout(change: Partial<typeof settings>): void {
    Object.assign(settings, change);
    storeSettings(settings);
    root.classList.toggle("no-list", !settings.list);
    root.classList.toggle("no-viewer", !settings.viewer);
    root.dataset.dock = settings.dock;
    root.style.setProperty("--viewer-size", `${settings[settings.dock]}px`);
    splitter.setAttribute("aria-orientation", settings.dock === "right" ? "vertical" : "horizontal");
    if (change.viewer) showSelected();
    refresh();
  }

  function refresh(): void {
    const title = doc.title;
    toolbar.update({
      title,
      busy,
      auto: settings.auto,
      undo: doc.history.undoLabel,
      redo: doc.history.redoLabel,
      list: settings.list,
      viewer: settings.viewer,
    });
    document.title = `${title} · SFT-GAN editor`;
    emptyHint.hidden = nodesOf(graph).length > 0;
  }

  function resizeViewer(event: PointerEvent): void {
    const box = body.getBoundingClientRect();
    const size = settings.dock === "right" ? box.right - event.clientX : box.bottom - event.clientY;
    const most = (settings.dock === "right" ? box.width : box.height) - 240;
    setLayout({ [settings.dock]: Math.round(Math.max(180, Math.min(most, size))) });
  }
  splitter.addEventListener("pointerdown", (event) => {
    splitter.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  splitter.addEventListener("pointermove", (event) => {
    if (splitter.hasPointerCapture(event.pointerId)) resizeViewer(event);
  });
  splitter.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: 24, ArrowUp: 24, ArrowRight: -24, ArrowDown: -24 }[event.key];
    if (by === undefined) return;
    setLayout({ [settings.dock]: Math.max(180, settings[settings.dock] + by) });
    event.preventDefault();
  });

  const nodeAt = (event: MouseEvent): LGraphNode | null => graph.getNodeOnPos(...canvas.graphPoint(event)) as LGraphNode | null;
  const carries = (event: DragEvent, type: string): boolean => Boolean(event.dataTransfer?.types.includes(type));
  document.addEventListener("dragover", (event) => {
    if (!carries(event, "Files") && !carries(event, DRAG_TYPE)) return;
    event.preventDefault();
    if (carries(event, "Files")) stage.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) stage.classList.remove("dropping");
  });
  // Before litegraph's own listener on the canvas, which would let the file through to nobody.
  document.addEventListener(
    "drop",
    (event) => {
      stage.classList.remove("dropping");
      const type = event.dataTransfer?.getData(DRAG_TYPE);
      const inside = event.target === surface || (event.target instanceof Node && emptyHint.contains(event.target));
      if (type) {
        event.preventDefault();
        event.stopPropagation();
        const [x, y] = canvas.graphPoint(event);
        if (inside) addNode(type, [x - 60, y + 10]);
        return;
      }
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      event.stopPropagation();
      const at = inside ? canvas.graphPoint(event) : canvas.middle();
      const over = inside ? nodeAt(event) : null;
      takeAll(files, at, over);
    },
    true,
  );

  async function takeAll(files: readonly File[], at: Point, over?: LGraphNode | null): Promise<void> {
    let place = at;
    for (const file of files) {
      await take(file, place, over);
      place = [place[0] + 30, place[1] + 30];
    }
  }

  const typing = (target: EventTarget | null): boolean =>
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));

  /** Keys that act on the graph are its own while no other part of the page has the focus. */
  const onGraph = (target: EventTarget | null): boolean => target === surface || target === document.body;

  document.addEventListener("copy", (event) => copy(event, false));
  document.addEventListener("cut", (event) => copy(event, true));
  function copy(event: ClipboardEvent, cut: boolean): void {
    const ids = selectedIds();
    if (typing(event.target) || !ids.size || !getSelection()?.isCollapsed) return;
    event.clipboardData?.setData("text/plain", JSON.stringify(cutOut(doc.stored(), ids)));
    event.preventDefault();
    if (cut) remove();
  }
  document.addEventListener("paste", (event) => {
    if (event.defaultPrevented || typing(event.target)) return;
    const at = canvas.middle();
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) {
      event.preventDefault();
      const [only, ...more] = Object.values(canvas.selected_nodes);
      const over = only && !more.length && targetOf(only)?.files.length ? only : undefined;
      takeAll(files, at, over);
      return;
    }
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!text.trimStart().startsWith("{") || text.length > CLIPBOARD_LIMIT) return;
    event.preventDefault();
    attempt(() => insert(readGraph(text), [at[0] - 100, at[1] - 60], "paste"));
  });

  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    const command = onMac ? event.metaKey : event.ctrlKey;
    if (document.querySelector("dialog[open]")) return;
    if (command && key === "enter") run();
    else if (key === "escape" && !typing(event.target)) {
      if (busy) stop();
      closeMenu();
    } else if (command && key === "s") save();
    else if (command && key === "o") open();
    else if (typing(event.target) || !(onGraph(event.target) || command)) return;
    else if (command && (key === "y" || (key === "z" && event.shiftKey))) redo();
    else if (command && key === "z") undo();
    else if (command && key === "d") duplicate();
    else if (command && key === "a") canvas.selectNodes(nodesOf(graph));
    else if (!command && (key === "delete" || key === "backspace")) remove();
    else if (!command && !event.altKey && key === "f") canvas.fitNodes(nodesOf(graph));
    else if (!command && !event.altKey && key === "/") list.focus();
    else return;
    event.preventDefault();
  });

  doc.listen((change) => {
    refresh();
    autosave.save(doc.title, () => doc.history.present);
    if (change !== "restored" && change.replaced) shown = undefined;
    if (change === "restored" || !change.cosmetic) showSelected();
  });

  // --- start ---

  setLayout({});
  const kept = await autosave.restore();
  const first = ready[0]?.graph;
  const begin = (stored: StoredGraph | undefined): boolean => Boolean(stored) && attempt(() => doc.start(stored));
  let started = false;
  if (kept)
    try {
      started = begin(readGraph(kept.text));
    } catch {
      started = false;
    }
  if (!started) begin(first);
  showSelected();
  refresh();
  surface.focus({ preventScroll: true });

  return {
    graph,
    canvas,
    document: doc,
    engine,
    runner,
    events,
    definitions,
    pagePoint: ([x, y]) => {
      const box = surface.getBoundingClientRect();
      const [left, top] = canvas.ds.convertOffsetToCanvas([x, y]);
      return [box.left + left, box.top + top];
    },
    run,
  };
}
