/**
 * The large view: one picture, or two under a slider, with pan and zoom that they share. Only the part in view is asked of
 * the engine, at the size it is shown, so the picture may be of any size. Enlarged pixels are shown as they are.
 */
import type { SampleRequest, View, ViewRequest } from "../../browser/protocol";
import type { Focus } from "../../litegraph/attachment";
import type { NodeState } from "../../litegraph/state";
import type { Sample } from "../../types";
import { Camera } from "../camera";
import type { Commands } from "../commands/commands";
import { button, h } from "../dom";
import type { Layer, Layers } from "../layers";
import { absence } from "./absence";
import { compareMenu } from "./compare-menu";
import { createDivider } from "./divider";
import { createDrawing } from "./drawing";
import { createFooter } from "./footer";
import * as geometry from "./geometry";
import { createHeader } from "./header";
import { listenToViewKeys } from "./keys";
import { createLegendView } from "./legend";
import { ViewPictures } from "./pictures";
import { listenToViewer } from "./pointer";
import { Poster } from "./poster";
import { Probe } from "./probe";
import { Sampler } from "./sampler";
import type { ViewerTool } from "./tool";
import "./viewer.css";

export interface ViewerOptions {
  readonly commands: Commands;
  view(request: ViewRequest): Promise<View | undefined>;
  sample(request: SampleRequest): Promise<Sample | undefined>;
  /** What "compare with" offers. */
  others(): readonly Layer[];
  /** How the run of a node stands: said where there is no picture, or an earlier one. */
  state(node: string): NodeState | undefined;
  run(): void;
  /** A run is under way. */
  readonly busy: boolean;
  /** The place of the panel changes from one side to the other. */
  dock(): void;
  close(): void;
}

export interface Viewer {
  readonly element: HTMLElement;
  /** Shows these pictures unless the view is pinned; undefined empties it. */
  show(layers: Layers | undefined): void;
  /** Shows a picture at once, until the engine has another than now; undefined takes it back. */
  poster(found: Promise<ImageBitmap | undefined> | undefined): void;
  /** A node's output may have changed; absent: any. */
  refresh(node?: string): void;
  /** Gives the picture to a tool; undefined takes it back. */
  use(tool: ViewerTool | undefined): void;
  /** Something else stands in the place of the picture, under the view's own header; undefined gives the picture back. */
  put(guest: { readonly title: string; readonly element: HTMLElement } | undefined): void;
  /** The part of the picture that is seen: what a run computes first, and shows here. */
  readonly inView: Focus;
  /** Draws before the next frame. */
  redraw(): void;
  /** Gives the picture the keys. */
  focus(): void;
  /** Nodes shown now, so that an event of another node can be ignored. */
  readonly nodes: readonly string[];
  readonly pinned: boolean;
}

/** Around a picture that fits, in CSS pixels. */
const MARGIN = 12;
/** How much more than the viewport is asked for, so that a small move needs no new bitmap. */
const SPARE = 0.2;

