/** The divider between before and after in the large view: a slider over the picture, with a name on either side. */
import { h } from "../dom";

export interface Divider {
  /** To be laid over the picture, which their parent is as large as. */
  readonly elements: readonly HTMLElement[];
  /** How much of the width is before, from 0 to 1. */
  readonly split: number;
  /** Names of before and after; undefined hides it all. */
  update(names: readonly [string, string] | undefined): void;
}

/** `onChange` is called when `split` has changed, and is to update. */
export function createDivider(onChange: () => void): Divider {
  let split = 0.5;
  const before = h("span", { class: "viewer-tag before" });
  const after = h("span", { class: "viewer-tag after" });
  const handle = h("div", {
    class: "viewer-divider",
    role: "slider",
    tabindex: 0,
    "aria-label": "Before and after",
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    hidden: true,
  });

  function move(to: number): void {
    split = Math.min(1, Math.max(0, to));
    onChange();
  }

  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
    handle.focus({ preventScroll: true });
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const { left, width } = handle.parentElement!.getBoundingClientRect();
    move((event.clientX - left) / Math.max(1, width));
  });
  handle.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowLeft: -0.02, ArrowRight: 0.02, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 }[event.key];
    if (by === undefined) return;
    move(split + by);
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    elements: [before, after, handle],
    get split() {
      return split;
    },
    update(names) {
      for (const element of this.elements) element.hidden = !names;
      before.textContent = names?.[0] ?? "";
      after.textContent = names?.[1] ?? "";
      handle.style.left = `${split * 100}%`;
      handle.setAttribute("aria-valuenow", String(Math.round(split * 100)));
      handle.setAttribute("aria-valuetext", `${Math.round(split * 100)} % before`);
    },
  };
}
