/** A line of text: click to type it. */
import type { IWidget } from "../host";
import { change, current, enter, makeWidget, type Place } from "./widget";

export function textWidget(place: Place): IWidget {
  const widget = makeWidget(place, {
    show: String,
    click(event, pos) {
      const value = current(place);
      enter(place, (widget as { last_y?: number }).last_y ?? 0, event, pos, {
        value: typeof value === "string" ? value : "",
        inputMode: "text",
        commit(text) {
          if (text !== current(place)) change(place, text);
          return undefined;
        },
      });
    },
  });
  return widget;
}
