/** The panel of takes, a strip below the graph: what to keep and as what, the takes side by side, and their export. */
import { LONGEST_NAME } from "../../graph/takes";
import type { Commands } from "../commands/commands";
import { button, h } from "../dom";
import { type Card, type CardActions, createCard } from "./card";
import type { Look } from "./computing";
import type { Offer } from "./keeping";

export interface PanelActions {
  keep(offer: Offer | undefined, name: string): void;
  export(): void;
  /** Computes what failed or was stopped. */
  compute(): void;
  close(): void;
  take(key: string): CardActions;
}

export interface Shown {
  readonly key: string;
  readonly name: string;
}

export interface Panel {
  readonly element: HTMLElement;
  /** Lists these takes; the focus stays where it was. */
  list(takes: readonly Shown[], problems: readonly string[]): void;
  /** What can be kept, the likeliest first, and what it would be called. */
  offer(offers: readonly Offer[]): void;
  look(key: string, look: Look): void;
  sides(a: string | undefined, b: string | undefined): void;
  /** What the buttons at the left can do; `busy` says what is being exported. */
  state(state: { readonly unfinished: boolean; readonly busy: string | undefined }): void;
  /** Brings a take into view, and the focus to it where that is in the panel. */
  reveal(key: string): void;
}

export function createPanel(actions: PanelActions, commands: Commands): Panel {
  let cards = new Map<string, Card>();
  let offers: readonly Offer[] = [];
  let shown = "";

  const name = h("input", {
    class: "field",
    "aria-label": "Name of the take to keep",
    title: "Name of the take; left empty it is called as shown",
    maxlength: LONGEST_NAME,
    spellcheck: "false",
    autocomplete: "off",
  });
  const which = h("select", { class: "field", "aria-label": "Result to keep", title: "Which result to keep" });
  const keep = h(
    "button",
    { class: "button primary small", title: commands.tip("takes.keep", "Keep the result and its prior as a take") },
    ["Keep this"],
  );
  const form = h("form", { class: "takes-keep" }, [which, name, keep], {
    submit: (event) => {
      event.preventDefault();
      actions.keep(offers[which.selectedIndex], name.value);
      name.value = "";
    },
  });
  which.addEventListener("change", () => {
    name.placeholder = offers[which.selectedIndex]?.name ?? "";
  });
  const compute = button("run", "Compute the takes that failed or were stopped", actions.compute, "Compute", "small");
  const save = button(
    "save",
    "Export all takes: pictures of results and priors, and one JSON, as a .zip",
    actions.export,
    "Export",
    "small",
  );
  const note = h("p", { class: "takes-note", role: "status" });
  const list = h("div", { class: "takes-list", role: "list", "aria-label": "Takes" });
  const empty = h("p", { class: "empty", role: "listitem" }, [
    "No takes yet. Keep this result, change the prior, keep the next one: then compare any two under the slider.",
  ]);
  const element = h("section", { class: "takes", "aria-label": "Takes", hidden: true }, [
    h("div", { class: "takes-head" }, [
      h("header", { class: "panel-header" }, [
        h("h2", {}, ["Takes"]),
        h("span", { class: "spacer" }),
        compute,
        save,
        button("close", commands.tip("takes.toggle", "Hide the takes"), actions.close),
      ]),
      form,
      note,
    ]),
    list,
  ]);

  list.addEventListener("keydown", (event) => {
    const all = [...cards.values()].map((card) => card.element);
    const at = all.indexOf(event.target as HTMLElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(to, all.length - 1))]?.focus();
  });
  list.addEventListener("focusin", (event) => {
    for (const { element } of cards.values()) element.tabIndex = element.contains(event.target as Node) ? 0 : -1;
  });

  return {
    element,
    list(takes, problems) {
      note.textContent = problems.join(" ");
      note.title = note.textContent;
      const now = JSON.stringify(takes);
      if (now === shown) return;
      shown = now;
      const before = [...cards.values()].findIndex((card) => card.element.contains(document.activeElement));
      cards = new Map(
        takes.map(({ key, name }, i) => [
          key,
          createCard(name, `take ${i + 1} of ${takes.length}`, LONGEST_NAME, actions.take(key), commands),
        ]),
      );
      const all = [...cards.values()].map((card) => card.element);
      list.replaceChildren(...(all.length ? all : [empty]));
      if (all[0]) all[0].tabIndex = 0;
      if (before >= 0) (all[Math.min(before, all.length - 1)] ?? name).focus();
    },
    offer(offered) {
      const chosen = offers[which.selectedIndex];
      offers = offered;
      which.replaceChildren(...offered.map((offer) => h("option", {}, [`${offer.title} · ${offer.name}`])));
      const again = offered.findIndex(({ id, output }) => id === chosen?.id && output === chosen.output);
      which.selectedIndex = document.activeElement === which && again >= 0 ? again : 0;
      which.hidden = offered.length < 2;
      keep.disabled = !offered.length;
      name.disabled = !offered.length;
      name.placeholder = offered[Math.max(0, which.selectedIndex)]?.name ?? "Nothing to keep yet";
    },
    look: (key, look) => cards.get(key)?.look(look),
    sides(a, b) {
      for (const [key, card] of cards) card.sides(key === a, key === b);
    },
    state({ unfinished, busy }) {
      compute.hidden = !unfinished;
      save.disabled = busy !== undefined || !cards.size;
      if (busy !== undefined) note.textContent = busy;
    },
    reveal(key) {
      const card = cards.get(key)?.element;
      card?.scrollIntoView({ block: "nearest", inline: "nearest" });
      if (element.contains(document.activeElement)) card?.focus({ preventScroll: true });
    },
  };
}
