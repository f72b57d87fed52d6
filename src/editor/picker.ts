/** One of many, found by typing: nodes to add on the canvas, and the palette of all that can be done. Keyboard first. */
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { h } from "./dom";
import { placePopover } from "./menu";
import { type Findable, ranked } from "./ranking";
import { drawInto } from "./render";

export interface Choice extends Findable {
  /** A second line, smaller. */
  readonly detail?: string;
  /** Keys or another remark at the right. */
  readonly hint?: string;
  /** A dot in this style stands before it. */
  readonly dot?: string;
  pick(): void;
}

/** Rows at once. */
const SHOWN = 9;

let close: (() => void) | undefined;

/**
 * Opens at a point of the page, or in its upper middle. `hint` says what is looked for. A click beside it, or Escape, closes it,
 * and what had the focus has it again.
 */
export function openPicker(at: { x: number; y: number } | undefined, hint: string, choices: readonly Choice[]): void {
  close?.();
  const returnTo = document.activeElement as HTMLElement | null;
  const query = signal("");
  const chosen = signal(0);
  const box = h("div", { class: `search-box${at ? "" : " palette"}`, role: "dialog", "aria-label": hint });

  const found = (): readonly Choice[] => ranked(choices, query.value, (choice) => choice);
  const shut = (): void => {
    close = undefined;
    end();
    box.remove();
    document.removeEventListener("pointerdown", outside, true);
    returnTo?.focus({ preventScroll: true });
  };
  const outside = ({ target }: Event): void => {
    if (target instanceof Node && !box.contains(target)) shut();
  };
  const take = (choice: Choice | undefined): void => {
    shut();
    choice?.pick();
  };
  const type = (event: Event): void => {
    query.value = (event.target as HTMLInputElement).value;
    chosen.value = 0;
  };

  const end = drawInto(box, () => {
    const all = found();
    const here = Math.min(chosen.value, Math.max(0, all.length - 1));
    const first = Math.max(0, Math.min(here - SHOWN + 1, all.length - SHOWN));
    return html`<input
        type="text"
        class="field"
        placeholder=${hint}
        aria-label=${hint}
        role="combobox"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls="search-results"
        aria-activedescendant=${all.length ? `search-${here}` : nothing}
        spellcheck="false"
        autocomplete="off"
        @input=${type}
      />
      <div id="search-results" role="listbox" aria-label=${hint}>
        ${all.slice(first, first + SHOWN).map((choice, i) => {
          const index = first + i;
          return html`<div
            class="node-entry ${index === here ? "chosen" : ""}"
            role="option"
            id="search-${index}"
            aria-selected=${String(index === here)}
            aria-setsize=${all.length}
            aria-posinset=${index + 1}
            @click=${() => take(choice)}
          >
            ${choice.dot ? html`<i class="dot" .style=${choice.dot}></i>` : nothing}
            <span>${choice.title}${choice.detail ? html`<small>${choice.detail}</small>` : nothing}</span>
            ${choice.hint ? html`<kbd>${choice.hint}</kbd>` : nothing}
          </div>`;
        })}
      </div>
      ${all.length ? nothing : html`<p class="empty" role="status">Nothing matches.</p>`}`;
  });

  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    const all = found();
    const go = { ArrowDown: 1, ArrowUp: -1, PageDown: SHOWN, PageUp: -SHOWN }[event.key];
    if (go !== undefined) chosen.value = Math.max(0, Math.min(all.length - 1, chosen.value + go));
    else if (event.key === "Enter") take(all[chosen.value]);
    else if (event.key === "Escape" || event.key === "Tab") shut();
    else return;
    event.preventDefault();
  });
  placePopover(box, at && { x: at.x - 20, y: at.y - 20 });
  close = shut;
  const focus = (): void => box.querySelector("input")?.focus();
  focus();
  // Once more after the press that opened it: litegraph focuses its canvas then. Keys may have closed it by that time.
  setTimeout(() => {
    if (close !== shut) return;
    focus();
    document.addEventListener("pointerdown", outside, true);
  });
}
