/**
 * What a graph's app shows, in the editor: a mark beside each parameter and each node's name in the panel of parameters, and below
 * it the list of what is marked, in order.
 */
import { effect, signal } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { type AppMark, type AppMarks, isMarked, marksOf, toggleMark } from "../../graph/app";
import type { StoredGraph } from "../../graph/stored";
import { asRun } from "../../graph/wires";
import type { Commands } from "../commands/commands";
import { h } from "../dom";
import { ICONS, type IconName } from "../icons";
import { type Definitions, layersOf } from "../layers";
import type { Control } from "../params/controls";
import { typed } from "../params/typed";
import "./panel.css";

export interface AppPanelParts {
  readonly commands: Commands;
  stored(): StoredGraph;
  readonly definition: Definitions;
  titleOf(id: string): string;
  /** Changes what is marked, as one step of undo. */
  mark(marks: AppMarks): void;
  describe(text: string): void;
}

export interface AppPanel {
  readonly element: HTMLElement;
  /** Beside a node's name: its picture is the result. */
  head(node: LGraphNode): TemplateResult | undefined;
  /** Beside a parameter's: the app shows it. */
  beside(node: LGraphNode, control: Control): TemplateResult | undefined;
  /** The graph has changed. */
  changed(): void;
}

const drawing = (name: IconName): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS[name]}></path></svg>`;

export function createAppPanel({ commands, stored, definition, titleOf, mark, describe }: AppPanelParts): AppPanel {
  const version = signal(0);
  const list = h("div", { class: "app-marks" });
  const element = h("details", { class: "app-panel" }, [
    h("summary", { title: "A simple page of this graph, for people who want no graph" }, ["App"]),
    list,
  ]);
  element.addEventListener("toggle", () => version.value++);

  const marks = (): AppMarks | undefined => marksOf(stored());
  const ids = (): Set<number> => new Set(asRun(stored(), definition).nodes.map(({ id }) => id));
  const toggle = (one: AppMark): void => mark(toggleMark(marks(), one, ids()));
  const button = (icon: IconName, tip: string, act: () => void, pressed?: boolean, disabled = false): TemplateResult =>
    html`<button type="button" class="button icon-only app-mark" title=${tip} aria-label=${tip} ?disabled=${disabled}
      aria-pressed=${pressed === undefined ? nothing : String(pressed)} @click=${act}>${drawing(icon)}</button>`;

  function move(index: number, by: number): void {
    const { controls = [], ...others } = marks() ?? {};
    const order = [...controls];
    const [one] = order.splice(index, 1);
    if (one) order.splice(index + by, 0, one);
    mark({ ...others, controls: order });
  }

  effect(() => {
    if (version.value === 0 || !element.open) return;
    const graph = stored();
    const { controls = [], result } = marksOf(graph) ?? {};
    const here = ids();
    const { description } = (graph.extra.sftgan ?? {}) as { description?: string };
    const chosen = result !== undefined && here.has(result) ? result : undefined;
    render(
      html`<label>What it is for, in a line
          <input type="text" class="field" maxlength="200" .value=${typed(description ?? "")}
            @change=${(event: Event) => describe((event.currentTarget as HTMLInputElement).value)} /></label>
        <ul>
          ${controls.map((one, index) =>
            here.has(one.node)
              ? html`<li><span>${titleOf(String(one.node))}: ${one.param}</span>
                  ${button("down", "Further down", () => move(index, 1), undefined, index === controls.length - 1)}
                  ${button("close", `Leave ${one.param} out of the app`, () => toggle(one))}</li>`
              : nothing,
          )}
          ${
            chosen === undefined
              ? nothing
              : html`<li><span>Result: ${titleOf(String(chosen))}</span>
                  ${button("close", "Let the app choose the result", () => mark({ controls }))}</li>`
          }
        </ul>
        ${
          controls.length || chosen !== undefined
            ? nothing
            : html`<p class="param-help">Nothing is marked: it shows the photo, what is painted and the fine sliders. Select a node and mark what it is to show.</p>`
        }
        <div class="app-panel-buttons">
          <button type="button" class="button small" @click=${() => commands.run("app.open")}>Open as app</button>
          <button type="button" class="button small" @click=${() => commands.run("app.link")}>Copy link</button>
        </div>`,
      list,
    );
  });

  return {
    element,
    head(node) {
      const graph = stored();
      if (!layersOf(graph, node.id, definition)) return undefined;
      const on = marksOf(graph)?.result === node.id;
      const change = (): void => {
        const { controls = [] } = marks() ?? {};
        mark(on ? { controls } : { controls, result: node.id });
      };
      return button("picture", on ? "The app's result is this picture" : "Make this picture the app's result", change, on);
    },
    beside(node, { name, param, linked }) {
      if (linked !== undefined || (param.kind !== "file" && param.editor && param.editor !== "strokes")) return undefined;
      const one = { node: node.id, param: name };
      const on = isMarked(marks(), one);
      return button("app", on ? `The app shows ${name}` : `Show ${name} in the app`, () => toggle(one), on);
    },
    changed() {
      if (element.open) version.value++;
    },
  };
}
