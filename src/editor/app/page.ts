/**
 * A graph as a simple page: a photo in, the parameters that are marked, the result beside the photo, saved. It is given its engine,
 * and knows no litegraph.
 */
import { effect } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import type { Engine } from "../../browser/protocol";
import type { AnySchema, FileRef } from "../../graph/node";
import { parseGraph } from "../../graph/parse";
import type { StoredGraph } from "../../graph/stored";
import { download, pictureName } from "../../litegraph/download";
import { nameOfPicture } from "../../litegraph/saved-name";
import { aboutText } from "../../time-text";
import { Commands } from "../commands/commands";
import { isCovered, listenToKeys } from "../commands/keys";
import { button, h } from "../dom";
import { bytesOf, choose } from "../files";
import { allLayers } from "../layers";
import { openMenu } from "../menu";
import { paintLayersOf } from "../painter/layers";
import { createPainter, type PaintedNode } from "../painter/painter";
import type { Settings } from "../settings";
import { lookMenu, type Themes } from "../theme/page-look";
import type { Toasts } from "../toasts";
import { createViewer } from "../viewer/viewer";
import { addressWith } from "./address";
import { type AppState, Computing } from "./computing";
import { createControls } from "./controls";
import { choosePhoto, hasCamera, listenForPhotos, takePhoto } from "./photo";
import { AppSession } from "./session";
import "../params/params.css";
import "./app.css";

export interface AppParts {
  readonly root: HTMLElement;
  readonly graph: StoredGraph;
  readonly definitions: readonly AnySchema[];
  readonly engine: Engine;
  readonly toasts: Toasts;
  readonly settings: Settings;
  readonly themes: Themes;
  keep(settings: Settings): void;
}

/** What `window.__app` offers to tests that drive the page. */
export interface AppHandle {
  readonly session: AppSession;
  readonly computing: Computing;
  readonly engine: Engine;
}

/** "40 %: Upsample, about 2 min left" */
const progressText = ({ fraction, at, left }: Extract<AppState, { kind: "running" }>): string => {
  const text = [`${Math.floor(100 * fraction)} %`, at].filter(Boolean).join(": ");
  return left !== undefined && left > 3000 ? `${text}, ${aboutText(left)} left` : text;
};

/** Milliseconds of rest after a change before it is computed. */
const REST = 250;

