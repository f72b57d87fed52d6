/** The panels: which are open, where the large view stands, how large it is. Kept from visit to visit. */
import { h } from "./dom";
import { type Settings, storeSettings } from "./settings";

export interface Layout {
  /** The bar between graph and large view. */
  readonly splitter: HTMLElement;
  change(change: Partial<Settings>): void;
}

/** Smallest large view, and what it leaves of the graph, in CSS pixels. */
const LEAST = 180;
const REST = 240;
const KEY_STEP = 24;

/** Writes the settings to `root`, for the style sheet. `onChange` is called after every change. */
export function createLayout(root: HTMLElement, settings: Settings, onChange: (change: Partial<Settings>) => void): Layout {
  const splitter = h("div", { class: "splitter", role: "separator", tabindex: 0, "aria-label": "Size of the large view" });
  splitter.setAttribute("aria-valuemin", String(LEAST));

  function change(to: Partial<Settings>): void {
    Object.assign(settings, to);
    storeSettings(settings);
    root.classList.toggle("no-list", !settings.list);
    root.classList.toggle("no-viewer", !settings.viewer);
    root.dataset.dock = settings.dock;
    root.style.setProperty("--viewer-size", `${settings[settings.dock]}px`);
    splitter.setAttribute("aria-valuenow", String(settings[settings.dock]));
    splitter.setAttribute("aria-orientation", settings.dock === "right" ? "vertical" : "horizontal");
    onChange(to);
  }

  function resize(size: number): void {
    const body = splitter.parentElement!.getBoundingClientRect();
    const most = (settings.dock === "right" ? body.width : body.height) - REST;
    change({ [settings.dock]: Math.round(Math.max(LEAST, Math.min(most, size))) });
  }

  splitter.addEventListener("pointerdown", (event) => {
    splitter.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  splitter.addEventListener("pointermove", (event) => {
    if (!splitter.hasPointerCapture(event.pointerId)) return;
    const body = splitter.parentElement!.getBoundingClientRect();
    resize(settings.dock === "right" ? body.right - event.clientX : body.bottom - event.clientY);
  });
  splitter.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: 1, ArrowUp: 1, ArrowRight: -1, ArrowDown: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    resize(settings[settings.dock] + by * KEY_STEP);
  });

  return { splitter, change };
}
