/** A parameter with its name, its control, its help, and what is wrong with its value. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Control } from "./controls";
import { type FieldActions, field, rangeOf } from "./fields";

/** `id` is the control's; `typed`: what is wrong with what was typed and not taken; `beside` stands beside the name. */
export function paramRow(
  control: Control,
  id: string,
  typed: string | undefined,
  actions: FieldActions,
  more: Parameters<typeof field>[4],
  beside?: TemplateResult,
): TemplateResult {
  const { name, param, kind, linked } = control;
  const described = `${id}-help`;
  const problem = typed ?? control.problem;
  const range = rangeOf(param);
  return html`<div class="param ${kind === "flag" ? "param-flag" : ""}">
    <span class="param-name"><label for=${id}>${name}</label>${beside ?? nothing}</span>
    ${field(control, id, described, actions, more)}
    <p class="param-help" id=${described}>${[linked === undefined ? "" : `fed by ${linked}: `, param.help, range && ` (${range})`].join("")}</p>
    ${problem ? html`<p class="param-problem" role="alert">${problem}</p>` : nothing}
  </div>`;
}
