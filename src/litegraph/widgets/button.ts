/** Something to do with the node as a whole, such as saving its file. */

import type { IWidget, LGraphNode, LiteGraphHost } from "../host";
import { clip, setFont, widthOf } from "../text";
import { themeOf } from "../theme";

export function buttonWidget(host: LiteGraphHost, label: string, help: string, act: () => void): IWidget {
  let pressed = false;
  const widget = {
    type: "sftgan",
    name: label,
    value: null,
    options: {},
    help,
    computeSize: (width: number): [number, number] => [width, host.NODE_WIDGET_HEIGHT],
    draw(ctx: CanvasRenderingContext2D, _node: LGraphNode, width: number, y: number, height: number) {
      const theme = themeOf(host);
      ctx.save();
      ctx.fillStyle = pressed ? theme.fieldEdge : theme.accent;
      ctx.beginPath();
      ctx.roundRect(10, y, width - 20, height, 5);
      ctx.fill();
      const font = setFont(ctx, theme, "600 12px");
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillStyle = theme.canvas;
      ctx.fillText(clip(ctx, font, label, width - 40), width / 2, y + height / 2 + 0.5);
      ctx.restore();
    },
    drawSmall(ctx: CanvasRenderingContext2D, width: number, y: number, height: number, font?: string) {
      ctx.fillStyle = themeOf(host).accent;
      ctx.fillRect(10, y, width - 20, height);
      if (!font) return;
      const shown = clip(ctx, font, label, width - 30);
      ctx.fillStyle = themeOf(host).canvas;
      ctx.fillText(shown, (width - widthOf(ctx, font, shown)) / 2, y + height / 2 + 0.5);
    },
    mouse(event: MouseEvent): boolean {
      if (event.type.endsWith("down")) pressed = true;
      else if (event.type.endsWith("up")) {
        if (pressed) act();
        pressed = false;
      }
      return true;
    },
  };
  return widget as unknown as IWidget;
}
