/** The widget for each kind of parameter. */
import type { IWidget } from "../host";
import { paramEditor } from "../overrides";
import { binsWidget } from "./bins";
import { buttonWidget } from "./button";
import { choiceWidget } from "./choice";
import { fileWidget } from "./file";
import { flagWidget } from "./flag";
import { numberWidget } from "./number";
import { textWidget } from "./text";
import type { Place } from "./widget";

const WIDGETS = { number: numberWidget, choice: choiceWidget, flag: flagWidget, text: textWidget, file: fileWidget } as const;

/** Undefined for a value that is edited in a place of its own, where the page has none. */
export function widgetFor(place: Place): IWidget | undefined {
  const { host, node, name, param } = place;
  if (param.bins) return binsWidget(place);
  if (!param.editor) return WIDGETS[param.kind](place);
  const own = paramEditor(host, param.editor);
  return own && buttonWidget(host, own.label, own.help, () => own.open(node, name));
}
