/** A line of text: click to type it. */
import type { IWidget } from "../host";
import { change, current, enter, makeWidget, type Place } from "./widget";

export interface TextOptions {
  /** What is shown for no text. */
  readonly empty?: string;
  /** Why a text cannot be taken, as a message. */
  check?(text: string): string | undefined;
}

export function textWidget(place: Place, { empty = "", check = () => undefined }: TextOptions = {}): IWidget {
  const widget = makeWidget(place, {
    show: (value) => (value === "" ? empty : String(value)),
    click(event, pos) {
      const value = current(place);
      enter(place, (widget as { last_y?: number }).last_y ?? 0, event, pos, {
        value: typeof value === "string" ? value : "",
        inputMode: "text",
        commit(text) {
          const message = check(text);
          if (message) return message;
          if (text !== current(place)) change(place, text);
          return undefined;
        },
      });
    },
  });
  return widget;
}
