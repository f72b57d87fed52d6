/** The widget for each kind of parameter. */
import type { IWidget } from "../host";
import { paramEditor } from "../overrides";
import { binsWidget } from "./bins";
import { buttonWidget } from "./button";
import { choiceWidget } from "./choice";
import { fileWidget } from "./file";
import { flagWidget } from "./flag";
import { linesWidget } from "./lines";
import { numberWidget } from "./number";
import { textWidget } from "./text";
import type { Place } from "./widget";

const WIDGETS = { number: numberWidget, choice: choiceWidget, flag: flagWidget, text: textWidget, file: fileWidget } as const;

/** Undefined for a text that is edited in a place of its own, where the page has none. */
export function widgetFor(place: Place): IWidget | undefined {
  const { param } = place;
  if (param.lines) return linesWidget(place);
  if (param.bins) return binsWidget(place);
  return param.editor && param.kind !== "file" ? editorButton(place) : WIDGETS[param.kind](place);
}

/** What opens the page's own editor of a parameter; undefined where the page has none. */
export function editorButton({ host, node, name, param }: Place): IWidget | undefined {
  const own = param.editor && paramEditor(host, param.editor);
  return own && buttonWidget(host, own.label, own.help, () => own.open(node, name));
}
