/** The panel of several photos: what is to be done with them, all of them with their states, and how far the batch is. */

import { aboutText } from "../../time-text";
import { button, h } from "../dom";
import type { Batch } from "./batch";
import { countOf, type Photo } from "./photo";
import { createRow, type Row, type RowActions } from "./row";
import { createThumbs } from "./thumbs";

export interface PanelActions extends RowActions {
  choose(what: "files" | "folder"): void;
  run(to: "zip" | "folder"): void;
  pause(): void;
  resume(): void;
  stop(): void;
  clear(): void;
  close(): void;
  /** Hands over what an earlier page has computed. */
  saveDone(): void;
}

export interface Panel {
  readonly element: HTMLElement;
  /** Shows the list as it is now. */
  list(): void;
  photo(photo: Photo): void;
  /** What the graph does with the photos, or why it can do nothing with them. */
  graph(words: string, isReady: boolean): void;
  /** So many results of an earlier page wait to be handed over. */
  unsaved(count: number): void;
}

/** `hasFolders`: the browser lets pages write to folders. */
export function createPanel(batch: Batch, actions: PanelActions, hasFolders: boolean): Panel {
  const thumbs = createThumbs();
  const rows = new Map<Photo, Row>();
  let isReady = false;
  let unsavedCount = 0;

  const what = h("p", { class: "batch-graph" });
  const zip = button(
    "save",
    "Runs the graph for each photo; results come as a .zip",
    () => actions.run("zip"),
    "Run, as .zip",
    "primary",
  );
  const folder = button(
    "open",
    "Runs the graph for each photo; each result is written into a folder as soon as it is made, and replaces nothing there",
    () => actions.run("folder"),
    "Run, into a folder…",
  );
  const pause = button("pause", "Stops for now; the photo at work goes on where it was", () => actions.pause(), "Pause");
  const resume = button("run", "Goes on", () => actions.resume(), "Go on", "primary");
  const stop = button("close", "Ends the batch; what is done is handed over", () => actions.stop(), "Stop");
  const save = button(
    "save",
    "The results that were computed before the page was loaded again",
    () => actions.saveDone(),
    "Save",
  );
  const clear = button(undefined, "Takes all photos off the list", () => actions.clear(), "Clear", "small quiet");
  const bar = h("progress", { class: "batch-bar", max: 1, value: 0, "aria-label": "Photos done" });
  const summary = h("p", { class: "batch-summary", role: "status" });
  const left = h("span", { class: "batch-left" });
  const list = h("ul", { class: "batch-list", role: "list", "aria-label": "Photos" });
  const empty = h("p", { class: "empty" }, [
    "Drop photos here, or choose them: each is run through the graph as it is when you start.",
  ]);
  const element = h("section", { class: "batch", "aria-label": "Several photos", hidden: true }, [
    h("header", { class: "panel-header" }, [
      h("h2", {}, ["Photos"]),
      h("span", { class: "spacer" }),
      button("plus", "Add photos", () => actions.choose("files"), "Photos…", "small"),
      button("open", "Add all pictures in a folder and in those inside it", () => actions.choose("folder"), "Folder…", "small"),
      clear,
      button("close", "Hide the photos; a batch goes on", () => actions.close()),
    ]),
    what,
    h("div", { class: "batch-actions" }, [zip, folder, save, resume, pause, stop]),
    bar,
    h("div", { class: "batch-count" }, [summary, left]),
    empty,
    list,
  ]);

  const all = (): HTMLElement[] => [...rows.values()].map((row) => row.element);
  list.addEventListener("keydown", (event) => {
    const elements = all();
    const at = elements.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: elements.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    elements[Math.max(0, Math.min(to, elements.length - 1))]?.focus();
  });
  list.addEventListener("focusin", (event) => reach(event.target as Node));

  /** Tab comes to one row: the one that had the focus last. */
  function reach(target?: Node): void {
    const elements = all();
    const one = elements.find((row) => target && row.contains(target)) ?? elements[0];
    for (const row of elements) {
      row.tabIndex = row === one ? 0 : -1;
      for (const control of row.querySelectorAll("button")) control.tabIndex = row === one ? 0 : -1;
    }
  }

  function summarise(): void {
    const { photos, phase } = batch;
    const { waiting, done, failed } = countOf(photos);
    const parts = [`${done} of ${photos.length} done`, failed > 0 && `${failed} failed`, phase === "paused" && "paused"];
    const text = photos.length ? parts.filter(Boolean).join(", ") : "";
    if (summary.textContent !== text) summary.textContent = text; // or it would be read out again
    const ms = phase === "running" ? batch.timeLeft : undefined;
    left.textContent = ms === undefined ? "" : `${aboutText(ms)} left`;
    const now = photos.find(({ state }) => state.kind === "running")?.state;
    bar.value = photos.length ? (done + failed + (now?.kind === "running" ? now.fraction : 0)) / photos.length : 0;
    const readable = photos.filter(({ refusal }) => !refusal).length;
    const count = waiting + failed - (photos.length - readable) || readable;
    const named = count < readable ? `Run ${count} more` : count > 1 ? `Run all ${count}` : "Run";
    zip.querySelector("span")!.textContent = `${named}, as .zip`;
    folder.querySelector("span")!.textContent = `${named}, into a folder…`;
    for (const start of [zip, folder]) start.disabled = !readable || !isReady;
    zip.hidden = phase !== "idle";
    folder.hidden = phase !== "idle" || !hasFolders;
    save.hidden = phase !== "idle" || unsavedCount === 0;
    save.querySelector("span")!.textContent = `Save the ${unsavedCount} done, as .zip`;
    pause.hidden = phase !== "running";
    resume.hidden = phase !== "paused";
    stop.hidden = phase === "idle";
    clear.hidden = phase !== "idle" || !photos.length;
    bar.hidden = phase === "idle" && !(done + failed);
    empty.hidden = photos.length > 0;
  }

  return {
    element,
    list() {
      const { photos } = batch;
      const kept = new Set(photos);
      const elements = all();
      const focused = elements.findIndex((row) => row.contains(document.activeElement));
      for (const [photo, row] of rows)
        if (!kept.has(photo)) {
          thumbs.forget(row.canvas);
          row.element.remove();
          rows.delete(photo);
        }
      for (const photo of photos) {
        if (rows.has(photo)) continue;
        const row = createRow(photo, actions);
        rows.set(photo, row);
        list.append(row.element);
        thumbs.watch(row.canvas, photo.file);
      }
      for (const row of rows.values()) row.update();
      const now = all();
      if (focused >= 0 && !element.contains(document.activeElement)) now[Math.min(focused, now.length - 1)]?.focus();
      reach(document.activeElement ?? undefined);
      summarise();
    },
    photo(photo) {
      rows.get(photo)?.update();
      summarise();
    },
    graph(words, ready) {
      isReady = ready;
      what.textContent = words;
      what.classList.toggle("wrong", !ready);
      summarise();
    },
    unsaved(count) {
      unsavedCount = count;
      summarise();
    },
  };
}
