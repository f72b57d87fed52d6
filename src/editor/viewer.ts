/**
 * The large view: one picture, or two under a slider, with pan and zoom that they share. Only the part in view is asked of
 * the engine, at the size it is shown, so the picture may be of any size. Enlarged pixels are shown as they are.
 */
import type { View, ViewRequest } from "../browser/protocol";
import type { Size } from "../types";
import { button, h } from "./dom";
import { Foretaste } from "./foretaste";
import * as geometry from "./geometry";
import type { Layer, Layers } from "./layers";
import { createLegendView } from "./legend";
import { type MenuEntry, openMenu } from "./menu";
import type { Focus } from "./runs";
import { ViewSource } from "./view-source";

export interface ViewerOptions {
  view(request: ViewRequest): Promise<View | undefined>;
  /** What "compare with" offers. */
  others(): readonly Layer[];
  /** The place of the panel changes from one side to the other. */
  dock(): void;
  close(): void;
}

/** The picture as it lies on the canvas. */
export interface Scene {
  readonly at: geometry.Placement;
  readonly whole: Size;
  /** Changes with what the picture shows. */
  readonly key: string | undefined;
  /** What lies over the picture, drawn into a canvas of the same size; its key changes with what it shows. */
  over(context: CanvasRenderingContext2D): void;
  readonly overKey: string | undefined;
}

