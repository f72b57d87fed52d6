/** What the colours in the large view stand for: bars with numbers, and names. A button hides and shows it. */
import { legendText, ticksOf } from "../../image/legend";
import { COLOUR_MAPS } from "../../image/palette";
import type { ColourBar, ColourKey, Legend } from "../../types";
import { button, h } from "../dom";
import "./legend.css";

export interface LegendView {
  /** Lies over the picture. */
  readonly element: HTMLElement;
  /** For the view's header; hidden while there is nothing to say. */
  readonly button: HTMLButtonElement;
  /** Says what these stand for, each once. */
  show(legends: readonly (Legend | undefined)[]): void;
}

export function createLegendView(): LegendView {
  let wanted = true;
  let said = "[]";
  const element = h("div", { class: "viewer-legend", role: "group", "aria-label": "What the colours stand for", hidden: true });
  const toggle = button("legend", "Show or hide what the colours stand for", () => {
    wanted = !wanted;
    update();
  });
  function update(): void {
    element.hidden = !wanted || said === "[]";
    toggle.hidden = said === "[]";
    toggle.setAttribute("aria-pressed", String(wanted));
  }
  update();
  return {
    element,
    button: toggle,
    show(legends) {
      const once = new Map(legends.filter((legend) => legend !== undefined).map((legend) => [JSON.stringify(legend), legend]));
      const text = JSON.stringify([...once.keys()]);
      if (text === said) return;
      said = text;
      element.replaceChildren(...[...once.values()].map((legend) => (legend.kind === "bar" ? barOf(legend) : keyOf(legend))));
      update();
    },
  };
}

function barOf(bar: ColourBar): HTMLElement {
  const colours = COLOUR_MAPS[bar.map].map((hex) => `#${hex}`);
  const fill = bar.low < bar.high ? `linear-gradient(to right, ${colours.join(", ")})` : colours[(colours.length - 1) >> 1];
  const ticks = ticksOf(bar).map(({ at, text }) => h("span", { style: `left: ${100 * at}%` }, [text]));
  return h("figure", { class: "viewer-bar", role: "img", "aria-label": legendText(bar) }, [
    h("figcaption", {}, [bar.label]),
    h("div", { class: "viewer-bar-colours", style: `background: ${fill}` }),
    h("div", { class: "viewer-bar-ticks" }, ticks),
  ]);
}

const keyOf = ({ entries }: ColourKey): HTMLElement =>
  h(
    "ul",
    { class: "viewer-key" },
    entries.map(({ name, colour }) => h("li", {}, [h("i", { style: `background: rgb(${colour.join(" ")})` }), name])),
  );
