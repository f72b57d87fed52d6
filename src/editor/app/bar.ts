/** An app's foot: how far a run is, what is to be said of it, and the buttons that run, stop and save. Drawn on signals. */
import { effect } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import { aboutText } from "../../time-text";
import type { Commands } from "../commands/commands";
import { h } from "../dom";
import type { AppState, Computing } from "./computing";
import type { Consent } from "./consent";
import type { Running } from "./running";

export interface BarParts {
  readonly computing: Computing;
  readonly consent: Consent;
  readonly running: Running;
  readonly commands: Commands;
  save(): void;
}

/** "40 %: Upsample, about 2 min left" */
const progressText = ({ fraction, at, left }: Extract<AppState, { kind: "running" }>): string => {
  const text = [`${Math.floor(100 * fraction)} %`, at].filter(Boolean).join(": ");
  return left !== undefined && left > 3000 ? `${text}, ${aboutText(left)} left` : text;
};

const stateText = (state: AppState): string => {
  if (state.kind === "running") return progressText(state);
  return { idle: "", failed: "", done: "Done", stopped: "Stopped: Run goes on where it was" }[state.kind];
};

export function createBar({ computing, consent, running, commands, save }: BarParts): HTMLElement {
  const element = h("section", { class: "app-bar", "aria-label": "Run and save" });

  const asked = (): TemplateResult | typeof nothing => {
    const { question } = consent;
    if (!question) return nothing;
    return html`<div class="app-question" role="status">
      <p>${question.text}</p>
      ${question.remedies.map(
        (remedy) =>
          html`<button type="button" class="button small" title="Can be undone" @click=${() => running.shorten(remedy)}>
            ${remedy.label} · ${aboutText(remedy.ms)}
          </button>`,
      )}
    </div>`;
  };
  // One button, so that it keeps the focus while a run begins and ends.
  const runButton = (isRunning: boolean, isDone: boolean): TemplateResult => {
    const id = isRunning ? "run.stop" : "run.start";
    const label = isRunning ? "Cancel" : consent.question?.waits ? "Run anyway" : "Run";
    return html`<button type="button" class="button ${isRunning || isDone ? "" : "primary"} app-run"
      title=${commands.tip(id, isRunning ? "Stop" : "Run")} @click=${isRunning ? running.stop : running.start}>${label}</button>`;
  };

  effect(() => {
    const { state, warnings } = computing;
    const isRunning = state.kind === "running";
    const isDone = state.kind === "done";
    render(
      html`${state.kind === "failed" ? html`<p class="param-problem" role="alert">${state.message}</p>` : nothing}
        ${isRunning ? nothing : warnings.map((one) => html`<p class="param-warning">${one}</p>`)}
        ${asked()}
        <progress max="1" .value=${isRunning ? state.fraction : isDone ? 1 : 0} aria-label="Progress"></progress>
        <p class="app-state">${stateText(state)}</p>
        <div class="app-buttons">
          ${runButton(isRunning, isDone)}
          <button type="button" class="button ${isDone ? "primary" : ""} app-save" title=${commands.tip("file.save", "Save the picture")}
            ?disabled=${isRunning} @click=${save}>Save picture</button>
        </div>`,
      element,
    );
  });
  return element;
}