/** A place in the picture, from 0 at its top left corner to 1 at its bottom right. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Something to work on the picture with. What it leaves of the pointer pans and zooms. */
export interface ViewerTool {
  /** What the view is called meanwhile. */
  readonly title: string;
  /** A line on how it is used. */
  readonly hint: string;
  /** Candidates for what lies over the picture. */
  readonly over: readonly Layer[];
  /** Stands above the picture. */
  readonly bar: HTMLElement;
  /** Draws over the picture: `over` as well. */
  draw(context: CanvasRenderingContext2D, scene: Scene): void;
  /** True where the tool takes the pointer until it is released. */
  down(event: PointerEvent, spot: Spot): boolean;
  /** With every event of the pointer, also while it is not pressed. */
  move(event: PointerEvent, spot: Spot, held: boolean): void;
  up(event: PointerEvent, spot: Spot): void;
  /** What was begun is not to be: another finger has come, or the pointer is lost. */
  cancel(): void;
  leave(): void;
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

const WHEEL = 0.0015;
const KEY_PAN = 64;
const MARGIN = 12;
/** How much more than the viewport is asked for, so that a small move needs no new bitmap. */
const SPARE = 0.2;

export function createViewer(options: ViewerOptions): Viewer {
  let chosen: Layers | undefined;
  let other: Layer | undefined;
  let after: ViewSource | undefined;
  let before: ViewSource | undefined;
  let over: ViewSource | undefined;
  let tool: ViewerTool | undefined;
  let guest: Parameters<Viewer["put"]>[0];
  /** The pointer that the tool has taken. */
  let taken: { readonly id: number; readonly type: string } | undefined;
  /** Held down, it makes every drag a pan. */
  let spaceHeld = false;
  let at: geometry.Placement | undefined;
  let laidOut: Size | undefined;
  let fitted = true;
  let split = 0.5;
  let pinned = false;
  let viewport: Size = { width: 0, height: 0 };
  let queued = false;
  const foretaste = new Foretaste();

  const canvas = h("canvas", {
    class: "viewer-canvas",
    tabindex: 0,
    role: "img",
    "aria-label":
      "Large view. Wheel or plus and minus zoom, dragging or arrow keys pan, 0 fits, 1 shows one picture pixel for each screen pixel.",
  });
  const context = canvas.getContext("2d")!;
  const divider = h("div", {
    class: "viewer-divider",
    role: "slider",
    tabindex: 0,
    "aria-label": "Before and after",
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    hidden: true,
  });
  const beforeTag = h("span", { class: "viewer-tag before" });
  const afterTag = h("span", { class: "viewer-tag after" });
  const empty = h("div", { class: "viewer-empty" });
  const legend = createLegendView();
  const name = h("h2", { class: "viewer-name" }, ["View"]);
  const size = h("span", { class: "viewer-size" });
  const zoom = h("output", { class: "viewer-zoom", title: "Screen pixels for each picture pixel" });
  const place = h("span", { class: "viewer-place" });
  const pin = button("pin", "Keep this view when another node is selected", () => {
    pinned = !pinned;
    pin.setAttribute("aria-pressed", String(pinned));
  });
  pin.setAttribute("aria-pressed", "false");
  const compare = button("compare", "Compare with another picture", () => {
    const shown = after?.layer;
    const entries: MenuEntry[] = options
      .others()
      .filter((layer) => !(layer.node === shown?.node && layer.output === shown?.output))
      .map((layer) => ({
        label: layer.label,
        checked: layer.node === before?.layer?.node && layer.output === before?.layer?.output,
        act: () => compareWith(layer),
      }));
    if (before) entries.push(null, { label: "No comparison", act: () => compareWith(undefined) });
    openMenu(compare, entries.length ? ["Before", ...entries] : ["No other picture in the graph"], "Compare with");
  });
  compare.setAttribute("aria-haspopup", "menu");
  const fitButton = button("fit", "Fit the whole picture (0)", () => fit());
  const oneButton = button(undefined, "One picture pixel for each screen pixel (1)", () => oneToOne(), "1:1", "text-only");
  const dock = button("bottom", "Move the view to the other side", () => options.dock(), undefined, "dock-button");
  const close = button("close", "Hide the view", () => options.close());
  const toolBar = h("div", { class: "viewer-tools", hidden: true });
  const hint = h("span", { class: "viewer-hint" });
  const stage = h("div", { class: "viewer-stage" }, [canvas, beforeTag, afterTag, divider, legend.element, empty]);
  const footer = h("footer", { class: "viewer-footer" }, [zoom, place, hint]);
  const element = h("section", { class: "viewer", "aria-label": "Large view" }, [
    h("header", { class: "panel-header" }, [
      name,
      size,
      h("span", { class: "spacer" }),
      legend.button,
      pin,
      compare,
      fitButton,
      oneButton,
      dock,
      close,
    ]),
    toolBar,
    stage,
    footer,
  ]);

  const picture = (): Size | undefined => after?.size;

  /** Draws once before the next frame. */
  function paint(): void {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      draw();
    });
  }

  function layOut(): void {
    const whole = picture();
    if (!whole || !viewport.width || !viewport.height) {
      paint();
      return;
    }
    const same = laidOut && laidOut.width === whole.width && laidOut.height === whole.height;
    if (!at || fitted) at = geometry.fit(whole, viewport, MARGIN * devicePixelRatio);
    else if (!same && laidOut)
      at = geometry.carryOver(at, laidOut, whole, viewport) ?? geometry.fit(whole, viewport, MARGIN * devicePixelRatio);
    laidOut = whole;
    ask();
    paint();
  }

  function ask(): void {
    const whole = picture();
    if (!whole || !at) return;
    const spare = { width: Math.round(viewport.width * SPARE), height: Math.round(viewport.height * SPARE) };
    const wide = { width: viewport.width + 2 * spare.width, height: viewport.height + 2 * spare.height };
    const region = geometry.visibleRegion({ ...at, x: at.x + spare.width, y: at.y + spare.height }, whole, wide);
    if (!region) return;
    after?.want(region, geometry.bitmapSize(region, at.scale));
    if (over?.size) {
      const part = geometry.regionIn(over.size, region, whole);
      over.want(part, geometry.bitmapSize(part, (at.scale * whole.width) / over.size.width));
    }
    if (!before?.size) return;
    const part = geometry.regionIn(before.size, region, whole);
    before.want(part, geometry.bitmapSize(part, (at.scale * whole.width) / before.size.width));
  }

  function move(to: geometry.Placement): void {
    at = to;
    fitted = false;
    ask();
    paint();
  }

  function fit(): void {
    fitted = true;
    layOut();
  }

  function zoomAt(scale: number, x = viewport.width / 2, y = viewport.height / 2): void {
    const whole = picture();
    if (whole && at) move(geometry.zoomTo(at, scale, x, y, whole, viewport));
  }

  const oneToOne = (x?: number, y?: number): void => {
    zoomAt(1, x, y);
    if (at) move({ ...at, x: Math.round(at.x), y: Math.round(at.y) });
  };

  function setSplit(to: number): void {
    split = Math.min(1, Math.max(0, to));
    paint();
  }

  function draw(): void {
    const whole = picture();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const ready = whole && at;
    if (ready) {
      const box = geometry.regionOnScreen(at!, { left: 0, top: 0, ...whole! });
      checkerboard(box);
      drawSource(after!, whole!, context);
      foretaste.drawOver(context, { at: at!, whole: whole!, key: after?.tiles.at(-1)?.key });
      if (before?.tiles.length) {
        const edge = Math.round(split * canvas.width);
        context.save();
        context.beginPath();
        context.rect(0, 0, edge, canvas.height);
        context.clip();
        checkerboard(box);
        drawSource(before, whole!, context);
        context.restore();
      }
      tool?.draw(context, {
        at: at!,
        whole: whole!,
        key: after?.tiles.at(-1)?.key,
        over: (into) => over && drawSource(over, whole!, into),
        overKey: over?.tiles.at(-1)?.key,
      });
    }
    describe();
  }

  function checkerboard(box: { left: number; top: number; width: number; height: number }): void {
    const left = Math.max(0, Math.floor(box.left));
    const top = Math.max(0, Math.floor(box.top));
    const right = Math.min(canvas.width, Math.ceil(box.left + box.width));
    const bottom = Math.min(canvas.height, Math.ceil(box.top + box.height));
    if (right <= left || bottom <= top) return;
    context.fillStyle = pattern();
    context.fillRect(left, top, right - left, bottom - top);
  }

  let checks: CanvasPattern | undefined;
  function pattern(): CanvasPattern {
    if (checks) return checks;
    const tile = new OffscreenCanvas(16, 16);
    const ink = tile.getContext("2d")!;
    ink.fillStyle = "#2b2f37";
    ink.fillRect(0, 0, 16, 16);
    ink.fillStyle = "#383d47";
    ink.fillRect(0, 0, 8, 8);
    ink.fillRect(8, 8, 8, 8);
    checks = context.createPattern(tile, "repeat")!;
    return checks;
  }

  function drawSource(source: ViewSource, whole: Size, context: CanvasRenderingContext2D): void {
    if (!source.size || !at) return;
    const { sx, sy, x, y } = geometry.placementOf(source.size, at, whole);
    for (const { bitmap, region } of source.tiles) {
      const width = region.width * sx;
      const height = region.height * sy;
      context.imageSmoothingEnabled = width < bitmap.width || (bitmap.width < region.width && width > bitmap.width);
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, x + region.left * sx, y + region.top * sy, Math.max(1, width), Math.max(1, height));
    }
  }

  function describe(): void {
    const whole = picture();
    const both = Boolean(whole && before?.tiles.length);
    const labels = [both ? before?.layer?.label : undefined, after?.layer?.label].filter(Boolean);
    name.textContent = guest?.title ?? tool?.title ?? (labels.join("  |  ") || "View");
    name.title = name.textContent;
    size.textContent = whole && !guest ? `${whole.width} × ${whole.height}` : "";
    zoom.textContent = whole && at ? geometry.zoomText(at.scale) : "";
    legend.show(whole && !tool && !guest ? [both ? before?.legend : undefined, after?.legend] : []);
    for (const tag of [beforeTag, afterTag]) tag.hidden = !both;
    beforeTag.textContent = both ? (before!.layer?.label ?? "Before") : "";
    afterTag.textContent = both ? (after!.layer?.label ?? "After") : "";
    divider.hidden = !both;
    divider.style.left = `${split * 100}%`;
    divider.setAttribute("aria-valuenow", String(Math.round(split * 100)));
    divider.setAttribute("aria-valuetext", `${Math.round(split * 100)} % before`);
    compare.setAttribute("aria-pressed", String(both));
    compare.hidden = Boolean(tool ?? guest);
    for (const control of [pin, fitButton, oneButton, stage, footer]) control.hidden = Boolean(guest);
    empty.hidden = Boolean(whole || after?.searching);
    empty.replaceChildren(
      ...(chosen
        ? [h("strong", {}, ["Nothing to show yet"]), h("p", {}, ["Press Run: the picture of the selected node appears here."])]
        : [h("strong", {}, ["No picture selected"]), h("p", {}, ["Click a node to see its output here, at any zoom."])]),
    );
    for (const control of [fitButton, oneButton]) control.disabled = !whole;
  }

  function compareWith(layer: Layer | undefined): void {
    other = layer;
    connect();
  }

  /** Makes the sources for what is chosen, keeping those that stay. */
  function connect(): void {
    const changed = (): void => paint();
    const sized = (): void => layOut();
    const wantedBefore = other ? [other] : chosen?.before;
    after?.close();
    before?.close();
    foretaste.clear();
    after = chosen && new ViewSource(chosen.after, options.view, changed, sized, Boolean(tool));
    before = chosen && wantedBefore && !tool ? new ViewSource(wantedBefore, options.view, changed, sized) : undefined;
    layOut();
  }

  const point = (event: MouseEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * devicePixelRatio, y: (event.clientY - box.top) * devicePixelRatio };
  };

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      if (!at) return;
      const { x, y } = point(event);
      const delta = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1);
      zoomAt(at.scale * Math.exp(-Math.max(-200, Math.min(200, delta)) * (event.ctrlKey ? 0.01 : WHEEL)), x, y);
    },
    { passive: false },
  );
  /** Where in the picture the pointer is; it may be beside it. */
  const spotOf = (event: MouseEvent): Spot | undefined => {
    const whole = picture();
    if (!whole || !at) return undefined;
    const { x, y } = point(event);
    return { x: (x - at.x) / (at.scale * whole.width), y: (y - at.y) / (at.scale * whole.height) };
  };
  const drop = (): void => {
    if (!taken) return;
    taken = undefined;
    tool?.cancel();
  };
  const pointers = new Map<number, { x: number; y: number }>();
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    if (taken?.type === "pen" && event.pointerType === "touch") return; // the palm of the hand that draws
    canvas.setPointerCapture(event.pointerId);
    const alone = pointers.size === 0;
    pointers.set(event.pointerId, point(event));
    const spot = spotOf(event);
    if (!alone) drop();
    else if (tool && spot && event.button === 0 && !spaceHeld && tool.down(event, spot)) {
      taken = { id: event.pointerId, type: event.pointerType };
      return;
    }
    canvas.classList.add("dragging");
  });
  canvas.addEventListener("pointermove", (event) => {
    const whole = picture();
    const now = point(event);
    if (whole && at) {
      const pixel = geometry.pixelAt(at, now.x, now.y, whole);
      place.textContent = pixel ? `x ${pixel.x}  y ${pixel.y}` : "";
    }
    const spot = spotOf(event);
    if (tool && spot) tool.move(event, spot, taken?.id === event.pointerId);
    const was = pointers.get(event.pointerId);
    if (taken?.id === event.pointerId) {
      pointers.set(event.pointerId, now);
      return;
    }
    if (!was || !whole || !at) return;
    const partner = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (partner) {
      // The middle between the fingers moves half as far as one of them, and what is under it stays there.
      const distance = (p: { x: number; y: number }): number => Math.hypot(p.x - partner.x, p.y - partner.y);
      const scale = (at.scale * distance(now)) / Math.max(1, distance(was));
      const moved = geometry.pan(at, (now.x - was.x) / 2, (now.y - was.y) / 2, whole, viewport);
      move(geometry.zoomTo(moved, scale, (now.x + partner.x) / 2, (now.y + partner.y) / 2, whole, viewport));
    } else move(geometry.pan(at, now.x - was.x, now.y - was.y, whole, viewport));
    pointers.set(event.pointerId, now);
  });
  const release = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    if (taken?.id === event.pointerId) {
      const spot = spotOf(event);
      if (event.type === "pointercancel" || !spot) drop();
      else {
        taken = undefined;
        tool?.up(event, spot);
      }
    }
    if (!pointers.size) canvas.classList.remove("dragging");
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => {
    place.textContent = "";
    tool?.leave();
  });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  const space = (held: boolean) => (event: KeyboardEvent) => {
    if (event.key !== " " || !tool || (held && event.target !== canvas)) return;
    spaceHeld = held;
    canvas.classList.toggle("panning", held);
    event.preventDefault();
  };
  canvas.addEventListener("keydown", space(true));
  document.addEventListener("keyup", space(false));
  canvas.addEventListener("dblclick", (event) => {
    if (tool) return;
    const { x, y } = point(event);
    if (fitted) oneToOne(x, y);
    else fit();
  });
  element.addEventListener("keydown", (event) => {
    const whole = picture();
    if (!whole || !at || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === divider) {
      const by = { ArrowLeft: -0.02, ArrowRight: 0.02, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 }[event.key];
      if (by === undefined) return;
      setSplit(split + by);
    } else if (event.target === canvas) {
      const arrows: Record<string, readonly [number, number]> = {
        ArrowLeft: [1, 0],
        ArrowRight: [-1, 0],
        ArrowUp: [0, 1],
        ArrowDown: [0, -1],
      };
      const arrow = arrows[event.key];
      if (arrow) move(geometry.pan(at, arrow[0] * KEY_PAN, arrow[1] * KEY_PAN, whole, viewport));
      else if (event.key === "+" || event.key === "=") zoomAt(at.scale * 1.25);
      else if (event.key === "-") zoomAt(at.scale / 1.25);
      else if (event.key === "0") fit();
      else if (event.key === "1") oneToOne();
      else return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    event.preventDefault();
    divider.focus({ preventScroll: true });
  });
  divider.addEventListener("pointermove", (event) => {
    if (divider.hasPointerCapture(event.pointerId)) setSplit(point(event).x / Math.max(1, viewport.width));
  });

  new ResizeObserver(() => {
    const width = Math.round(stage.clientWidth * devicePixelRatio);
    const height = Math.round(stage.clientHeight * devicePixelRatio);
    if (width === viewport.width && height === viewport.height) return;
    viewport = { width, height };
    canvas.width = width;
    canvas.height = height;
    layOut();
    draw();
  }).observe(stage);
  describe();

  return {
    element,
    get nodes() {
      const layers = [...(chosen?.after ?? []), ...(chosen?.before ?? []), ...(other ? [other] : []), ...(tool?.over ?? [])];
      return [...new Set(layers.map((layer) => layer.node))];
    },
    get pinned() {
      return pinned;
    },
    show(layers) {
      if (JSON.stringify(layers) === JSON.stringify(chosen)) return;
      chosen = layers;
      if (other && layers?.after.some((layer) => layer.node === other?.node && layer.output === other.output)) other = undefined;
      connect();
    },
    refresh(node) {
      if (node !== undefined && !this.nodes.includes(node)) return;
      if (node === undefined) foretaste.stopped();
      else if (node === after?.layer?.node) foretaste.computed();
      for (const source of [after, before, over]) source?.refresh(node);
    },
    use(next) {
      if (next === tool) return;
      drop();
      tool = next;
      spaceHeld = false;
      toolBar.replaceChildren(...(next ? [next.bar] : []));
      toolBar.hidden = !next;
      hint.textContent = next?.hint ?? "";
      hint.title = hint.textContent;
      element.classList.toggle("with-tool", Boolean(next));
      over?.close();
      over = next && new ViewSource(next.over, options.view, paint, layOut, true);
      connect();
    },
    put(next) {
      if (next?.element !== guest?.element) guest?.element.remove();
      guest = next;
      if (next && !next.element.parentElement) element.append(next.element);
      describe();
    },
    inView: {
      request() {
        const [whole, layer] = [picture(), after?.layer];
        if (!whole || !at || !layer || !viewport.width || !viewport.height) return undefined;
        const seen = geometry.visibleRegion(at, whole, viewport);
        if (!seen) return undefined;
        const region = geometry.inFewSizes(seen, whole);
        return {
          node: layer.node,
          ...(layer.output && { output: layer.output }),
          region,
          ...geometry.bitmapSize(region, at.scale),
        };
      },
      show(region, view) {
        foretaste.add(region, view, after?.tiles.at(-1)?.key);
        paint();
      },
    },
    redraw: paint,
    focus: () => canvas.focus({ preventScroll: true }),
  };
}
