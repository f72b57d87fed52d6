/**
 * The panel of parameters: full-size controls of the selected node beside the graph, which are also the way to them without a
 * pointer, and what is wrong with the node, in full.
 */
import { effect, signal } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import { type LGraphNode, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import type { AnySchema } from "../../graph/node";
import type { LiteGraphHost } from "../../litegraph/host";
import { paramEditor } from "../../litegraph/overrides";
import { stateOf } from "../../litegraph/state";
import { readCut } from "../../litegraph/widgets/bin-cut";
import { takeFile } from "../../litegraph/widgets/file";
import { h } from "../dom";
import { choose } from "../files";
import { type Control, controlsOf } from "./controls";
import { paramRow } from "./row";
import "./params.css";

export interface ParamPanelParts {
  /** The node that is shown; undefined for none, or several. */
  selected(): LGraphNode | undefined;
  definition(node: LGraphNode): AnySchema | undefined;
  titleOf(id: string): string;
  /** Sets parameters of a node as one step of undo; the same ones again shortly after belong to that step. */
  set(node: LGraphNode, values: Readonly<Record<string, unknown>>): void;
  /** Beside the node's name, and beside that of one of its parameters. */
  head?(node: LGraphNode): TemplateResult | undefined;
  beside?(node: LGraphNode, control: Control): TemplateResult | undefined;
}

export interface ParamPanel {
  readonly element: HTMLElement;
  /** The selection, the graph or the state of a node has changed: shown with the next frame. */
  refresh(): void;
  /** Gives the first control the keys, once it is there; Esc gives them back to what had them. */
  focus(): void;
}

const host = LiteGraph as unknown as LiteGraphHost;

export function createParamPanel(parts: ParamPanelParts): ParamPanel {
  const element = h("section", { class: "params", "aria-label": "Parameters", tabindex: -1 });
  /** Counts changes. */
  const version = signal(0);
  /** What was typed and not taken, by parameter, of the node with that id. */
  const refused = signal<{ readonly node: number | undefined; readonly messages: Readonly<Record<string, string>> }>({
    node: undefined,
    messages: {},
  });
  let queued = false;

  effect(() => {
    const node = version.value > 0 ? parts.selected() : undefined; // once the page is put together
    const definition = node && parts.definition(node);
    const messages = node && refused.value.node === node.id ? refused.value.messages : {};
    element.hidden = !node || !definition;
    render(node && definition ? panel(node, definition, messages) : nothing, element);
  });

  function panel(node: LGraphNode, definition: AnySchema, messages: Readonly<Record<string, string>>): TemplateResult {
    const { phase, error, warnings, summary } = stateOf(node);
    const feeder = (name: string): string | undefined => {
      const link = (node.inputs ?? []).find((slot) => slot.name === name)?.link;
      const origin = link === null || link === undefined ? undefined : node.graph?.links[link]?.origin_id;
      return origin === undefined ? undefined : parts.titleOf(String(origin));
    };
    const controls = controlsOf({ properties: node.properties, feeder }, definition);
    return html`<header><h3>${node.getTitle()}</h3>${summary && phase === "finished" ? html`<small>${summary}</small>` : nothing}${parts.head?.(node) ?? nothing}</header>
      ${phase === "failed" && error ? html`<p class="param-problem" role="alert">${error}</p>` : nothing}
      ${phase === "finished" && warnings ? warnings.map((one) => html`<p class="param-warning">${one}</p>`) : nothing}
      ${controls.map((control) => row(node, control, messages[control.name]))}
      ${controls.length ? nothing : html`<p class="param-help">It has no parameters.</p>`}`;
  }

  function row(node: LGraphNode, control: Control, typed: string | undefined): TemplateResult {
    const { name, param, kind } = control;
    const id = `param-${node.id}-${name}`;
    const own = param.editor && paramEditor(host, param.editor);
    const cut = kind === "bins" ? readCut({ host, node, name, param } as unknown as Parameters<typeof readCut>[0]) : undefined;
    const refuse = (of: string, message: string | undefined): void => {
      if (message === undefined && typed === undefined) return; // what is rendered for nothing loses what is being dragged
      const { [of]: _, ...others } = refused.value.node === node.id ? refused.value.messages : {};
      refused.value = { node: node.id, messages: message === undefined ? others : { ...others, [of]: message } };
    };
    const actions = {
      set: (values: Readonly<Record<string, unknown>>) => parts.set(node, values),
      refuse,
      choose: () => void choose(param.accept ?? "").then((file) => file && takeFile(node as never, name, file)),
      open: () => own?.open(node as never, name),
    };
    return paramRow(control, id, typed, actions, { place: own, cut }, parts.beside?.(node, control));
  }

  let returnTo: HTMLElement | undefined;
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !returnTo) return;
    returnTo.focus({ preventScroll: true });
    returnTo = undefined;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    refresh() {
      if (queued) return;
      queued = true;
      requestAnimationFrame(() => {
        queued = false;
        version.value++;
      });
    },
    focus() {
      returnTo = document.activeElement as HTMLElement;
      version.value++;
      const control = element.querySelector<HTMLElement>(".param :is(input, select, textarea, button:not(.app-mark)):enabled");
      (control ?? element).focus();
    },
  };
}