export function createViewer(options: ViewerOptions): Viewer {
  let tool: ViewerTool | undefined;
  let guest: Parameters<Viewer["put"]>[0];
  let queued = false;
  /** Where the pointer is in the viewport; which picture's pixel was asked about. */
  let pointer: { readonly x: number; readonly y: number } | undefined;
  let sampled: string | undefined;
  const probe = new Probe();

  const stateOf = (layer: Layer | undefined): NodeState | undefined =>
    layer && layer.scope === undefined ? options.state(layer.node) : undefined;
  const keptOf = (layer: Layer) => stateOf(layer)?.kept;
  const isStale = (layer: Layer): boolean => ["waiting", "running"].includes(stateOf(layer)?.phase ?? "");
  const show = (): void => {
    const { after } = pictures;
    camera.show(after?.size, after?.layer && JSON.stringify([after.layer.scope, after.layer.node, after.layer.output]));
  };
  const pictures = new ViewPictures(options.view, redraw, show, isStale);
  const camera = new Camera(() => {
    const region = camera.seen(SPARE);
    if (region && camera.placed) pictures.want(region, camera.placed.at.scale);
    redraw();
  });

  const canvas = h("canvas", {
    class: "viewer-canvas",
    tabindex: 0,
    role: "img",
    "aria-label":
      "Large view. Wheel or plus and minus zoom, dragging or arrow keys pan, Shift and arrows read a pixel, 0 fits, 1 shows one picture pixel for each screen pixel, 2 and 4 enlarge it twice and four times.",
  });
  const context = canvas.getContext("2d")!;
  const drawPictures = createDrawing(context);
  const poster = new Poster(redraw);
  const keyNow = (): string | undefined => pictures.after?.tiles.at(-1)?.key;
  const divider = createDivider(redraw);
  const legend = createLegendView();
  const header = createHeader(legend.button, {
    compare: () => compareMenu(pictures, options.others()),
    fit: () => camera.fit(),
    dock: () => options.dock(),
    close: () => options.close(),
  });
  const empty = h("div", { class: "viewer-empty" });
  const toolBar = h("div", { class: "viewer-tools", hidden: true });
  const staleText = h("span");
  const staleRun = button("run", "Compute what has changed", () => options.run(), "Compute it", "small primary");
  const stale = h("div", { class: "viewer-stale", role: "status", hidden: true }, [staleText, staleRun]);
  const stage = h("div", { class: "viewer-stage" }, [canvas, ...divider.elements, legend.element, empty, stale]);
  const footer = createFooter(
    (scale) => camera.zoomTo(scale),
    () => canvas.focus({ preventScroll: true }),
  );
  const sampler = new Sampler(options.sample, footer.sample);
  const parts = [header.element, toolBar, stage, footer.element];
  const element = h("section", { class: "viewer", "aria-label": "Large view" }, parts);

  const pointers = listenToViewer({
    canvas,
    camera,
    get tool() {
      return tool;
    },
    over: (point) => {
      pointer = point;
      if (point) forget();
      sample();
    },
  });
  listenToViewKeys(canvas, camera, options.commands, (dx, dy) => {
    if (tool) return;
    probe.move(dx, dy, camera);
    sample();
    redraw();
  });
  canvas.addEventListener("blur", () => {
    forget();
    sample();
  });

  /** There is no pixel any more that keys have chosen. */
  function forget(): void {
    if (probe.at) redraw();
    probe.clear();
  }

  function redraw(): void {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      draw();
    });
  }

  /** The pixel under the pointer, or that keys have chosen. */
  const pixelRead = () => probe.at ?? (pointer && camera.pixelAt(pointer));

  /** Asks for what is in it. */
  function sample(): void {
    const layer = pictures.after?.layer;
    const pixel = pixelRead();
    sampled = `${keyNow()} ${pixel?.x} ${pixel?.y}`;
    footer.place(pixel);
    const { node, output, scope } = layer ?? { node: "" };
    sampler.want(pixel && layer && { node, ...pixel, ...(output && { output }), ...(scope !== undefined && { scope }) });
  }

  function draw(): void {
    if (!poster.draw(context, camera.viewport, MARGIN * devicePixelRatio, keyNow())) {
      const scene = drawPictures(camera.placed, pictures, divider.split);
      if (scene) tool?.draw(context, scene);
      if (scene) probe.draw(context, scene);
    }
    const under = pixelRead();
    if (under && `${keyNow()} ${under.x} ${under.y}` !== sampled) sample();
    describe();
  }

  /** Says around the picture what it shows. */
  function describe(): void {
    const { after, before } = poster.isThere ? {} : pictures;
    const picture = after?.size;
    const labels = [before?.layer?.label, after?.layer?.label].filter(Boolean);
    header.update({
      title: guest?.title ?? tool?.title ?? (labels.join("  |  ") || pictures.chosen?.label || "View"),
      picture,
      comparing: before !== undefined,
      canCompare: !tool && !guest,
      lent: guest !== undefined,
    });
    divider.update(before && [before.layer?.label ?? "Before", after?.layer?.label ?? "After"]);
    legend.show(picture && !tool && !guest ? [before?.legend, after?.legend] : []);
    footer.zoom(picture && camera.placed?.at.scale);
    for (const part of [stage, footer.element]) part.hidden = guest !== undefined;
    const kept = picture && after?.layer && keptOf(after.layer);
    const isEarlier = Boolean(picture && after?.layer && (kept || isStale(after.layer)));
    const isRunning = isEarlier && options.busy;
    stale.hidden = !isEarlier;
    staleText.textContent = isRunning
      ? "The last result: this one is being computed"
      : kept
        ? `A small picture of ${kept === "package" ? "an example that comes with the page" : "your last visit"}`
        : "The last result: the graph has changed";
    staleRun.hidden = isRunning;
    empty.hidden = Boolean(picture || after?.searching || poster.isThere);
    const layer = pictures.chosen;
    const [said, why] = absence(layer && (stateOf(layer) ?? { phase: "idle" }), layer !== undefined && options.busy);
    empty.replaceChildren(h("strong", {}, [said]), h("p", {}, [why]));
  }

  new ResizeObserver(() => {
    const width = Math.round(stage.clientWidth * devicePixelRatio);
    const height = Math.round(stage.clientHeight * devicePixelRatio);
    if (width === camera.viewport.width && height === camera.viewport.height) return;
    canvas.width = width;
    canvas.height = height;
    camera.resize({ width, height }, MARGIN * devicePixelRatio);
    draw(); // at once: the canvas has just been emptied
  }).observe(stage);
  describe();

  return {
    element,
    get nodes() {
      return pictures.nodes;
    },
    get pinned() {
      return header.pinned;
    },
    show: (layers) => pictures.show(layers),
    poster: (found) => void poster.put(found, keyNow()),
    refresh: (node) => pictures.refresh(node),
    use(next) {
      if (next === tool) return;
      pointers.release();
      tool = next;
      toolBar.replaceChildren(...(next ? [next.bar] : []));
      toolBar.hidden = !next;
      footer.hint(next?.hint ?? "");
      element.classList.toggle("with-tool", Boolean(next));
      pictures.layOver(next?.over);
    },
    put(next) {
      if (next?.element !== guest?.element) guest?.element.remove();
      guest = next;
      if (next && !next.element.parentElement) element.append(next.element);
      describe();
    },
    inView: {
      request() {
        const [seen, placed, layer] = [camera.seen(), camera.placed, pictures.after?.layer];
        if (!seen || !placed || !layer) return undefined;
        const region = geometry.inFewSizes(seen, placed.whole);
        return {
          node: layer.node,
          ...(layer.output && { output: layer.output }),
          region,
          ...geometry.bitmapSize(region, placed.at.scale),
        };
      },
      show(region, view) {
        pictures.previewTiles.add(region, view, keyNow());
        redraw();
      },
    },
    redraw,
    focus: () => canvas.focus({ preventScroll: true }),
  };
}
