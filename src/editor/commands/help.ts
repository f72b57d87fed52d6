/** The list of keys and gestures, where keys are changed too. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit-html";
import { h } from "../dom";
import { drawInto, iconOf } from "../render";
import type { Bindings } from "./bindings";
import { chordsOf, keyText, onMac } from "./chord";
import "./help.css";
import { COMMAND_IDS, type CommandId, infoOf, type Place } from "./table";

interface Section {
  readonly heading: string;
  readonly places: readonly Place[];
  /** What is done otherwise than by a command's keys. */
  readonly gestures: readonly (readonly [what: string, how: string])[];
}

const SECTIONS: readonly Section[] = [
  {
    heading: "Page and graph",
    places: ["anywhere", "page", "graph"],
    gestures: [
      ["Add a node", "Double-click"],
      ["Move the view", "Drag the background, Space+Drag"],
      ["Zoom", "Wheel"],
      ["Select several", "Ctrl+Drag, Shift+Click"],
      ["Copy nodes", "Alt+Drag"],
      ["Copy, cut, paste", "Ctrl+C, X, V"],
      ["Paste with the wires into it", "Ctrl+Shift+V"],
      ["Put a node on a wire", "Drag it there"],
      ["Rename a node or a group", "Double-click its title"],
      ["Load a picture", "Drop or paste it"],
    ],
  },
  {
    heading: "Large view",
    places: ["view"],
    gestures: [
      ["Zoom", "Wheel"],
      ["Move the picture", "Drag, arrows"],
      ["Read a pixel", "Point at it, Shift+Arrows"],
    ],
  },
  {
    heading: "Painting",
    places: ["paint"],
    gestures: [
      ["Take the class from the picture", "Alt+Click"],
      ["Move the picture", "Space+Drag"],
      ["Drop the stroke, leave the whole page", "Esc"],
    ],
  },
  {
    heading: "Contact sheet",
    places: ["sheet"],
    gestures: [
      ["Next cell", "Arrows"],
      ["Use a cell; in one region, or everywhere", "Click; Alt+Click"],
      ["Move in the cells", "Drag, Shift+Arrows"],
      ["Move the crop, on the photo", "Drag, arrows"],
      ["Leave the whole page", "Esc"],
    ],
  },
  { heading: "Takes", places: ["take"], gestures: [["Next take", "Arrows"]] },
];

const gestureText = (text: string): string => (onMac ? text.replaceAll("Ctrl+", "⌘").replaceAll("Shift+", "⇧") : text);

export function openHelp(bindings: Bindings): void {
  /** The command whose keys are waited for. */
  const waiting = signal<CommandId | undefined>(undefined);
  const message = signal("");
  /** Another command's keys, which are taken from it when they are pressed once more. */
  let disputed = "";

  const wait = (id: CommandId): void => {
    disputed = "";
    waiting.value = id;
    message.value = `Press the keys for “${infoOf(id).label}”. Esc leaves them as they are.`;
  };
  const rest = (said = ""): void => {
    const id = waiting.value;
    waiting.value = undefined;
    message.value = said;
    if (id) dialog.querySelector<HTMLElement>(`[data-command="${id}"]`)?.focus();
  };

  function press(event: KeyboardEvent): void {
    event.stopPropagation();
    const id = waiting.value;
    if (!id) return;
    event.preventDefault();
    if (event.key === "Escape") {
      rest();
      return;
    }
    const [chord] = chordsOf(event);
    if (!chord) return;
    const keys = keyText(chord);
    const refusal = bindings.refusal(chord);
    if (refusal) {
      message.value = `${refusal}.`;
      return;
    }
    const other = bindings.conflict(id, chord);
    if (other && disputed !== chord) {
      disputed = chord;
      message.value = `${keys} is “${infoOf(other).label}”. Press it again to take it from there.`;
      return;
    }
    bindings.set(id, chord);
    rest(
      other
        ? `${keys} is “${infoOf(id).label}” now, and “${infoOf(other).label}” has no such key.`
        : `${keys} is “${infoOf(id).label}” now.`,
    );
  }

  const row = (id: CommandId): TemplateResult => {
    const { label } = infoOf(id);
    const keys = bindings.text(id, true);
    const asks = waiting.value === id;
    const shown = asks ? "Press keys…" : keys || "no keys";
    return html`<div class="help-row">
      <span>${label}</span>
      ${
        bindings.isOwn(id)
          ? html`<button type="button" class="button icon-only quiet" title="Reset the keys of ${label}" aria-label="Reset the keys of ${label}"
              @click=${() => {
                bindings.reset(id);
                rest(`“${label}” has its own keys again.`);
              }}>${iconOf("undo")}</button>`
          : nothing
      }
      <button type="button" class="help-keys" data-command=${id} aria-pressed=${String(asks)} title="Change the keys of ${label}"
        aria-label="${label}: ${shown}. Change" @click=${() => wait(id)}>${shown}</button>
    </div>`;
  };

  const dialog = h("dialog", { class: "help-dialog", "aria-label": "Keys and gestures" });
  const end = drawInto(
    dialog,
    () => html`<header class="panel-header">
        <h2>Keys and gestures</h2>
        <p role="status">${message.value || "Click keys to change them."}</p>
        ${
          bindings.anyOwn
            ? html`<button type="button" class="button small" @click=${() => {
                bindings.reset();
                rest("All commands have their own keys again.");
              }}>Reset all</button>`
            : nothing
        }
        <button type="button" class="button icon-only" title="Close" aria-label="Close" @click=${() => dialog.close()}>${iconOf("close")}</button>
      </header>
      <div class="help-sections">
        ${SECTIONS.map(
          ({ heading, places, gestures }) =>
            html`<section>
              <h3>${heading}</h3>
              ${COMMAND_IDS.filter((id) => places.includes(infoOf(id).place)).map(row)}
              ${gestures.map(
                ([what, how]) => html`<div class="help-row"><span>${what}</span><kbd>${gestureText(how)}</kbd></div>`,
              )}
            </section>`,
        )}
      </div>`,
  );
  dialog.addEventListener("keydown", press);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    end();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}
