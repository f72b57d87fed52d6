/**
 * The large view: one picture, or two under a slider, with pan and zoom that they share. Only the part in view is asked of
 * the engine, at the size it is shown, so the picture may be of any size. Enlarged pixels are shown as they are.
 */
import type { View, ViewRequest } from "../../browser/protocol";
import type { Focus } from "../../litegraph/attachment";
import type { NodeState } from "../../litegraph/state";
import { h } from "../dom";
import type { Layer, Layers } from "../layers";
import { absence } from "./absence";
import { Camera } from "./camera";
import { compareMenu } from "./compare-menu";
import { createDivider } from "./divider";
import { createDrawing } from "./drawing";
import * as geometry from "./geometry";
import { createHeader } from "./header";
import { listenToViewKeys } from "./keys";
import { createLegendView } from "./legend";
import { ViewPictures } from "./pictures";
import { listenToPointers } from "./pointer";
import type { ViewerTool } from "./tool";

export interface ViewerOptions {
  view(request: ViewRequest): Promise<View | undefined>;
  /** What "compare with" offers. */
  others(): readonly Layer[];
  /** How the run of a node stands: said where there is no picture. */
  state(node: string): NodeState | undefined;
  /** The place of the panel changes from one side to the other. */
  dock(): void;
  close(): void;
}

export interface Viewer {
  readonly element: HTMLElement;
  /** Shows these pictures unless the view is pinned; undefined empties it. */
  show(layers: Layers | undefined): void;
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

  const pictures = new ViewPictures(options.view, redraw, () => camera.show(pictures.after?.size));
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
      "Large view. Wheel or plus and minus zoom, dragging or arrow keys pan, 0 fits, 1 shows one picture pixel for each screen pixel.",
  });
  const context = canvas.getContext("2d")!;
  const drawPictures = createDrawing(context);
  const divider = createDivider(redraw);
  const legend = createLegendView();
  const header = createHeader(legend.button, {
    compare: () => compareMenu(pictures, options.others()),
    fit: () => camera.fit(),
    oneToOne: () => camera.oneToOne(),
    dock: () => options.dock(),
    close: () => options.close(),
  });
  const empty = h("div", { class: "viewer-empty" });
  const toolBar = h("div", { class: "viewer-tools", hidden: true });
  const stage = h("div", { class: "viewer-stage" }, [canvas, ...divider.elements, legend.element, empty]);
  const zoom = h("output", { class: "viewer-zoom", title: "Screen pixels for each picture pixel" });
  const place = h("span", { class: "viewer-place" });
  const hint = h("span", { class: "viewer-hint" });
  const footer = h("footer", { class: "viewer-footer" }, [zoom, place, hint]);
  const element = h("section", { class: "viewer", "aria-label": "Large view" }, [header.element, toolBar, stage, footer]);

  const pointers = listenToPointers({
    canvas,
    camera,
    get tool() {
      return tool;
    },
    over: (pixel) => {
      place.textContent = pixel ? `x ${pixel.x}  y ${pixel.y}` : "";
    },
  });
  listenToViewKeys(canvas, camera);

  function redraw(): void {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      draw();
    });
  }

  function draw(): void {
    const scene = drawPictures(camera.placed, pictures, divider.split);
    if (scene) tool?.draw(context, scene);
    describe();
  }

  /** Says around the picture what it shows. */
  function describe(): void {
    const { after, before } = pictures;
    const picture = after?.size;
    const labels = [before?.layer?.label, after?.layer?.label].filter(Boolean);
    header.update({
      title: guest?.title ?? tool?.title ?? (labels.join("  |  ") || "View"),
      picture,
      comparing: before !== undefined,
      canCompare: !tool && !guest,
      lent: guest !== undefined,
    });
    divider.update(before && [before.layer?.label ?? "Before", after?.layer?.label ?? "After"]);
    legend.show(picture && !tool && !guest ? [before?.legend, after?.legend] : []);
    zoom.textContent = camera.placed ? geometry.zoomText(camera.placed.at.scale) : "";
    for (const part of [stage, footer]) part.hidden = guest !== undefined;
    empty.hidden = Boolean(picture || after?.searching);
    const layer = pictures.chosen;
    const [said, why] = absence(layer && ((!layer.scope && options.state(layer.node)) || { phase: "idle" }));
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
    refresh: (node) => pictures.refresh(node),
    use(next) {
      if (next === tool) return;
      pointers.release();
      tool = next;
      toolBar.replaceChildren(...(next ? [next.bar] : []));
      toolBar.hidden = !next;
      hint.textContent = next?.hint ?? "";
      hint.title = hint.textContent;
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
        pictures.previewTiles.add(region, view, pictures.after?.tiles.at(-1)?.key);
        redraw();
      },
    },
    redraw,
    focus: () => canvas.focus({ preventScroll: true }),
  };
}
