/** The painter's controls: tools, the eight classes, the brush, and what is shown below the colours. */
import { TOOLS } from "../../prior/strokes";
import { CLASSES } from "../../types";
import type { Commands } from "../commands/commands";
import { button, h } from "../dom";
import type { IconName } from "../icons";
import { type Brush, sizeToSlider, sliderToSize, withClass } from "./brush";
import { colourOf } from "./stroke-drawing";

export interface PaintBarState {
  readonly brush: Brush;
  readonly opacity: number;
  readonly base: "photo" | "result";
  readonly wide: boolean;
  readonly hasResult: boolean;
  /** There is something to clear. */
  readonly painted: boolean;
}

export interface PaintBarActions {
  change(brush: Partial<Brush>): void;
  opacity(to: number): void;
  base(to: "photo" | "result"): void;
  wide(): void;
  clear(): void;
  done(): void;
  /** A control has been used: the picture takes the keys again. */
  used(): void;
}

export interface PaintBar {
  readonly element: HTMLElement;
  update(state: PaintBarState): void;
}

const TOOL_NAMES = {
  brush: "Brush: paint the class",
  eraser: "Eraser: back to the predicted prior",
  fill: "Fill: the connected region under the pointer",
  lasso: "Lasso: what you draw a line round",
} as const;
const ICONS: Readonly<Record<(typeof TOOLS)[number], IconName>> = {
  brush: "brush",
  eraser: "eraser",
  fill: "fill",
  lasso: "lasso",
};

/** A slider with its name and its value beside it. */
function slider(name: string, tip: string, text: (at: number) => string, set: (at: number) => void, used: () => void) {
  const value = h("output", { class: "paint-value" });
  const input = h("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": name, class: "paint-slider" }, [], {
    input: () => set(Number(input.value)),
    change: used,
  });
  const element = h("label", { class: "paint-range", title: tip }, [h("span", {}, [name]), input, value]);
  return {
    element,
    update(at: number, shown = text(at)) {
      if (Number(input.value) !== at) input.value = String(at);
      input.setAttribute("aria-valuetext", shown);
      value.textContent = shown;
    },
  };
}

export function createPaintBar(actions: PaintBarActions, commands: Commands): PaintBar {
  let brush: Brush | undefined;
  const percent = (at: number): string => `${at} %`;
  const used = (act: () => void) => (): void => {
    act();
    actions.used();
  };
  const tools = TOOLS.map((tool) =>
    button(
      ICONS[tool],
      commands.tip(`paint.${tool}`, TOOL_NAMES[tool]),
      used(() => actions.change({ tool })),
    ),
  );
  const classes = CLASSES.map((name, label) =>
    h(
      "button",
      {
        type: "button",
        class: "paint-class",
        title: `${name} (${label})`,
        style: `--class: ${colourOf(label)}`,
      },
      [h("i", { "aria-hidden": "true" }, [String(label)]), h("span", {}, [name])],
      { click: used(() => brush && actions.change(withClass(brush, label))) },
    ),
  );
  const size = slider(
    "Size",
    "Brush size in picture pixels ([ and ])",
    String,
    (at) => actions.change({ size: sliderToSize(at) }),
    actions.used,
  );
  const hardness = slider(
    "Hardness",
    "How sharp the edge is (Shift [ and ])",
    percent,
    (at) => actions.change({ hardness: at / 100 }),
    actions.used,
  );
  const strength = slider(
    "Strength",
    "How far the class replaces what was there",
    percent,
    (at) => actions.change({ strength: at / 100 }),
    actions.used,
  );
  const colours = slider(
    "Colours",
    "Opacity of the class colours over the picture",
    percent,
    (at) => actions.opacity(at / 100),
    actions.used,
  );
  const photo = button(
    undefined,
    "Paint over the photo",
    used(() => actions.base("photo")),
    "Photo",
    "small",
  );
  const result = button(
    undefined,
    "Paint over the result",
    used(() => actions.base("result")),
    "Result",
    "small",
  );
  const clear = button(
    undefined,
    "Take all strokes away",
    used(() => actions.clear()),
    "Clear",
    "small quiet",
  );
  const wide = button(
    "expand",
    "Paint on the whole page",
    used(() => actions.wide()),
  );
  const done = button(undefined, "Back to the graph", () => actions.done(), "Done", "small primary");
  const element = h("div", { class: "paint-bar", role: "toolbar", "aria-label": "Paint" }, [
    h("div", { class: "paint-row" }, [
      h("div", { class: "paint-group", role: "group", "aria-label": "Tool" }, tools),
      h("div", { class: "paint-group paint-ranges" }, [size.element, hardness.element, strength.element]),
      h("span", { class: "spacer" }),
      h("div", { class: "paint-group paint-base", role: "group", "aria-label": "Below the colours" }, [
        photo,
        result,
        colours.element,
      ]),
    ]),
    h("div", { class: "paint-row" }, [
      h("div", { class: "paint-group paint-classes", role: "group", "aria-label": "Class" }, classes),
      h("span", { class: "spacer" }),
      h("div", { class: "paint-group" }, [clear, wide, done]),
    ]),
  ]);

  return {
    element,
    update(state) {
      brush = state.brush;
      const { tool, label } = brush;
      for (const [i, name] of TOOLS.entries()) tools[i]!.setAttribute("aria-pressed", String(name === tool));
      for (const [i, one] of classes.entries()) one.setAttribute("aria-pressed", String(i === label && tool !== "eraser"));
      const round = tool === "brush" || tool === "eraser";
      size.element.classList.toggle("unused", !round);
      hardness.element.classList.toggle("unused", !round);
      size.update(sizeToSlider(brush.size), `${brush.size} px`);
      hardness.update(Math.round(100 * brush.hardness));
      strength.update(Math.round(100 * brush.strength));
      colours.update(Math.round(100 * state.opacity));
      photo.setAttribute("aria-pressed", String(state.base === "photo"));
      result.setAttribute("aria-pressed", String(state.base === "result"));
      for (const one of [photo, result]) one.hidden = !state.hasResult;
      clear.disabled = !state.painted;
      wide.setAttribute("aria-pressed", String(state.wide));
      done.hidden = !state.wide;
    },
  };
}
