/**
 * The painter: strokes of the eight classes over the photo, in the large view. A stroke is drawn on the page at once; when
 * it ends it becomes a step of undo in the graph, and the engine's own picture takes its place as soon as it has come.
 */

import "./painter.css";
import type { EngineEvent } from "../../browser/protocol";
import type { Focus } from "../../litegraph/attachment";
import type { Commands } from "../commands/commands";
import type { Viewer } from "../viewer/viewer";
import { createPaintBar } from "./bar";
import { BRUSH_COMMANDS, type Brush, FIRST_BRUSH, sizeFor } from "./brush";
import { Hand } from "./hand";
import { listenToPaintKeys } from "./keys";
import type { PaintLayers } from "./layers";
import { PaintTool } from "./tool";

/** The node whose strokes these are. */
export interface PaintedNode {
  readonly properties: Readonly<Record<string, unknown>>;
  setProperty(name: string, value: unknown): void;
}

export interface PainterOptions {
  readonly commands: Commands;
  readonly viewer: Viewer;
  layers(id: number): PaintLayers | undefined;
  node(id: number): PaintedNode | undefined;
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
  /** The view has the whole page. */
  readonly wide: boolean;
  /** Gives it the whole page, or its own place again. */
  setWide(on: boolean): void;
  say(note: string): void;
  fail(error: unknown): void;
  /** The painter is left by its own controls. */
  leave(): void;
}

export interface Painter {
  /** Paints on this node; false where it cannot be painted on. */
  open(id: number): boolean;
  close(): void;
  /** The graph has changed; `restored`: by undo, redo or another graph. False where its node cannot be painted on any more. */
  refresh(restored: boolean): boolean;
  hear(event: EngineEvent): void;
}

const FIRST_OPACITY = 0.5;

export function createPainter(options: PainterOptions): Painter {
  const { viewer } = options;
  /** The node that is painted on. */
  let id: number | undefined;
  let layers: PaintLayers | undefined;
  let brush: Brush = FIRST_BRUSH;
  let isSized = false;
  let opacity = FIRST_OPACITY;
  let base: "photo" | "result" = "photo";

  const node = (): PaintedNode | undefined => (id === undefined ? undefined : options.node(id));
  function strokes(): string {
    const value = layers && node()?.properties[layers.param];
    return typeof value === "string" ? value : "";
  }
  /** Sets the strokes as one step of undo, and runs at once. */
  function write(text: string, label: string): void {
    const target = node();
    if (!target || !layers || id === undefined) return;
    const { param } = layers;
    options.edit(label, () => target.setProperty(param, text));
    options.run(id);
    update();
  }

  const hand = new Hand({
    strokes,
    put: (text) => layers && node()?.setProperty(layers.param, text),
    write,
    hold: () => options.hold(),
    release: () => options.release(),
    get auto() {
      return options.auto;
    },
    say: (note) => options.say(note),
    fail: (error) => options.fail(error),
  });
  const tool = new PaintTool({
    commands: options.commands,
    hand,
    get layers() {
      return layers;
    },
    get brush() {
      return brush;
    },
    get opacity() {
      return opacity;
    },
    get base() {
      return base;
    },
    setBrush,
    onSize(picture) {
      if (isSized) return;
      brush = { ...brush, size: sizeFor(picture) };
      isSized = true;
      update();
    },
    redraw: () => viewer.redraw(),
    say: (note) => options.say(note),
  });
  const bar = createPaintBar(
    {
      change: (to) => setBrush({ ...brush, ...to }),
      opacity(to) {
        opacity = to;
        viewer.redraw();
      },
      base(to) {
        base = to;
        show();
        update();
      },
      wide: () => options.setWide(!options.wide),
      clear() {
        if (strokes()) write("", "clear the strokes");
      },
      done: () => options.leave(),
      used: () => viewer.focus(),
    },
    options.commands,
  );

  function setBrush(to: Brush): void {
    brush = to;
    isSized = true;
    update();
    viewer.redraw();
  }

  function update(): void {
    const { wide } = options;
    bar.update({ brush, opacity, base, wide, hasResult: Boolean(layers?.result), painted: strokes() !== "" });
  }

  function show(): void {
    if (!layers) return;
    const { photo, result, prior } = layers;
    const below = [photo, prior].filter((layer) => layer !== undefined);
    viewer.show({ after: base === "result" && result ? [result, ...below] : below });
  }

  listenToPaintKeys(
    {
      element: viewer.element,
      get open() {
        return id !== undefined;
      },
      get drawing() {
        return hand.isDrawing;
      },
      get wide() {
        return options.wide;
      },
      abandon: () => tool.abandon(),
    },
    options.commands,
  );
  for (const [command, change] of Object.entries(BRUSH_COMMANDS))
    options.commands.provide({ [command]: { run: () => setBrush(change(brush)), available: () => id !== undefined } });

  const painter: Painter = {
    open(next) {
      const found = options.layers(next);
      if (!found) return false;
      const same = id === next && JSON.stringify(found) === JSON.stringify(layers);
      if (!same) tool.abandon();
      if (id !== next) tool.forget();
      id = next;
      layers = found;
      options.focus(tool.focus);
      if (!layers.result) base = "photo";
      if (!same) viewer.use(tool.over(found, bar.element));
      show();
      update();
      return true;
    },
    close() {
      if (id === undefined) return;
      tool.abandon();
      id = undefined;
      layers = undefined;
      tool.close();
      options.focus(undefined);
      viewer.use(undefined);
    },
    refresh(restored) {
      if (restored) tool.forget();
      return id !== undefined && node() !== undefined && painter.open(id);
    },
    hear(event) {
      if (event.kind === "status" && !event.busy && !hand.isDrawing) tool.tiles.stopped();
      if (!("node" in event) || !layers) return;
      const ended = event.kind === "finished" || event.kind === "cached";
      if (event.node === layers.result?.node) {
        if (ended) tool.tiles.computed();
        if (event.kind === "failed") tool.tiles.clear();
        viewer.redraw();
      }
      if (event.node !== String(id)) return;
      if (event.kind === "failed") {
        tool.forget();
        viewer.use(tool.over(layers, bar.element)); // what is shown so far is not its prior any more
      }
      if (ended) hand.computed();
    },
  };
  return painter;
}
