/** The graph's place on the page: its canvas, what is said while it is empty, and the buttons that zoom it. */
import { readyCard } from "./cards/cards";
import type { Commands } from "./commands/commands";
import { button, h } from "./dom";
import type { ReadyGraph } from "./graphs";

export interface Stage {
  readonly element: HTMLElement;
  readonly surface: HTMLCanvasElement;
  /** Says that the graph is empty. */
  empty(on: boolean): void;
  /** The graph has changed: another one is given the keys. */
  changed(replaced?: boolean): void;
}

/** Ready graphs that are offered while there is none. */
const OFFERED = 3;

export function createStage(commands: Commands, ready: readonly ReadyGraph[], open: (one: ReadyGraph) => void): Stage {
  const surface = h("canvas", {
    class: "graph-canvas",
    role: "application",
    "aria-label": "Graph. Double-click adds a node, the right button opens a menu.",
  });
  const offers = (): HTMLElement[] => ready.slice(0, OFFERED).map((one) => readyCard(one, () => open(one)));
  const cards = h("div", { class: "cards" });
  const hint = h("div", { class: "graph-empty", hidden: true }, [
    h("strong", {}, ["This graph is empty"]),
    h("p", {}, ["Double-click or double-tap to add a node, drop a picture, or start from a ready graph."]),
    cards,
    h("div", { class: "graph-empty-buttons" }, [
      button(undefined, "Ready graphs and recent ones", () => commands.run("file.graphs"), "All ready graphs…"),
    ]),
  ]);
  const zoom = h("div", { class: "zoom-buttons" }, [
    button("plus", "Zoom in", () => commands.run("graph.zoomIn")),
    button("minus", "Zoom out", () => commands.run("graph.zoomOut")),
    button("fit", commands.tip("graph.showAll"), () => commands.run("graph.showAll")),
  ]);
  return {
    element: h("section", { class: "stage", "aria-label": "Graph" }, [surface, hint, zoom]),
    surface,
    empty(on) {
      if (on && hint.hidden) cards.replaceChildren(...offers()); // in the colours of the day
      hint.hidden = !on;
    },
    changed(replaced) {
      if (replaced) surface.focus({ preventScroll: true });
    },
  };
}
