/** A number: drag sideways to change it, click to type it. */
import type { IWidget } from "../host";
import { themeOf } from "../theme";
import { draggedSteps, readNumber, snap, stepOf } from "./parse";
import { change, current, dragOn, enter, makeWidget, type Place, scaleOf } from "./widget";

export function numberWidget(place: Place): IWidget {
  const { node, name, param } = place;
  const { min, max, unit } = param;
  let from: { x: number; value: number } | undefined;
  let dragged = false;

  const dragging = dragOn(node, () => {
    from = undefined;
  });

  const widget = makeWidget(place, {
    show: (value) => (typeof value === "number" ? `${Number(value.toPrecision(8))}${unit ? ` ${unit}` : ""}` : String(value)),
    draw(ctx, box) {
      const value = current(place);
      if (typeof value !== "number" || min === undefined || max === undefined || max <= min) return;
      const share = (Math.min(max, Math.max(min, value)) - min) / (max - min);
      const alpha = ctx.globalAlpha;
      ctx.globalAlpha = 0.22 * alpha;
      ctx.fillStyle = themeOf(place.host).accent;
      ctx.beginPath();
      ctx.roundRect(box.x, box.y, box.width * share, box.height, share < 1 ? [5, 0, 0, 5] : 5);
      ctx.fill();
      ctx.globalAlpha = alpha;
    },
    press(pos) {
      const value = current(place);
      from = { x: pos[0], value: typeof value === "number" && Number.isFinite(value) ? value : Number(param.default) };
      dragged = false;
    },
    drag(pos) {
      if (!from) return;
      const distance = (pos[0] - from.x) * scaleOf(place); // as the hand goes, at any zoom
      if (!dragged && Math.abs(distance) < 4) return;
      if (!dragged) {
        dragged = true;
        dragging.begin();
      }
      const step = stepOf(param);
      const steps = min !== undefined && max !== undefined ? (max - min) / step : 50;
      node.setProperty(name, snap(param, from.value + step * draggedSteps(distance, steps)));
    },
    click(event, pos) {
      dragging.end();
      if (dragged) return;
      enter(place, (widget as { last_y?: number }).last_y ?? 0, event, pos, {
        value: String(current(place)),
        inputMode: "decimal",
        commit(text) {
          const typed = readNumber(name, param, text);
          if ("error" in typed) return typed.error;
          if (typed.value !== current(place)) change(place, typed.value);
          return undefined;
        },
        step(text, direction) {
          const typed = readNumber(name, param, text);
          return "error" in typed ? text : String(snap(param, typed.value + direction * stepOf(param)));
        },
      });
    },
  });
  return widget;
}
