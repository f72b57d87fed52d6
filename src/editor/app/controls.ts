/** An app's controls: the marked parameters by node, each as in the editor's panel; undo and redo. Drawn by lit-html on the session. */
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit-html";
import { readCut } from "../../litegraph/widgets/bin-cut";
import { type Control, controlsOf } from "../params/controls";
import { paramRow } from "../params/row";
import type { AppGroup } from "./model";
import type { AppSession } from "./session";

export interface ControlsParts {
  readonly session: AppSession;
  set(node: number, values: Readonly<Record<string, unknown>>): void;
  chooseFile(node: number, param: string, accept: string): void;
  paint(node: number): void;
}

const PAINTED = "say with a brush what each region shows";

/** A function that renders what there is now; what it reads are signals. */
export function createControls({ session, set, chooseFile, paint }: ControlsParts): () => TemplateResult {
  /** What was typed and not taken, by node and parameter. */
  const refused = signal<Readonly<Record<string, string>>>({});

  function row({ node }: AppGroup, control: Control): TemplateResult {
    const { name, param, kind } = control;
    const id = `param-${node.id}-${name}`;
    const place = { host: undefined, node, name, param } as unknown as Parameters<typeof readCut>[0];
    const actions = {
      set: (values: Readonly<Record<string, unknown>>) => set(node.id, values),
      refuse(_: string, message: string | undefined) {
        if (message === undefined && refused.value[id] === undefined) return;
        const { [id]: __, ...others } = refused.value;
        refused.value = message === undefined ? others : { ...others, [id]: message };
      },
      choose: () => chooseFile(node.id, name, param.accept ?? ""),
      open: () => paint(node.id),
    };
    const isPainted = param.editor === "strokes";
    // What a parameter says of itself may speak of the node.
    const shown = isPainted ? { ...control, param: { ...param, help: PAINTED } } : control;
    return paramRow(shown, id, refused.value[id], actions, {
      place: isPainted ? { label: "Paint", help: PAINTED } : undefined,
      cut: kind === "bins" ? readCut(place) : undefined,
    });
  }

  function group(one: AppGroup): TemplateResult | typeof nothing {
    const definition = session.definitions.find(({ type }) => type === one.node.type);
    if (!definition) return nothing;
    const all = controlsOf({ properties: one.node.properties ?? {}, feeder: () => undefined }, definition);
    const shown = one.params.flatMap((name) => all.filter((control) => control.name === name));
    return html`<fieldset class="app-group"><legend>${one.title}</legend>${shown.map((control) => row(one, control))}</fieldset>`;
  }

  return () => html`${session.model.groups.map(group)}`;
}
