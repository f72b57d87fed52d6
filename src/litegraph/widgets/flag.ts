/** On or off: click to change. */
import type { IWidget } from "../host";
import { themeOf } from "../theme";
import { change, current, makeWidget, type Place } from "./widget";

export const flagWidget = (place: Place): IWidget =>
  makeWidget(place, {
    show: (value) => (typeof value === "boolean" ? "" : String(value)),
    say: (value) => (typeof value === "boolean" ? (value ? "on" : "off") : String(value)),
    draw(ctx, { x, y, width, height }) {
      const theme = themeOf(place.host);
      const on = current(place) === true;
      ctx.fillStyle = on ? theme.accent : theme.fieldEdge;
      ctx.beginPath();
      ctx.roundRect(x + width - 34, y + height / 2 - 6, 26, 12, 6);
      ctx.fill();
      ctx.fillStyle = theme.text;
      ctx.beginPath();
      ctx.arc(x + width - (on ? 14 : 28), y + height / 2, 4.5, 0, 2 * Math.PI);
      ctx.fill();
    },
    click: () => change(place, current(place) !== true),
  });
