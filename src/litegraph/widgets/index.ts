/** The widget for each kind of parameter. */
import type { IWidget } from "../host";
import { choiceWidget } from "./choice";
import { fileWidget } from "./file";
import { flagWidget } from "./flag";
import { numberWidget } from "./number";
import { textWidget } from "./text";
import type { Place } from "./widget";

const WIDGETS = { number: numberWidget, choice: choiceWidget, flag: flagWidget, text: textWidget, file: fileWidget } as const;

export const widgetFor = (place: Place): IWidget => WIDGETS[place.param.kind](place);
