/** The bar below the large view: how large the picture is shown, and what lies under the pointer or where keys read it. */
import type { Sample } from "../../types";
import { keepTyped } from "../commands/keys";
import { button, h } from "../dom";
import type { Point } from "../pointers";
import { zoomOf, zoomText } from "./geometry";
import { levelOf, sampleText } from "./readout";

/** Screen pixels for each picture pixel that a click sets. */
const ZOOMS = [1, 2, 4];

export interface Footer {
  readonly element: HTMLElement;
  /** The zoom; undefined without a picture. */
  zoom(scale: number | undefined): void;
  /** The pixel that is read. */
  place(pixel: Point | undefined): void;
  /** What it holds. */
  sample(sample: Sample | undefined): void;
  hint(text: string): void;
}

/** `zoomTo` is called with the screen pixels to show for each picture pixel; `leave` gives the picture the keys again. */
export function createFooter(zoomTo: (scale: number) => void, leave: () => void): Footer {
  let scale: number | undefined;
  const field = h(
    "input",
    {
      class: "viewer-zoom",
      type: "text",
      inputmode: "decimal",
      spellcheck: "false",
      autocomplete: "off",
      "aria-label": "Zoom in percent",
      title: "Screen pixels for each picture pixel, in percent",
    },
    [],
    {
      focus: () => field.select(),
      blur: () => write(),
      change: () => {
        const typed = zoomOf(field.value);
        if (typed !== undefined) zoomTo(typed);
        write();
      },
      keydown: (event) => {
        keepTyped(event);
        if (event.key === "Escape") field.value = scale === undefined ? "" : zoomText(scale);
        if (event.key === "Enter" || event.key === "Escape") leave();
      },
    },
  );
  const zooms = ZOOMS.map((one) =>
    button(undefined, `Show the picture at ${100 * one} % (${one})`, () => zoomTo(one), `${100 * one}`, "text-only"),
  );
  const place = h("span", { class: "viewer-place" });
  const swatch = h("i", { class: "viewer-swatch", hidden: true });
  const values = h("output", { class: "viewer-sample", "aria-label": "Values of the pixel" });
  const hint = h("span", { class: "viewer-hint" });

  function write(): void {
    if (document.activeElement !== field || scale === undefined) field.value = scale === undefined ? "" : zoomText(scale);
    for (const control of [field, ...zooms]) control.disabled = scale === undefined;
    zooms.forEach((control, i) => {
      control.setAttribute("aria-pressed", String(scale === ZOOMS[i]));
    });
  }
  write();

  return {
    element: h("footer", { class: "viewer-footer" }, [field, ...zooms, place, swatch, values, hint]),
    zoom(now) {
      if (now === scale) return;
      scale = now;
      write();
    },
    place(pixel) {
      place.textContent = pixel ? `x ${pixel.x}  y ${pixel.y}` : "";
    },
    sample(sample) {
      values.textContent = sample ? sampleText(sample) : "";
      const isColour = sample?.type === "image";
      swatch.hidden = !isColour;
      if (isColour) swatch.style.background = `rgb(${sample.values.map(levelOf).join(" ")})`;
    },
    hint(text) {
      hint.textContent = text;
      hint.title = text;
    },
  };
}
