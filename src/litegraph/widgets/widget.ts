/** What the widgets share: their frame, their place on the page, and how they change a parameter so that it can be undone. */
import type { Param } from "../../graph/node";
import { checkParam } from "../../graph/param";
import type { IWidget, LGraphNode, LiteGraphHost } from "../host";
import { clip, setFont, widthOf } from "../text";
import { themeOf } from "../theme";
import { type EntryOptions, openEntry } from "./entry";

export interface Place {
  readonly host: LiteGraphHost;
  readonly node: LGraphNode;
  readonly name: string;
  readonly param: Param;
}

/** What one kind of widget does; `pos` is relative to the node. */
export interface Behaviour {
  /** The value as shown at the right. */
  show(value: unknown): string;
  /** Its value in words, where `show` leaves it to what is drawn. */
  say?(value: unknown): string;
  draw?(ctx: CanvasRenderingContext2D, box: { x: number; y: number; width: number; height: number }): void;
  press?(pos: readonly [number, number]): void;
  drag?(pos: readonly [number, number]): void;
  /** Pressed and released on the widget. */
  click(event: MouseEvent, pos: readonly [number, number]): void;
}

/** Left and right of a widget. */
export const MARGIN = 10;

export const current = ({ node, name, param }: Place): unknown =>
  Object.hasOwn(node.properties, name) ? node.properties[name] : param.default;

/** A link feeds the parameter. */
export const isLinked = ({ node, name }: Place): boolean =>
  (node.inputs ?? []).some((slot) => slot.name === name && slot.link !== null);

/** The canvas's zoom. */
export const scaleOf = ({ host }: Pick<Place, "host">): number => host.LGraphCanvas?.active_canvas?.ds?.scale ?? 1;

/** Sets a parameter as one step that the page can undo. */
export function change({ node, name }: Pick<Place, "node" | "name">, value: unknown): void {
  node.graph?.beforeChange(node);
  node.setProperty(name, value);
  node.graph?.afterChange(node);
  node.setDirtyCanvas(true, true);
}

/**
 * A drag on a widget of `node`, as one step that the page can undo. `ended` is called at its release wherever that is, of which
 * litegraph says nothing outside the widget.
 */
export function dragOn(node: LGraphNode, ended: () => void): { readonly isOn: boolean; begin(): void; end(): void } {
  let isOn = false;
  const end = (): void => {
    document.removeEventListener("pointerup", end, true);
    if (isOn) node.graph?.afterChange(node);
    isOn = false;
    ended();
  };
  return {
    get isOn() {
      return isOn;
    },
    begin() {
      isOn = true;
      node.graph?.beforeChange(node);
      document.addEventListener("pointerup", end, true);
    },
    end,
  };
}

/** Opens a field over the widget. `event` was at `pos`. */
export function enter(
  { host, node, name }: Place,
  y: number,
  event: MouseEvent,
  pos: readonly [number, number],
  options: Omit<EntryOptions, "left" | "top" | "width" | "height" | "label" | "theme">,
): HTMLInputElement | HTMLTextAreaElement {
  const scale = scaleOf({ host });
  return openEntry({
    left: event.clientX - (pos[0] - MARGIN) * scale,
    top: event.clientY - (pos[1] - y) * scale,
    width: (node.size[0] - 2 * MARGIN) * scale,
    height: host.NODE_WIDGET_HEIGHT * scale,
    label: name,
    theme: themeOf(host),
    ...options,
  });
}

/** A litegraph widget drawn and handled by us. Its value is the node's property: litegraph keeps no copy. */
export function makeWidget(place: Place, behaviour: Behaviour): IWidget {
  const { node, name, param, host } = place;
  let pressed = false;
  const widget = {
    type: "sftgan",
    name,
    options: {},
    help: param.help,
    last_y: undefined as number | undefined,
    get value() {
      return current(place);
    },
    set value(_) {},
    get disabled() {
      return isLinked(place);
    },
    computeSize: (width: number): [number, number] => [width, host.NODE_WIDGET_HEIGHT],
    draw(ctx: CanvasRenderingContext2D, _node: LGraphNode, width: number, y: number, height: number) {
      const theme = themeOf(host);
      const box = { x: MARGIN, y, width: width - 2 * MARGIN, height };
      const value = current(place);
      const bad = !isLinked(place) && checkParam(name, param, value) !== undefined;
      ctx.save();
      ctx.fillStyle = bad ? theme.badField : theme.field;
      ctx.strokeStyle = bad ? theme.bad : theme.fieldEdge;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.roundRect(box.x + 0.5, y + 0.5, box.width - 1, height - 1, 5);
      ctx.fill();
      ctx.stroke();
      behaviour.draw?.(ctx, box);
      const font = setFont(ctx, theme, "12px");
      ctx.textBaseline = "middle";
      ctx.textAlign = "left";
      ctx.fillStyle = theme.dim;
      const label = clip(ctx, font, name, box.width * 0.6);
      const middle = y + height / 2 + 0.5;
      ctx.fillText(label, box.x + 8, middle);
      const room = box.width - widthOf(ctx, font, label) - 26;
      ctx.textAlign = "right";
      ctx.fillStyle = bad ? theme.bad : theme.text;
      ctx.fillText(clip(ctx, font, isLinked(place) ? "linked" : behaviour.show(value), room), box.x + box.width - 8, middle);
      ctx.restore();
    },
    drawSmall(ctx: CanvasRenderingContext2D, width: number, y: number, height: number, font?: string) {
      const theme = themeOf(host);
      ctx.fillStyle = theme.fieldEdge;
      ctx.fillRect(MARGIN, y, width - 2 * MARGIN, height);
      ctx.fillStyle = theme.field;
      ctx.fillRect(MARGIN + 1.5, y + 1.5, width - 2 * MARGIN - 3, height - 3);
      if (!font) return;
      const value = isLinked(place) ? "linked" : (behaviour.say ?? behaviour.show)(current(place));
      const room = width - 2 * MARGIN - 12;
      const shown = clip(ctx, font, value, 0.6 * room);
      const taken = widthOf(ctx, font, shown);
      const middle = y + height / 2 + 0.5;
      ctx.fillStyle = theme.text;
      ctx.fillText(shown, width - MARGIN - 6 - taken, middle);
      ctx.fillStyle = theme.dim;
      ctx.fillText(clip(ctx, font, name, room - taken - 6), MARGIN + 6, middle);
    },
    mouse(event: MouseEvent, pos: [number, number]): boolean {
      if (event.type.endsWith("down")) {
        pressed = true;
        behaviour.press?.(pos);
      } else if (event.type.endsWith("move")) {
        behaviour.drag?.(pos);
      } else if (event.type.endsWith("up") && pressed) {
        pressed = false;
        behaviour.click(event, pos);
      }
      return true;
    },
  };
  return widget as unknown as IWidget & typeof node;
}
