/** The painter as the large view's tool: the pointer becomes strokes, and these are drawn over the picture at once. */
import type { Focus } from "../../litegraph/attachment";
import { scaledSize } from "../../region";
import { SCALE, type Size } from "../../types";
import type { Commands } from "../commands/commands";
import { PreviewTiles } from "../viewer/preview-tiles";
import type { Scene, Spot, ViewerTool } from "../viewer/tool";
import { aim, type Brush, nearestClass, type Sample, withClass } from "./brush";
import { partAround } from "./focus";
import type { Hand } from "./hand";
import type { PaintLayers } from "./layers";
import { outline, ring } from "./marks";
import { frameOf, PaintSheet } from "./sheet";
import { outlineOf } from "./stroke-drawing";

export interface PaintToolParts {
  readonly commands: Commands;
  readonly hand: Hand;
  readonly layers: PaintLayers | undefined;
  readonly brush: Brush;
  readonly opacity: number;
  readonly base: "photo" | "result";
  setBrush(brush: Brush): void;
  /** The picture's size is known. */
  onSize(picture: Size): void;
  redraw(): void;
  say(note: string): void;
}

const hintOf = ({ bindings }: Commands): string =>
  `0–7 class · [ ] size · Alt-click picks the class · wheel zooms · Space-drag pans · ${bindings.text("edit.undo")} undoes a stroke`;

export class PaintTool {
  /** Parts of the result that came ahead of it. */
  readonly tiles = new PreviewTiles();
  readonly #sheet = new PaintSheet();
  #scene: Scene | undefined;
  #cursor: Spot | undefined;
  /** Where the pen was last. */
  #pen: Spot | undefined;

  constructor(private readonly parts: PaintToolParts) {}

  /** The result around the pen comes first, while a stroke is drawn and until its own result is there. */
  readonly focus: Focus = {
    request: () => {
      const { layers, hand, brush } = this.parts;
      const [result, scene, pen] = [layers?.result, this.#scene, this.#pen];
      if (!result || !scene || !pen || !(hand.isDrawing || hand.pending.length)) return undefined;
      const region = partAround(pen, this.#pictureOf(scene), brush.size);
      const { width, height } = region;
      return { node: result.node, ...(result.output && { output: result.output }), region, width, height };
    },
    show: (region, view) => {
      this.tiles.add(region, view, this.parts.base === "result" ? this.#scene?.key : undefined);
      this.parts.redraw();
    },
  };

  /** What the view is given. */
  over(layers: PaintLayers, bar: HTMLElement): ViewerTool {
    const { hand, redraw } = this.parts;
    return {
      title: layers.photo ? `${layers.prior.label} over ${layers.photo.label}` : layers.prior.label,
      hint: hintOf(this.parts.commands),
      over: [layers.prior],
      bar,
      down: (event, spot) => {
        if (!this.#scene) return false;
        if (event.altKey) {
          this.#pick(event);
          return true;
        }
        this.#cursor = spot;
        this.#pen = spot;
        hand.begin(this.parts.brush, this.#sampleOf(event, spot));
        redraw();
        return true;
      },
      move: (event, spot, isHeld) => {
        this.#cursor = event.pointerType === "touch" && !isHeld ? undefined : spot;
        if (isHeld && hand.isDrawing && this.#scene) {
          this.#pen = spot;
          for (const one of event.getCoalescedEvents?.() ?? [event])
            hand.add(this.#sampleOf(one, spotOf(one, event.target as HTMLElement, this.#scene)));
          hand.live();
        }
        redraw();
      },
      up: (event, spot) => {
        if (this.#scene) hand.add(this.#sampleOf(event, spot));
        if (event.pointerType === "touch") this.#cursor = undefined;
        hand.finish(this.#scene?.overKey);
        redraw();
      },
      cancel: () => this.abandon(),
      leave: () => {
        this.#cursor = undefined;
        redraw();
      },
      draw: (context, scene) => this.#draw(context, scene),
    };
  }

  /** Drops the stroke being drawn. */
  abandon(): void {
    if (!this.parts.hand.abandon()) return;
    this.tiles.clear();
    this.parts.redraw();
  }

  /** What is drawn here only is not what the graph has any more. */
  forget(): void {
    this.parts.hand.forget();
    this.tiles.clear();
  }

  close(): void {
    this.#scene = undefined;
    this.forget();
  }

  /** Size of the low-resolution picture, which strokes are measured in: the photo's own where that is what is shown. */
  #pictureOf({ layer, whole }: Scene): Size {
    const photo = this.parts.layers?.photo;
    const isPhoto = photo && layer?.node === photo.node && layer.output === photo.output;
    return isPhoto ? whole : scaledSize(whole, 1 / SCALE);
  }

  #sampleOf(event: PointerEvent, spot: Spot): Sample {
    const { width, height } = this.#pictureOf(this.#scene!);
    const place = { x: spot.x * width, y: spot.y * height };
    return event.pointerType === "pen" && event.pressure > 0 ? { ...place, pressure: event.pressure } : place;
  }

  #pick(event: PointerEvent): void {
    const colour = this.#sheet.colourAt(event);
    if (!colour) return;
    const label = nearestClass(...colour);
    this.parts.setBrush(withClass(this.parts.brush, label));
    this.parts.say(`Class ${label}: ${aim(this.parts.brush)}`);
  }

  #draw(context: CanvasRenderingContext2D, scene: Scene): void {
    this.#scene = scene;
    const picture = this.#pictureOf(scene);
    this.parts.onSize(picture);
    const { hand, base, brush, opacity } = this.parts;
    if (base === "result") this.tiles.drawOver(context, scene);
    hand.settle(scene.overKey);
    const { stroke, pending } = hand;
    this.#sheet.draw(context, scene, picture, stroke ? [...pending, stroke] : pending, opacity);
    const frame = frameOf(scene, picture);
    if (stroke?.tool === "lasso") outline(context, outlineOf(stroke, frame));
    for (const { tool, points, label } of pending) if (tool === "fill") ring(context, points, frame, 7, label);
    if (this.#cursor && (brush.tool === "brush" || brush.tool === "eraser")) {
      const at = [this.#cursor.x * picture.width, this.#cursor.y * picture.height];
      ring(context, at, frame, Math.max(1.5, (brush.size / 2) * frame.scale), brush.tool === "eraser" ? undefined : brush.label);
    }
    if (base === "photo") this.tiles.drawInset(context, scene, this.#pen);
  }
}

/** Where in the picture an event is that lies between those which the view is told of. */
function spotOf({ clientX, clientY }: PointerEvent, element: HTMLElement, { at, whole }: Scene): Spot {
  const box = element.getBoundingClientRect();
  return {
    x: ((clientX - box.left) * devicePixelRatio - at.x) / (at.scale * whole.width),
    y: ((clientY - box.top) * devicePixelRatio - at.y) / (at.scale * whole.height),
  };
}
