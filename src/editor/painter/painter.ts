/**
 * The painter: strokes of the eight classes over the photo, in the large view. A stroke is drawn on the page at once; when
 * it ends it becomes a step of undo in the graph, and the engine's own picture takes its place as soon as it has come.
 */

import "./painter.css";
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { EngineEvent } from "../../browser/protocol";
import type { Focus } from "../../litegraph/attachment";
import { addStroke, type Stroke, strokeName } from "../../prior/strokes";
import { scaledSize } from "../../region";
import { SCALE, type Size } from "../../types";
import type { Commands } from "../commands/commands";
import { PreviewTiles } from "../viewer/preview-tiles";
import type { Scene, Spot, ViewerTool } from "../viewer/tool";
import type { Viewer } from "../viewer/viewer";
import { createPaintBar } from "./bar";
import { aim, BRUSH_COMMANDS, type Brush, FIRST_BRUSH, nearestClass, type Sample, sizeFor, Trace } from "./brush";
import { partAround } from "./focus";
import { listenToPaintKeys } from "./keys";
import type { PaintLayers } from "./layers";
import { outline, ring } from "./marks";
import { frameOf, PaintSheet } from "./sheet";
import { outlineOf } from "./stroke-drawing";

export interface PainterOptions {
  readonly commands: Commands;
  readonly viewer: Viewer;
  layers(id: number): PaintLayers | undefined;
  node(id: number): LGraphNode | undefined;
  /** Runs an edit of the graph as one step of undo. */
  edit(label: string, act: () => void): void;
  /** Until it is released, what changes in the graph is no step of undo yet. */
  hold(): void;
  release(): void;
  /** Runs after every change. */
  readonly auto: boolean;
  run(id: number): void;
  /** Sets what runs compute first. */
  focus(on: Focus | undefined): void;
  /** The view takes the whole page, or its own place again. */
  wide(on: boolean): void;
  say(note: string): void;
  fail(error: unknown): void;
  /** The painter was left by its own controls. */
  left(): void;
}

export interface Painter {
  /** The node that is painted on. */
  readonly node: number | undefined;
  /** Paints on this node; false where it cannot be painted on. */
  open(id: number, wide: boolean): boolean;
  close(): void;
  /** The graph has changed; `restored`: by undo, redo or another graph in its place. */
  refresh(restored: boolean): void;
  hear(event: EngineEvent): void;
}

/**
 * Milliseconds between changes of the graph while a stroke is being drawn: shorter than the rest after which a run is stopped.
 */
const LIVE = 60;
const FIRST_OPACITY = 0.5;
const hintOf = ({ bindings }: Commands): string =>
  `0–7 class · [ ] size · Alt-click picks the class · wheel zooms · Space-drag pans · ${bindings.text("edit.undo")} undoes a stroke`;

