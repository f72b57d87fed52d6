/** The native inputs of the panel, one template for each kind of parameter. */
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { Param } from "../../graph/node";
import { type Handle, handlesOf, moved, placeOf, type readCut } from "../../litegraph/widgets/bin-cut";
import { readNumber, stepOf } from "../../litegraph/widgets/parse";
import { type Control, fileNameOf } from "./controls";
import { typed } from "./typed";

/** What the fields do. */
export interface FieldActions {
  /** Sets parameters as one step of undo. */
  set(values: Readonly<Record<string, unknown>>): void;
  /** Says what is wrong with what was typed; undefined: nothing. */
  refuse(name: string, message: string | undefined): void;
  /** Lets the user choose a file for a parameter. */
  choose(name: string): void;
  /** Opens the place in which a value is edited. */
  open(name: string): void;
}

/** What opens that place. */
export interface PlaceButton {
  readonly label: string;
  readonly help: string;
}

type Typed = Event & { readonly currentTarget: HTMLInputElement & HTMLSelectElement };

/** `id` is the input's, for its label; `described` names what describes it. */
export function field(
  control: Control,
  id: string,
  described: string,
  actions: FieldActions,
  { place, cut }: { readonly place?: PlaceButton | undefined; readonly cut?: ReturnType<typeof readCut> | undefined },
): TemplateResult {
  const { name, param, value, kind, linked } = control;
  const disabled = linked !== undefined;
  const set = (to: unknown): void => actions.set({ [name]: to });
  const type = (event: Typed): void => {
    const read = readNumber(name, param, event.currentTarget.value);
    actions.refuse(name, "error" in read ? read.error : undefined);
    if ("value" in read && read.value !== value) set(read.value);
  };
  const slide = (event: Typed): void => {
    const to = Number(event.currentTarget.value); // before anything is rendered anew
    actions.refuse(name, undefined);
    set(to);
  };
  switch (kind) {
    case "range":
      return html`<span class="param-range">
        <input type="range" id=${id} aria-describedby=${described} min=${param.min!} max=${param.max!} step=${stepOf(param)}
          .value=${live(String(value))} ?disabled=${disabled} @input=${slide} />
        ${numberField(`${id}-number`, `${name}, as a number`)}
      </span>`;
    case "number":
      return numberField(id);
    case "choice":
      return html`<select class="field" id=${id} aria-describedby=${described} ?disabled=${disabled}
        @change=${(event: Typed) => set(event.currentTarget.value)}>
        ${(param.choices ?? []).map((choice) => html`<option value=${choice} .selected=${live(choice === value)}>${choice}</option>`)}
      </select>`;
    case "flag":
      return html`<input type="checkbox" role="switch" id=${id} aria-describedby=${described} ?disabled=${disabled}
        .checked=${live(value === true)} @change=${(event: Typed) => set(event.currentTarget.checked)} />`;
    case "file":
      return fileField();
    case "place":
      return placeButton();
    case "lines":
      return html`<textarea class="field" id=${id} aria-describedby=${described} rows="5" .value=${typed(String(value))}
        ?disabled=${disabled} @change=${(event: Typed) => event.currentTarget.value !== value && set(event.currentTarget.value)}></textarea>`;
    default:
      return html`<input type="text" class="field" id=${id} aria-describedby=${described} spellcheck="false"
          .value=${typed(String(value))} ?disabled=${disabled}
          placeholder=${kind === "bins" ? "even" : nothing}
          @change=${(event: Typed) => event.currentTarget.value !== value && set(event.currentTarget.value)} />
        ${kind === "bins" ? edges() : nothing}`;
  }

  function numberField(of: string, label?: string): TemplateResult {
    return html`<span class="param-number">
      <input type="text" inputmode="decimal" class="field" id=${of} aria-label=${label ?? nothing} aria-describedby=${described}
        .value=${typed(shownNumber(value))} ?disabled=${disabled} @change=${type} @keydown=${step} />
      ${param.unit ? html`<small>${param.unit}</small>` : nothing}
    </span>`;
  }

  /** Arrow keys go one step up or down. */
  function step(event: KeyboardEvent & Typed): void {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by === undefined || typeof value !== "number") return;
    event.preventDefault();
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = param;
    const to = Math.min(max, Math.max(min, value + by * stepOf(param)));
    if (to !== value) set(Number(to.toFixed(10)));
  }

  function fileField(): TemplateResult {
    const chosen = fileNameOf(value);
    const { shipped = [] } = param;
    const isShipped = chosen !== undefined && shipped.includes(chosen);
    const pick = (event: Typed): void => {
      const to = event.currentTarget.value;
      if (to !== "") set({ name: to });
    };
    return html`<span class="param-file">
      <span class="param-file-name" title=${chosen ?? ""}>${chosen ?? "no file yet"}</span>
      <button type="button" class="button small" id=${id} aria-describedby=${described} ?disabled=${disabled}
        @click=${() => actions.choose(name)}>Choose a file…</button>
      ${
        shipped.length
          ? html`<select class="field" aria-label=${`${name}: files that ship`} ?disabled=${disabled} @change=${pick}>
              <option value="" .selected=${live(!isShipped)}>or one that ships</option>
              ${shipped.map((file) => html`<option value=${file} .selected=${live(file === chosen)}>${file.replace(/^\w+:/, "")}</option>`)}
            </select>`
          : nothing
      }
      ${chosen !== undefined && param.default === null ? html`<button type="button" class="button small quiet" @click=${() => set(null)}>No file</button>` : nothing}
      ${place ? placeButton(`${id}-place`) : nothing}
    </span>`;
  }

  function placeButton(of = id): TemplateResult {
    return html`<button type="button" class="button small" id=${of} aria-label=${place?.label ?? "Edit"} aria-describedby=${described} title=${place?.help ?? ""}
      ?disabled=${!place} @click=${() => actions.open(name)}>${place?.label ?? "Edit"}</button>`;
  }

  /** A slider for each end and edge of the bins. */
  function edges(): TemplateResult | typeof nothing {
    if (cut === undefined) return nothing;
    if (typeof cut === "string") return html`<p class="param-help">${cut}</p>`;
    const nameOf = (handle: Handle): string =>
      typeof handle === "number" ? `${cut.bins[handle]!.name} up to ${cut.bins[handle + 1]!.name}` : handle;
    return html`${handlesOf(cut)
      .filter((handle) => typeof handle === "number")
      .map((handle) => {
        const at = placeOf(cut, handle);
        const move = (event: Typed): void => actions.set(moved(cut, handle, Number(event.currentTarget.value), control));
        return html`<label class="param-edge"><span>${nameOf(handle)}</span>
          <input type="range" min="0" max="1" step="0.005" .value=${live(String(at))} @input=${move} />
          <output>${at.toFixed(3)}</output></label>`;
      })}`;
  }
}

const shownNumber = (value: unknown): string =>
  typeof value === "number" ? String(Number(value.toPrecision(8))) : String(value);

/** What a person is told of a parameter, whatever is wrong with it: its help, and its range. */
export const rangeOf = ({ min, max, unit = "" }: Param): string =>
  min !== undefined && max !== undefined ? `${min} to ${max}${unit && ` ${unit}`}` : "";
