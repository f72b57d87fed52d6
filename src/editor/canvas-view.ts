/**
 * What litegraph's canvas shows of the graph: sharp on HiDPI screens, fitted, moved and zoomed, with our own background, and text
 * that stays readable.
 */
import { type LGraph, LGraphCanvas, type LGraphNode, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import { definitionOf, nodesOf, type LGraphNode as OurNode } from "../litegraph/host";
import { isCollapsed } from "../litegraph/layout";
import { drawSmall, type Small } from "../litegraph/small";
import { hasMessage, stateOf } from "../litegraph/state";
import { clip, widthOf } from "../litegraph/text";
import { themeOf } from "../litegraph/theme";
import { Dots } from "./dots";
import { type DrawnGroup, drawGroups } from "./edits/group-drawing";
import { begun, type Frame, fitted, frameOf, moved, type Room, type View } from "./framing";
import { isNarrow } from "./narrow";
import { wheelFactor } from "./pointers";
import { zoomAbout } from "./viewer/geometry";
import { fits } from "./wires/fits";
import type { Box } from "./wires/geometry";
import { boxOf, TITLE } from "./wires/wires";

export type Point = [number, number];

const ZOOM = { least: 0.15, most: 3 };
/** Below this zoom litegraph leaves out all text. */
const TEXT_SCALE = 0.61;
/** Below this one, which counts double on fine screens, controls are left out. */
const SMALLEST = 0.45;

/** What a title leaves free at both ends of a node, in graph units. */
const TITLE_INSET = 46;

/** A node of ours draws nothing farther than this outside its box, in graph units. */
const HANGING = 120;

/** A node's shadow: how far it lies to the right and below, and how much larger than the node its layers are, in graph units. */
const SHADOW = { offset: 2, layers: [1.5, 0, -1.5], colour: "rgba(0, 0, 0, 0.19)" } as const;

function drawShadow(context: CanvasRenderingContext2D, node: LGraphNode): void {
  const [left, top, width, height] = boxOf(node);
  const { offset, layers, colour } = SHADOW;
  context.fillStyle = colour;
  for (const grown of layers) {
    const at = offset - grown;
    context.beginPath();
    context.roundRect(left - node.pos[0] + at, top - node.pos[1] + at, width + 2 * grown + 1, height + 2 * grown, 8 + grown);
    context.fill();
  }
}

export class CanvasView extends LGraphCanvas {
  #ratio = 1;
  readonly #viewTheme = themeOf(LiteGraph);
  readonly #dots = new Dots();
  /** What was last fitted, until somebody moves the view: a canvas of another size fits it again. */
  #fitted: (() => void) | undefined;

  constructor(element: HTMLCanvasElement, graph: LGraph) {
    super(element, graph, { skip_render: true });
    const font = getComputedStyle(document.documentElement).getPropertyValue("--font");
    this.title_text_font = `600 13px ${font}`;
    this.inner_text_font = `12px ${font}`;
    this.show_info = false;
    this.render_shadows = false; // blurred anew in every frame they cost more than all the rest
    this.render_canvas_border = false;
    this.zoom_modify_alpha = false;
    this.ds.min_scale = ZOOM.least;
    this.ds.max_scale = ZOOM.most;
    // The page measures in CSS pixels, the backing store in device pixels: only drawing knows the ratio.
    this.ds.toCanvasContext = (context: CanvasRenderingContext2D): void => {
      const scale = this.ds.scale * this.#ratio;
      context.scale(scale, scale);
      context.translate(this.ds.offset[0], this.ds.offset[1]);
    };
    this.ds.computeVisibleArea = (): void => {
      const { scale, offset, visible_area } = this.ds;
      visible_area[0] = -offset[0];
      visible_area[1] = -offset[1];
      visible_area[2] = element.clientWidth / scale;
      visible_area[3] = element.clientHeight / scale;
    };
    Object.assign(this, { onRenderBackground: this.#background });
  }

  /** Begins to draw. */
  protected start(): void {
    this.canvas.addEventListener("wheel", this.#wheel, { passive: false });
    new ResizeObserver(() => this.#resize()).observe(this.canvas);
    this.#watchRatio();
    this.#resize();
    this.startRendering();
  }

  /** The view is moved: it is not fitted any more. */
  protected stayPut(): void {
    this.#fitted = undefined;
  }

  /** So many CSS pixels at the top are covered: what is shown whole lies below. */
  covered: () => number = () => 0;

  /** Shows these nodes with a margin, never enlarged; where these are all, groups too. */
  fitNodes(nodes: readonly LGraphNode[]): void {
    this.#fit(nodes, (frame) => fitted(frame, this.#room, ZOOM.least));
  }

  /** Shows the graph as one comes to it: all of it, but on a narrow page its beginning where all would be too small. */
  showAnew(): void {
    const nodes = nodesOf(this.graph) as readonly LGraphNode[];
    const first = [...nodes].sort((a, b) => a.pos[0] - b.pos[0] || a.pos[1] - b.pos[1])[0];
    this.#fit(nodes, (frame) =>
      first && isNarrow()
        ? begun(frame, frameOf([first.getBounding()]), this.#room, ZOOM.least)
        : fitted(frame, this.#room, ZOOM.least),
    );
  }

  #fit(nodes: readonly LGraphNode[], view: (frame: Frame) => View): void {
    if (nodes.length) {
      const isAll = nodes.length === nodesOf(this.graph).length;
      const boxes = [
        ...nodes.map((node) => node.getBounding()),
        ...(isAll ? this.#groups.map(({ pos, size }) => [pos[0]!, pos[1]!, size[0]!, size[1]!]) : []),
      ] as const;
      this.setView(view(frameOf(boxes)));
    } else {
      this.ds.reset();
      this.setDirty(true, true);
    }
    this.#fitted = () => this.#fit(nodes, view);
  }

  get #room(): Room {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight, covered: this.covered() };
  }

  setView({ scale, offset }: View): void {
    this.stayPut();
    this.ds.scale = scale;
    this.ds.offset[0] = offset[0];
    this.ds.offset[1] = offset[1];
    this.setDirty(true, true);
  }

  /** Moves what is seen as little as shows these nodes too, at the same size; where they have no room so, all is shown. */
  reveal(nodes: readonly LGraphNode[]): void {
    const frame = frameOf(nodes.map((node) => node.getBounding()));
    const view = moved(this.ds as unknown as View, frame, this.#room);
    if (view) this.setView(view);
    else this.fitNodes(nodesOf(this.graph));
  }

  /** All of the node is within the canvas. */
  isInView(node: LGraphNode): boolean {
    this.ds.computeVisibleArea();
    const [left, top, width, height] = this.ds.visible_area;
    const [x, y, w, h] = node.getBounding();
    return x! >= left! && y! >= top! && x! + w! <= left! + width! && y! + h! <= top! + height!;
  }

  /** The graph point under a point of the page. */
  graphPoint(event: { clientX: number; clientY: number }): Point {
    const box = this.canvas.getBoundingClientRect();
    return this.ds.convertCanvasToOffset([event.clientX - box.left, event.clientY - box.top]) as Point;
  }

  /** The point of the page over a point of the graph. */
  pagePoint([x, y]: Point): { clientX: number; clientY: number } {
    const box = this.canvas.getBoundingClientRect();
    const { scale, offset } = this.ds;
    return { clientX: box.left + (x + offset[0]) * scale, clientY: box.top + (y + offset[1]) * scale };
  }

  /** The graph point in the middle of the view. */
  middle(): Point {
    return this.ds.convertCanvasToOffset([this.canvas.clientWidth / 2, this.canvas.clientHeight / 2]) as Point;
  }

  /** Moves what is seen by CSS pixels. */
  panBy(dx: number, dy: number): void {
    this.#fitted = undefined;
    this.ds.offset[0] += dx / this.ds.scale;
    this.ds.offset[1] += dy / this.ds.scale;
    this.setDirty(true, true);
  }

  /** Zooms around a point of the canvas in CSS pixels, by default its middle. */
  zoomBy(factor: number, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2): void {
    this.#fitted = undefined;
    const { scale, offset } = this.ds;
    const to = Math.min(ZOOM.most, Math.max(ZOOM.least, scale * factor));
    const at = zoomAbout({ scale, x: offset[0] * scale, y: offset[1] * scale }, to, x, y);
    Object.assign(offset, [at.x / to, at.y / to]);
    this.ds.scale = to;
    this.setDirty(true, true);
  }

  override centerOnNode(node: LGraphNode): void {
    this.#fitted = undefined;
    this.ds.offset[0] = this.canvas.clientWidth / 2 / this.ds.scale - node.pos[0] - node.size[0] / 2;
    this.ds.offset[1] = this.canvas.clientHeight / 2 / this.ds.scale - node.pos[1] - node.size[1] / 2;
    this.setDirty(true, true);
  }

  /**
   * litegraph asks each node for its box, and a node of ours then looks for what hangs below it: those far off are passed over.
   * Nodes with messages come last, which are not to be hidden by the next node.
   */
  override computeVisibleNodes(given: LGraphNode[] | null, out?: LGraphNode[]): LGraphNode[] {
    const [left, top, width, height] = this.visible_area as unknown as readonly [number, number, number, number];
    const isFar = ({ pos, size }: LGraphNode): boolean =>
      pos[0] > left + width + HANGING ||
      pos[0] + size[0] < left - HANGING ||
      pos[1] > top + height + HANGING ||
      pos[1] + size[1] < top - HANGING;
    const near: LGraphNode[] = [];
    const telling: LGraphNode[] = [];
    for (const node of given ?? (nodesOf(this.graph) as LGraphNode[])) {
      const isOurs = definitionOf(node as unknown as OurNode) !== undefined;
      if (!isOurs || !isFar(node)) (isOurs && hasMessage(stateOf(node)) ? telling : near).push(node);
    }
    return super.computeVisibleNodes([...near, ...telling], out);
  }

  /** Text stays readable down to a smaller zoom than litegraph's, and a long title ends at the node's edge. */
  override drawNode(node: LGraphNode, context: CanvasRenderingContext2D): void {
    const { scale } = this.ds;
    if (isCollapsed(node as unknown as OurNode)) this.#measureCollapsed(node, context);
    if (drawSmall(context, node as unknown as OurNode, this.#small(node))) return;
    this.ds.scale = Math.max(scale, Math.min(TEXT_SCALE, scale * this.#ratio * 2));
    if (scale >= TEXT_SCALE && this.editor_alpha === 1) drawShadow(context, node); // not seen below, and through a pale node
    const title = node.getTitle() ?? "";
    context.font = this.title_text_font;
    const shown = clip(context, this.title_text_font, title, node.size[0] - TITLE_INSET);
    if (shown !== title) node.getTitle = () => shown;
    super.drawNode(node, context);
    if (shown !== title) delete (node as { getTitle?: unknown }).getTitle;
    this.ds.scale = scale;
  }

  /** As litegraph measures it, which does so only where it draws it. */
  #measureCollapsed(node: LGraphNode, context: CanvasRenderingContext2D): void {
    context.font = this.inner_text_font;
    const title = widthOf(context, this.inner_text_font, node.getTitle() ?? "");
    Object.assign(node, { _collapsed_width: Math.min(node.size[0], title + 2 * TITLE) });
  }

  /** How a node is drawn at a small zoom. */
  #small(node: LGraphNode): Small {
    const from = this.connecting_output ?? this.connecting_input;
    const side = this.connecting_output ? "input" : "output";
    return {
      pixels: this.ds.scale * this.#ratio,
      isSelected: Boolean(node.is_selected),
      ...(from && { fits: (at, type) => at !== side || fits(from.type, type) }),
    };
  }

  get #groups(): readonly DrawnGroup[] {
    return (this.graph as unknown as { _groups: readonly DrawnGroup[] } | null)?._groups ?? [];
  }

  override drawGroups(_: unknown, context: CanvasRenderingContext2D): void {
    drawGroups(context, this.#groups, this.visible_area as unknown as Box, this.#viewTheme, this.ds.scale);
  }

  /** Where no text is drawn there is nothing to tell of controls. */
  override drawNodeWidgets(...drawn: Parameters<LGraphCanvas["drawNodeWidgets"]>): void {
    if (this.ds.scale >= SMALLEST) super.drawNodeWidgets(...drawn);
  }

  readonly #background = (_: HTMLCanvasElement, context: CanvasRenderingContext2D): true => {
    const { width, height } = context.canvas;
    const { scale, offset } = this.ds;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.#viewTheme.canvas;
    context.fillRect(0, 0, width, height);
    this.#dots.draw(context, { colour: this.#viewTheme.dots, scale: scale * this.#ratio, ratio: this.#ratio, offset });
    return true;
  };

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { deltaX, deltaY, shiftKey, ctrlKey } = event;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    const box = this.canvas.getBoundingClientRect();
    if (shiftKey || (deltaX && !ctrlKey && Math.abs(deltaX) > Math.abs(deltaY))) this.panBy(-(deltaX || deltaY) * lines, 0);
    else this.zoomBy(wheelFactor(event), event.clientX - box.left, event.clientY - box.top);
  };

  #resize(): void {
    this.#ratio = window.devicePixelRatio || 1;
    const width = Math.round(this.canvas.clientWidth * this.#ratio);
    const height = Math.round(this.canvas.clientHeight * this.#ratio);
    if (!width || !height || (this.canvas.width === width && this.canvas.height === height)) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.#fitted?.();
    this.draw(true, true);
  }

  #watchRatio(): void {
    matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
      "change",
      () => {
        this.#resize();
        this.#watchRatio();
      },
      { once: true },
    );
  }
}