export function createPainter(options: PainterOptions): Painter {
  const { viewer } = options;
  let id: number | undefined;
  let layers: PaintLayers | undefined;
  let brush: Brush = FIRST_BRUSH;
  let sized = false;
  let opacity = FIRST_OPACITY;
  let base: "photo" | "result" = "photo";
  let wide = false;
  let trace: Trace | undefined;
  let held = "";
  let liveAt = 0;
  /** Drawn here until the engine's picture has them. */
  let pending: { readonly stroke: Stroke; readonly key: string | undefined; computed: boolean }[] = [];
  let cursor: Spot | undefined;
  /** Where the pen was last. */
  let pen: Spot | undefined;
  const previewTiles = new PreviewTiles();
  let scene: Scene | undefined;
  const sheet = new PaintSheet();

  const bar = createPaintBar(
    {
      change(to) {
        setBrush({ ...brush, ...to });
      },
      opacity(to) {
        opacity = to;
        viewer.redraw();
      },
      base(to) {
        base = to;
        show();
        update();
      },
      wide: () => setWide(!wide),
      clear() {
        if (strokes()) write("", "clear the strokes");
      },
      done() {
        painter.close();
        options.left();
      },
      used: () => viewer.focus(),
    },
    options.commands,
  );

  const node = (): LGraphNode | undefined => (id === undefined ? undefined : options.node(id));
  function strokes(): string {
    const value = layers && node()?.properties[layers.param];
    return typeof value === "string" ? value : "";
  }

  function setBrush(to: Brush): void {
    brush = to;
    sized = true;
    update();
    viewer.redraw();
  }

  function update(): void {
    bar.update({ brush, opacity, base, wide, hasResult: Boolean(layers?.result), painted: strokes() !== "" });
  }

  function setWide(on: boolean): void {
    wide = on;
    options.wide(on);
    update();
  }

  function show(): void {
    if (!layers) return;
    const { photo, result, prior } = layers;
    const below = [photo, prior].filter((layer) => layer !== undefined);
    viewer.show({ after: base === "result" && result ? [result, ...below] : below });
  }

  /** Size of the low-resolution picture, which strokes are measured in. */
  function pictureOf({ whole }: Scene): Size {
    const own = base === "photo" && layers?.photo;
    return own ? whole : scaledSize(whole, 1 / SCALE);
  }

  function sampleOf(event: PointerEvent, spot: Spot): Sample {
    const { width, height } = pictureOf(scene!);
    const place = { x: spot.x * width, y: spot.y * height };
    return event.pointerType === "pen" && event.pressure > 0 ? { ...place, pressure: event.pressure } : place;
  }

  // Strokes

  /** Sets the strokes as one step of undo, and runs at once. */
  function write(text: string, label: string): void {
    const target = node();
    if (!target || !layers || id === undefined) return;
    const { param } = layers;
    options.edit(label, () => target.setProperty(param, text));
    options.run(id);
    update();
  }

  /** While a stroke is being drawn the graph has it as far as it is, if runs follow changes. */
  function live(): void {
    const stroke = trace?.stroke;
    if (!options.auto || !stroke || performance.now() - liveAt < LIVE) return;
    liveAt = performance.now();
    try {
      node()?.setProperty(layers!.param, addStroke(held, stroke));
    } catch {
      // Said when the stroke ends.
    }
  }

  /** The result around the pen comes first, while a stroke is drawn and until its own result is there. */
  const focus: Focus = {
    request() {
      const result = layers?.result;
      if (!result || !scene || !pen || !(trace || pending.length)) return undefined;
      const region = partAround(pen, pictureOf(scene), brush.size);
      const { width, height } = region;
      return { node: result.node, ...(result.output && { output: result.output }), region, width, height };
    },
    show(region, view) {
      previewTiles.add(region, view, base === "result" ? scene?.key : undefined);
      viewer.redraw();
    },
  };

  function finish(): void {
    const stroke = trace?.stroke;
    end();
    if (!stroke) return;
    try {
      const text = addStroke(held, stroke);
      pending.push({ stroke, key: scene?.overKey, computed: false });
      write(text, strokeName(stroke));
      options.say(strokeName(stroke));
    } catch (error) {
      options.fail(error);
    }
  }

  function end(): void {
    if (!trace) return;
    trace = undefined;
    if (strokes() !== held) node()?.setProperty(layers!.param, held);
    options.release();
    viewer.redraw();
  }

  /** Drops the stroke being drawn. */
  function abandon(): void {
    if (!trace) return;
    end();
    previewTiles.clear();
  }

  function pick(event: PointerEvent): void {
    const colour = sheet.colourAt(event);
    if (!colour) return;
    const label = nearestClass(...colour);
    setBrush({ ...brush, label, tool: brush.tool === "eraser" ? "brush" : brush.tool });
    options.say(`Class ${label}: ${aim(brush)}`);
  }

  // What the view asks of its tool

  const tool = (over: PaintLayers): ViewerTool => ({
    title: over.photo ? `${over.prior.label} over ${over.photo.label}` : over.prior.label,
    hint: hintOf(options.commands),
    over: [over.prior],
    bar: bar.element,
    down(event, spot) {
      if (!scene) return false;
      if (event.altKey) {
        pick(event);
        return true;
      }
      cursor = spot;
      pen = spot;
      held = strokes();
      options.hold();
      trace = new Trace(brush, sampleOf(event, spot));
      liveAt = performance.now();
      viewer.redraw();
      return true;
    },
    move(event, spot, isHeld) {
      cursor = event.pointerType === "touch" && !isHeld ? undefined : spot;
      if (isHeld && trace && scene) {
        pen = spot;
        const box = (event.target as HTMLElement).getBoundingClientRect();
        const { at, whole } = scene;
        for (const one of event.getCoalescedEvents?.() ?? [event]) {
          const x = ((one.clientX - box.left) * devicePixelRatio - at.x) / (at.scale * whole.width);
          const y = ((one.clientY - box.top) * devicePixelRatio - at.y) / (at.scale * whole.height);
          trace.add(sampleOf(one, { x, y }));
        }
        live();
      }
      viewer.redraw();
    },
    up(event, spot) {
      if (trace && scene) trace.add(sampleOf(event, spot));
      if (event.pointerType === "touch") cursor = undefined;
      finish();
    },
    cancel: abandon,
    leave() {
      cursor = undefined;
      viewer.redraw();
    },
    draw,
  });

  function draw(context: CanvasRenderingContext2D, now: Scene): void {
    scene = now;
    const picture = pictureOf(now);
    if (!sized) {
      brush = { ...brush, size: sizeFor(picture) };
      sized = true;
      update();
    }
    if (base === "result") previewTiles.drawOver(context, now);
    pending = pending.filter(({ key, computed }) => !(computed && now.overKey !== undefined && now.overKey !== key));
    const stroke = trace?.stroke;
    const strokes = [...pending.map((one) => one.stroke), ...(stroke ? [stroke] : [])];
    sheet.draw(context, now, picture, strokes, opacity);
    const frame = frameOf(now, picture);
    if (stroke?.tool === "lasso") outline(context, outlineOf(stroke, frame));
    for (const { stroke } of pending) if (stroke.tool === "fill") ring(context, stroke.points, frame, 7, stroke.label);
    if (cursor && (brush.tool === "brush" || brush.tool === "eraser")) {
      const at = [cursor.x * picture.width, cursor.y * picture.height];
      ring(context, at, frame, Math.max(1.5, (brush.size / 2) * frame.scale), brush.tool === "eraser" ? undefined : brush.label);
    }
    if (base === "photo") previewTiles.drawInset(context, now, pen);
  }

  listenToPaintKeys(
    {
      element: viewer.element,
      get open() {
        return id !== undefined;
      },
      get drawing() {
        return trace !== undefined;
      },
      get wide() {
        return wide;
      },
      abandon,
      narrow: () => setWide(false),
    },
    options.commands,
  );
  for (const [command, change] of Object.entries(BRUSH_COMMANDS))
    options.commands.provide({ [command]: { run: () => setBrush(change(brush)), available: () => id !== undefined } });

  /** What is drawn here only is not what the graph has any more. */
  function forget(): void {
    pending = [];
    previewTiles.clear();
  }

  const painter: Painter = {
    get node() {
      return id;
    },
    open(next, asWide) {
      const found = options.layers(next);
      if (!found) return false;
      const same = id === next && JSON.stringify(found) === JSON.stringify(layers);
      if (id !== next) forget();
      id = next;
      layers = found;
      options.focus(focus);
      if (!layers.result) base = "photo";
      if (!same) {
        abandon();
        viewer.use(tool(found));
      }
      show();
      if (asWide && !wide) setWide(true);
      update();
      if (asWide) viewer.focus();
      return true;
    },
    close() {
      if (id === undefined) return;
      abandon();
      id = undefined;
      layers = undefined;
      scene = undefined;
      forget();
      options.focus(undefined);
      if (wide) setWide(false);
      viewer.use(undefined);
    },
    refresh(restored) {
      if (id === undefined) return;
      if (restored) forget();
      if (!node() || !this.open(id, false)) this.close();
    },
    hear(event) {
      if (event.kind === "status" && !event.busy && !trace) previewTiles.stopped();
      if (!("node" in event) || !layers) return;
      const ended = event.kind === "finished" || event.kind === "cached";
      if (event.node === layers.result?.node) {
        if (ended) previewTiles.computed();
        if (event.kind === "failed") previewTiles.clear();
        viewer.redraw();
      }
      if (event.node !== String(id)) return;
      if (event.kind === "failed") {
        forget();
        viewer.use(tool(layers)); // what is shown so far is not its prior any more
      }
      if (ended) for (const one of pending) one.computed = true;
    },
  };
  return painter;
}
