/**
 * Panels are templates of signals: `drawInto` draws one into its element, and anew whenever a signal that it reads changes. Styles
 * are set as properties (`.style=${…}`): the page's Content-Security-Policy lets nothing written as an attribute style it.
 */
import { effect } from "@preact/signals-core";
import { html, render, type TemplateResult } from "lit-html";
import { ICONS, type IconName } from "./icons";

/** Returns what ends it. */
export const drawInto = (element: HTMLElement, template: () => TemplateResult): (() => void) =>
  effect(() => {
    render(template(), element);
  });

/** A decorative drawing; the control around it carries the name. */
export const iconOf = (name: IconName): TemplateResult =>
  html`<svg class="icon icon-${name}" viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS[name]}></path></svg>`;
