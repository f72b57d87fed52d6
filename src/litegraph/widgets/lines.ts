/** Several lines of text, as large as the node: click to type them. */
import type { IWidget } from "../host";
import { wrap } from "../text";
import { themeOf } from "../theme";
import { change, current, enter, isLinked, MARGIN, makeWidget, type Place } from "./widget";

const LINE = 17;
/** Above the first line. */
const HEAD = 6;
const LEAST = 3 * LINE + 2 * HEAD;
/** More of a text than any node shows. */
const MOST = 4000;

export function linesWidget(place: Place): IWidget {
  const { host, node } = place;
  const textOf = (): string => String(current(place) ?? "");
  const widget = makeWidget(place, {
    show: () => "",
    click(event, pos) {
      enter(place, top(), event, pos, {
        value: textOf(),
        inputMode: "text",
        lines: Math.max(3, Math.floor((height() - 2 * HEAD) / LINE)),
        commit(text) {
          if (text !== textOf()) change(place, text);
          return undefined;
        },
      });
    },
  });
  const top = (): number => (widget as unknown as { last_y?: number }).last_y ?? 6;
  /** Down to the node's lower edge. */
  const height = (): number => Math.max(LEAST, node.size[1] - top() - MARGIN);
  return Object.assign(widget, {
    // Without a width it is asked how small a node may be.
    computeSize: (width: number): [number, number] => [width, width ? height() : LEAST],
    drawSmall: undefined, // its text is all there is of it
    draw(ctx: CanvasRenderingContext2D, _node: unknown, width: number, y: number) {
      const theme = themeOf(host);
      const room = width - 2 * MARGIN - 4;
      const tall = Math.max(LEAST, node.size[1] - y - MARGIN);
      const text = isLinked(place) ? "linked" : textOf().slice(0, MOST);
      ctx.save();
      ctx.font = `13px ${theme.font}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "alphabetic";
      ctx.fillStyle = text ? theme.text : theme.dim;
      const most = Math.max(1, Math.floor((tall - HEAD) / LINE));
      const lines = (text || "Click to write")
        .split("\n")
        .flatMap((line) => wrap(line, room, most, (part) => ctx.measureText(part).width));
      for (const [i, line] of lines.slice(0, most).entries())
        ctx.fillText(i === most - 1 && lines.length > most ? `${line}…` : line, MARGIN + 2, y + HEAD + LINE * i + 13);
      ctx.restore();
    },
  }) as unknown as IWidget;
}