export function createApp({ root, graph, definitions, engine, toasts, settings, themes, keep }: AppParts): AppHandle {
  const session = new AppSession(graph, definitions);
  const definition = (type: string): AnySchema | undefined => definitions.find((one) => one.type === type);
  const titleOf = (id: string): string => {
    const node = session.graph.nodes.find((one) => String(one.id) === id);
    return node?.title || (node && definition(node.type)?.title) || "Save";
  };
  const commands = new Commands(settings.keys);
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Set while a stroke is drawn, and not yet a step. */
  let held: Readonly<Record<string, unknown>> | undefined;
  /** The node that is painted on. */
  let painting: number | undefined;

  const viewer = createViewer({
    commands,
    view: (request) => engine.view(request),
    sample: (request) => engine.sample(request),
    run,
    get busy() {
      return computing.busy;
    },
    others: () => allLayers(session.graph, definition),
    state: (id) => computing.of(id),
    dock: () => {},
    close: () => {},
  });
  const computing = new Computing({
    engine,
    titleOf,
    focus: () => {
      const request = focus.request();
      return request?.node === session.model.result ? request : undefined;
    },
    heard(event) {
      painter.hear(event);
      if (event.kind === "preview") {
        if (computing.busy) focus.show(event.region, event.view);
        else event.view.bitmap.close();
      } else if (event.kind === "finished" || event.kind === "cached" || event.kind === "failed") {
        if (event.node === session.model.result) show();
        viewer.refresh(event.node);
      } else if (event.kind === "notice") toasts.once(event.message);
    },
  });
  let focus = viewer.inView;

  // What is painted lies in the session; while a stroke is drawn, beside it.
  const painted = (id: number): PaintedNode | undefined => {
    const node = session.graph.nodes.find((one) => one.id === id);
    return (
      node && {
        properties: { ...node.properties, ...held },
        setProperty(name, value) {
          if (held) held = { ...held, [name]: value };
          else if (node.properties?.[name] !== value) session.set(id, { [name]: value });
        },
      }
    );
  };
  const painter = createPainter({
    commands,
    viewer,
    layers: (id) => paintLayersOf(session.graph, id, definition),
    node: painted,
    edit: (_, act) => act(),
    hold() {
      held = {};
    },
    release() {
      held = undefined;
    },
    auto: false,
    run,
    focus: (on) => {
      focus = on ?? viewer.inView;
    },
    wide: true,
    setWide: leavePainting, // it paints on the whole page or not at all
    say: (note) => {
      said.textContent = note;
    },
    fail: toasts.fail,
    leave: leavePainting,
  });

  function paint(node: number): void {
    if (!painter.open(node)) return;
    painting = node;
    root.classList.add("painting-wide");
    viewer.focus();
    // What is painted on is to be seen.
    if (computing.of(String(node)).key === undefined && !computing.busy) void computing.run(session.graph, String(node));
  }

  function leavePainting(): void {
    if (painting === undefined) return;
    painting = undefined;
    painter.close();
    root.classList.remove("painting-wide");
    show();
  }
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || painting === undefined || event.defaultPrevented || isCovered()) return;
      event.preventDefault();
      event.stopPropagation();
      leavePainting();
    },
    true,
  );

  /** The result once there is one. */
  function show(): void {
    const { result, layers, first } = session.model;
    const isThere = result !== undefined && computing.of(result).key !== undefined;
    if (painting === undefined) viewer.show(isThere ? layers : (first ?? layers));
  }

  function run(): void {
    clearTimeout(timer);
    const { result } = session.model;
    if (result === undefined) toasts.show("This graph gives no picture: open it in the editor and connect one.", "error");
    else void computing.run(session.graph, result).then(() => viewer.refresh());
  }

  function refreshPainter(restored: boolean): void {
    if (painting !== undefined && !painter.refresh(restored)) leavePainting();
  }

  function changed(): void {
    refreshPainter(false);
    show();
    clearTimeout(timer);
    timer = setTimeout(run, REST);
  }

  function stop(): void {
    clearTimeout(timer);
    computing.stop();
    viewer.refresh();
  }

  /** Keeps a file with the engine and sets it; false where that cannot be, which is said. */
  async function give(file: File | undefined, node: number, param: string, accept: string): Promise<boolean> {
    if (!file) return false;
    try {
      const ref = await engine.addFile(await bytesOf(file), file.name, { accept });
      session.set(node, { [param]: ref });
      return true;
    } catch (error) {
      toasts.fail(error);
      return false;
    }
  }

  async function takePicture(file: File | undefined): Promise<void> {
    const { photo } = session.model;
    if (!file || !photo) return;
    if (!(await give(file, photo.node, photo.param, photo.accept))) return;
    leavePainting();
    await anew();
    run();
  }

  async function take(files: readonly File[]): Promise<void> {
    if (!session.model.photo) return toasts.show("This app takes no photo.", "error");
    if (files.length > 1)
      toasts.show(`${files.length} files have come, and an app takes one photo: the editor runs several.`, "error");
    else await takePicture(files[0]);
  }

  /** Shows what is there of another photo: that photo, and no result of an earlier one. */
  async function anew(): Promise<void> {
    clearTimeout(timer);
    const forgotten = computing.forget(session.graph);
    show();
    await forgotten;
    viewer.refresh();
  }

  async function save(): Promise<void> {
    const { saving } = session.model;
    if (!saving) return toasts.show("This graph gives no picture that can be saved: open it in the editor.", "error");
    try {
      const { bytes, type } = await computing.encode(saving.graph, saving.node);
      const node = saving.graph.nodes.find(({ id }) => String(id) === saving.node);
      const parsed = parseGraph(saving.graph, definitions);
      const named = await nameOfPicture(parsed, saving.node, node?.properties?.name, session.model.title, engine);
      const name = pictureName(named, type);
      download(bytes as Uint8Array<ArrayBuffer>, type, name);
      toasts.show(`Saved: “${name}”`);
      viewer.refresh();
    } catch (error) {
      toasts.fail(error);
    }
  }

  const back = (step: () => void) => (): void => {
    const { photo } = session.model;
    const file = () => (photo ? JSON.stringify(session.graph.nodes.find(({ id }) => id === photo.node)?.properties) : "");
    const before = file();
    step();
    refreshPainter(true);
    if (file() === before) changed();
    else void anew().then(run);
  };
  commands.provide({
    "run.start": run,
    "run.stop": { run: stop, available: () => computing.busy },
    "edit.undo": { run: back(() => session.undo()), available: () => session.canUndo },
    "edit.redo": { run: back(() => session.redo()), available: () => session.canRedo },
    "file.picture": save,
    "file.save": save, // Ctrl+S: what there is to save here is the picture
  });
  listenToKeys(h("div"), commands); // there is no graph to be seen
  listenForPhotos(root, (files) => void take(files));

  // The page.
  const controls = createControls({
    session,
    set(node, values) {
      session.set(node, values);
      changed();
    },
    chooseFile: (node, param, accept) =>
      void choose(accept).then(async (file) => (await give(file, node, param, accept)) && changed()),
    paint,
  });
  const side = h("section", { class: "app-side params", "aria-label": "Settings" });
  const said = h("p", { class: "app-said", role: "status" });
  const bar = h("section", { class: "app-bar", "aria-label": "Run and save" });
  const look = button("look", "Light, dark or high contrast", () =>
    openMenu(
      look,
      lookMenu(settings.look, (to) => {
        themes.choose(to);
        settings.look = to;
        keep(settings);
      }),
      "Look",
    ),
  );
  const edit = h(
    "a",
    { class: "button", href: "#", "aria-label": "Open in the editor" },
    [h("span", { class: "app-wide" }, ["Open in the editor"]), h("span", { class: "app-narrow" }, ["Editor"])],
    {
      click: (event) => {
        try {
          edit.href = addressWith(session.graph, location.href, false);
        } catch (error) {
          event.preventDefault();
          toasts.fail(error);
        }
      },
    },
  );
  const { title, description } = session.model;
  root.classList.add("app");
  root.replaceChildren(
    h("header", { class: "app-head" }, [
      h("div", { class: "app-title" }, [h("h1", {}, [title]), h("p", {}, [description])]),
      edit,
      look,
    ]),
    side,
    viewer.element,
    bar,
    toasts.element,
  );
  document.title = title;

  const photoName = (): string => {
    const { photo } = session.model;
    const value = photo && session.graph.nodes.find(({ id }) => id === photo.node)?.properties?.[photo.param];
    const name = typeof value === "string" ? value : ((value as FileRef | null | undefined)?.name ?? "");
    return name.startsWith("sample:") ? "A sample: bring a photo of your own" : name;
  };
  const photo = (): TemplateResult | typeof nothing =>
    session.model.photo
      ? html`<div class="app-photo">
          <button type="button" class="button" @click=${() => void choosePhoto(session.model.photo!.accept).then(takePicture)}>
            Choose a photo…
          </button>
          ${hasCamera() ? html`<button type="button" class="button" @click=${() => void takePhoto().then(takePicture)}>Take a photo</button>` : nothing}
          <p>${photoName() || "No photo yet"}</p>
          ${hasCamera() ? nothing : html`<p class="app-hint">Or drop one here, or paste it.</p>`}
        </div>`
      : nothing;
  effect(() => {
    const step = (icon: TemplateResult | string, tip: string, on: boolean, id: "edit.undo" | "edit.redo") =>
      html`<button type="button" class="button small" title=${commands.tip(id, tip)} ?disabled=${!on} @click=${() => commands.run(id)}>${icon}</button>`;
    render(
      html`${photo()}${controls()}
        ${
          session.canUndo || session.canRedo
            ? html`<div class="app-steps">
                ${step("Undo", "Undo", session.canUndo, "edit.undo")}${step("Redo", "Redo", session.canRedo, "edit.redo")}
              </div>`
            : nothing
        }`,
      side,
    );
  });
  effect(() => {
    const { state, warnings } = computing;
    const running = state.kind === "running";
    const words = {
      idle: "",
      done: "Done",
      stopped: "Stopped: Run goes on where it was",
      failed: "",
      running: running ? progressText(state) : "",
    }[state.kind];
    render(
      html`${state.kind === "failed" ? html`<p class="param-problem" role="alert">${state.message}</p>` : nothing}
        ${running ? nothing : warnings.map((one) => html`<p class="param-warning">${one}</p>`)}
        <progress max="1" .value=${running ? state.fraction : state.kind === "done" ? 1 : 0} aria-label="Progress"></progress>
        <p class="app-state">${words}</p>
        <div class="app-buttons">
          ${
            running
              ? html`<button type="button" class="button app-stop" title=${commands.tip("run.stop", "Stop")} @click=${stop}>Cancel</button>`
              : html`<button type="button" class="button ${state.kind === "done" ? "" : "primary"} app-run" title=${commands.tip("run.start", "Run")} @click=${run}>Run</button>`
          }
          <button type="button" class="button ${state.kind === "done" ? "primary" : ""} app-save" title=${commands.tip("file.save", "Save the picture")}
            ?disabled=${running} @click=${() => void save()}>Save picture</button>
        </div>`,
      bar,
    );
  });
  show();
  void anew();
  return { session, computing, engine };
}
