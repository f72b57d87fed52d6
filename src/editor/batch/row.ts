/** A photo in the list: its small picture, its name, and how far it is. */

import { timeText } from "../../time-text";
import { button, bytesText, h } from "../dom";
import type { Photo, PhotoState } from "./photo";

export interface RowActions {
  /** Gives the graph this photo, for its own runs. */
  use(photo: Photo): void;
  remove(photo: Photo): void;
}

export interface Row {
  readonly element: HTMLLIElement;
  readonly canvas: HTMLCanvasElement;
  update(): void;
}

export function createRow(photo: Photo, actions: RowActions): Row {
  const canvas = h("canvas", { class: "photo-thumb", width: 1, height: 1, "aria-hidden": "true" });
  const state = h("span", { class: "photo-state" });
  const bar = h("progress", { class: "photo-bar", max: 1, value: 0, "aria-hidden": "true" });
  const use = button("picture", `Use ${photo.path} in the graph (Enter)`, () => actions.use(photo));
  const remove = button("close", `Take ${photo.path} off the list (Delete)`, () => actions.remove(photo));
  for (const control of [use, remove]) control.tabIndex = -1; // reached by the row's keys; the arrows lead from row to row
  const element = h(
    "li",
    { class: "photo", tabindex: -1 },
    [canvas, h("div", { class: "photo-words" }, [h("span", { class: "photo-name" }, [photo.path]), state, bar]), use, remove],
    {
      keydown: (event) => {
        if (event.target !== element) return;
        if (event.key === "Enter") actions.use(photo);
        else if (event.key === "Delete" || event.key === "Backspace") actions.remove(photo);
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
    },
  );
  return {
    element,
    canvas,
    update() {
      const text = stateText(photo.state);
      element.dataset.state = photo.state.kind;
      element.title = photo.path;
      element.setAttribute("aria-label", `${photo.path}: ${text}`);
      state.textContent = text;
      bar.hidden = photo.state.kind !== "running";
      if (photo.state.kind === "running") bar.value = photo.state.fraction;
      remove.disabled = photo.state.kind === "running";
    },
  };
}

/** "Waiting", "40 %: Upsample", "960 × 640, 2.1 MB, 12.0 s: alps.png", or what is wrong. */
export function stateText(state: PhotoState): string {
  switch (state.kind) {
    case "waiting":
      return "Waiting";
    case "running":
      return [`${Math.floor(100 * state.fraction)} %`, state.at].filter(Boolean).join(": ");
    case "done": {
      const facts = [state.size, bytesText(state.bytes), timeText(state.ms)].filter(Boolean).join(", ");
      return [`${facts}: ${state.name}`, ...state.warnings].join("; ");
    }
    case "failed":
      return `Failed: ${state.message}`;
  }
}
