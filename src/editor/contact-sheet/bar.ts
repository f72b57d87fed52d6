/** The contact sheet's controls: where the crop lies, what a click does, and what is in use. */
import { button, h } from "../dom";

export interface SheetBarState {
  /** A click uses the prior in one region only. */
  readonly regional: boolean;
  readonly wide: boolean;
  /** What is handed on, in words. */
  readonly inUse: string;
  /** What is shown, in words, where that is less than was asked for. */
  readonly clipped: string | undefined;
  /** Some regions have a prior of their own. */
  readonly hasRegions: boolean;
}

export interface SheetBarActions {
  regional(on: boolean): void;
  clear(): void;
  fit(): void;
  wide(): void;
  done(): void;
}

export function createSheetBar(overview: HTMLElement, actions: SheetBarActions) {
  const everywhere = button(
    undefined,
    "A click uses the prior for the whole picture",
    () => actions.regional(false),
    "Everywhere",
    "small",
  );
  const region = button(
    undefined,
    "A click uses the prior in the region under the pointer only (or Alt-click)",
    () => actions.regional(true),
    "This region",
    "small",
  );
  const inUse = h("output", { class: "sheet-in-use", "aria-label": "In use" });
  const clipped = h("span", { class: "sheet-caption", role: "status" });
  const clear = button(
    undefined,
    "The prior in use becomes that of every region",
    () => actions.clear(),
    "Clear regions",
    "small quiet",
  );
  const fit = button("fit", "Fit the crop (0)", () => actions.fit());
  const wide = button("expand", "Compare on the whole page", () => actions.wide());
  const done = button(undefined, "Back to the graph", () => actions.done(), "Done", "small primary");
  const element = h("div", { class: "sheet-bar", role: "toolbar", "aria-label": "Contact sheet" }, [
    overview,
    h("div", { class: "sheet-controls" }, [
      h("div", { class: "sheet-group", role: "group", "aria-label": "A click uses a prior" }, [
        h("span", { class: "sheet-caption" }, ["A click uses a prior"]),
        everywhere,
        region,
      ]),
      h("div", { class: "sheet-group" }, [inUse, clear, clipped]),
    ]),
    h("span", { class: "spacer" }),
    h("div", { class: "sheet-group" }, [fit, wide, done]),
  ]);
  return {
    element,
    update({ regional, wide: isWide, inUse: text, clipped: shown, hasRegions }: SheetBarState): void {
      everywhere.setAttribute("aria-pressed", String(!regional));
      region.setAttribute("aria-pressed", String(regional));
      inUse.textContent = text;
      clipped.textContent = shown ?? "";
      clipped.hidden = !shown;
      clear.disabled = !hasRegions;
      wide.setAttribute("aria-pressed", String(isWide));
      done.hidden = !isWide;
    },
  };
}
