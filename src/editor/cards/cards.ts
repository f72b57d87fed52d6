/** Ready graphs, those of other tabs and days: a dialog of cards, each with a picture of what it gives, or of the graph itself. */
import { readGraph } from "../../graph/clean";
import type { StoredGraph } from "../../graph/stored";
import type { Autosave } from "../autosave";
import { button, h } from "../dom";
import type { FileImport } from "../file-import";
import type { ReadyGraph } from "../graphs";
import type { Toasts } from "../toasts";
import "./cards.css";
import { sketchOf } from "./sketch";

const PICTURE = { width: 264, height: 160 } as const;
const SKETCH = { width: 264, height: 56 } as const;

/** Addresses of pictures by the graph's name: see scripts/graph-cards.mjs. */
const pictures: ReadonlyMap<string, string> = new Map(
  Object.entries(import.meta.glob<string>("../../../graphs/cards/*.webp", { query: "?url", import: "default", eager: true })).map(
    ([path, url]) => [path.replace(/^.*\/|\.webp$/g, ""), url],
  ),
);

interface Card {
  readonly title: string;
  readonly detail: string;
  readonly graph: StoredGraph;
  /** The name of a ready graph, which has a picture. */
  readonly name?: string;
}

/** A button with a picture; `tall` shows the picture of the result above the sketch. */
export function cardOf({ title, detail, graph, name }: Card, open: () => void): HTMLButtonElement {
  const picture = name === undefined ? undefined : pictures.get(name);
  return h(
    "button",
    { type: "button", class: "graph-card" },
    [
      picture && h("img", { src: picture, alt: "", loading: "lazy", ...PICTURE }),
      sketchOf(graph, SKETCH.width, picture ? SKETCH.height : PICTURE.height),
      h("strong", {}, [title]),
      h("small", {}, [detail]),
    ],
    { click: open },
  );
}

export const readyCard = ({ name, title, description, graph }: ReadyGraph, open: () => void): HTMLButtonElement =>
  cardOf({ name, title, detail: description, graph }, open);

export interface CardParts {
  readonly ready: readonly ReadyGraph[];
  openReady(one: ReadyGraph): void;
  readonly autosave: Autosave;
  readonly fileImport: FileImport;
  readonly toasts: Toasts;
}

export async function openCards({ ready, openReady, autosave, fileImport, toasts }: CardParts): Promise<void> {
  const recent = await autosave.recent();
  const dialog = h("dialog", { class: "cards-dialog", "aria-label": "Graphs" });
  const open = (act: () => void) => (): void => {
    dialog.close();
    act();
  };
  const readable = recent.flatMap(({ title, time, text }) => {
    try {
      return [{ title, detail: new Date(time).toLocaleString(), graph: readGraph(text), text }];
    } catch {
      return [];
    }
  });
  dialog.append(
    h("header", { class: "panel-header" }, [
      h("h2", {}, ["Ready graphs"]),
      h("span", { class: "spacer" }),
      button("close", "Close", () => dialog.close()),
    ]),
    h(
      "div",
      { class: "cards" },
      ready.map((one) =>
        readyCard(
          one,
          open(() => openReady(one)),
        ),
      ),
    ),
  );
  if (readable.length)
    dialog.append(
      h("h3", {}, ["From other tabs and days"]),
      h(
        "div",
        { class: "cards" },
        readable.map((one) =>
          cardOf(
            one,
            open(() => void toasts.attempt(() => fileImport.openGraph(readGraph(one.text), one.title))),
          ),
        ),
      ),
    );
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const cards = [...dialog.querySelectorAll<HTMLElement>(".graph-card")];
    const at = cards.indexOf(document.activeElement as HTMLElement);
    const columns = cards.filter(({ offsetTop }) => offsetTop === cards[0]!.offsetTop).length;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (by === undefined || at < 0) return;
    event.preventDefault();
    cards[Math.max(0, Math.min(cards.length - 1, at + by))]?.focus();
  });
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector<HTMLElement>(".graph-card")?.focus();
}
