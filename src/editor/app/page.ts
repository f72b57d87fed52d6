/**
 * A graph as a simple page: a photo in, the parameters that are marked, the result beside the photo, saved. Puts the page together;
 * it is given its engine, and knows no litegraph.
 */
import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import type { Engine, EngineEvent } from "../../browser/protocol";
import type { AnySchema, FileRef } from "../../graph/node";
import type { StoredGraph } from "../../graph/stored";
import { Commands } from "../commands/commands";
import { listenToKeys } from "../commands/keys";
import { h } from "../dom";
import { allLayers } from "../layers";
import { Outlook } from "../long-runs/outlook";
import type { Settings } from "../settings";
import type { Themes } from "../theme/page-look";
import type { Toasts } from "../toasts";
import { createViewer } from "../viewer/viewer";
import { createBar } from "./bar";
import { Computing } from "./computing";
import { Consent } from "./consent";
import { createControls } from "./controls";
import { createHead } from "./head";
import { createIntake } from "./intake";
import { createPainting } from "./painting";
import { photoBitmap } from "./photo-bitmap";
import { createRunning } from "./running";
import { savePicture } from "./saving";
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

export function createApp({ root, graph, definitions, engine, toasts, settings, themes, keep }: AppParts): AppHandle {
  const session = new AppSession(graph, definitions);
  const definition = (type: string): AnySchema | undefined => definitions.find((one) => one.type === type);
  const titleOf = (id: string): string => {
    const node = session.graph.nodes.find((one) => String(one.id) === id);
    return node?.title || (node && definition(node.type)?.title) || "Save";
  };
  const commands = new Commands(settings.keys);
  const said = h("p", { class: "visually-hidden", role: "status" });

  const viewer = createViewer({
    commands,
    view: (request) => engine.view(request),
    sample: (request) => engine.sample(request),
    run: () => running.start(),
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
      const request = painting.focus();
      return request?.node === session.model.result ? request : undefined;
    },
    onEvent: hear,
  });
  const consent = new Consent(new Outlook({ engine, definitions: definition }));
  const running = createRunning({ session, computing, consent, viewer, toasts, show });
  const painting = createPainting({
    root,
    session,
    commands,
    viewer,
    definition,
    run: running.run,
    began: running.glimpse,
    ended: show,
    say: (note) => {
      said.textContent = note;
    },
    fail: toasts.fail,
  });
  const intake = createIntake({
    root,
    session,
    engine,
    toasts,
    coming: (file) => viewer.poster(photoBitmap(file)),
    onGiven(isSet) {
      if (!isSet) {
        viewer.poster(undefined);
        return;
      }
      painting.close();
      void running.anew().then(running.run);
    },
  });

  function hear(event: EngineEvent): void {
    painting.hear(event);
    consent.hear(event, session.graph, () => computing.busy);
    if (event.kind === "preview") {
      if (computing.busy) painting.preview(event.region, event.view);
      else event.view.bitmap.close();
    } else if (event.kind === "finished" || event.kind === "cached" || event.kind === "failed") {
      if (event.node === session.model.result) show();
      viewer.refresh(event.node);
    } else if (event.kind === "notice") toasts.once(event.message);
  }

  /** The result once there is one. */
  function show(): void {
    const { result, layers, first } = session.model;
    const isThere = result !== undefined && computing.of(result).key !== undefined;
    if (!painting.isOpen) viewer.show(isThere ? layers : (first ?? layers));
  }

  /** The photo at once, before the engine has it. */
  function showPhoto(): void {
    const { photo, first } = session.model;
    if (!photo || first?.after[0]?.node !== String(photo.node)) return; // a part of it is shown
    const node = session.graph.nodes.find(({ id }) => id === photo.node);
    viewer.poster(photoBitmap(node?.properties?.[photo.param] as FileRef | null | undefined));
  }

  function changed(): void {
    painting.refresh(false);
    running.changed();
  }

  const save = (): void => {
    savePicture(session, computing, engine).then((name) => {
      toasts.show(`Saved: “${name}”`);
      viewer.refresh();
    }, toasts.fail);
  };

  const back = (step: () => void) => (): void => {
    const { photo } = session.model;
    const file = () => (photo ? JSON.stringify(session.graph.nodes.find(({ id }) => id === photo.node)?.properties) : "");
    const before = file();
    step();
    painting.refresh(true);
    if (file() === before) {
      running.changed();
      return;
    }
    showPhoto();
    void running.anew().then(running.run);
  };
  commands.provide({
    "run.start": running.start,
    "run.stop": { run: running.stop, available: () => computing.busy },
    "edit.undo": { run: back(() => session.undo()), available: () => session.canUndo },
    "edit.redo": { run: back(() => session.redo()), available: () => session.canRedo },
    "file.picture": save,
    "file.save": save, // Ctrl+S: what there is to save here is the picture
  });
  listenToKeys(h("div"), commands); // there is no graph to be seen

  const controls = createControls({
    session,
    set(node, values) {
      session.set(node, values);
      changed();
    },
    chooseFile: (...place) => void intake.choose(...place).then((isSet) => isSet && changed()),
    paint: painting.open,
  });
  const side = h("section", { class: "app-side params", "aria-label": "Settings" });
  effect(() => {
    const step = (label: "Undo" | "Redo", on: boolean, id: "edit.undo" | "edit.redo") =>
      html`<button type="button" class="button small" title=${commands.tip(id, label)} ?disabled=${!on} @click=${() => commands.run(id)}>${label}</button>`;
    const { canUndo, canRedo } = session;
    const steps = html`<div class="app-steps">${step("Undo", canUndo, "edit.undo")}${step("Redo", canRedo, "edit.redo")}</div>`;
    render(html`${intake.template()}${controls()}${canUndo || canRedo ? steps : nothing}`, side);
  });

  root.classList.add("app");
  root.setAttribute("role", "main");
  root.replaceChildren(
    createHead({ session, settings, themes, toasts, keep }),
    side,
    viewer.element,
    createBar({ computing, consent, running, commands, save }),
    toasts.element,
    said,
  );
  document.title = session.model.title;
  show();
  showPhoto();
  void running.anew();
  return { session, computing, engine };
}
