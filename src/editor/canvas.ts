/**
 * litegraph's canvas as this editor uses it: sharp on HiDPI screens, with our own background, menus and search box. What
 * litegraph opens by itself (number prompts that evaluate what is typed, property panels, menus that write titles into the
 * page as HTML, a clipboard that is configured unchecked) is overridden here and cannot be reached.
 */
import {
  type INodeInputSlot,
  type INodeOutputSlot,
  type LGraph,
  LGraphCanvas,
  type LGraphNode,
  LiteGraph,
} from "litegraph.js/build/litegraph.core.js";
import type { AnySchema } from "../graph/node";
import { socketType } from "../litegraph/slots";
import { socketColour, type Theme, themeOf } from "../litegraph/theme";
import type { Change } from "./change";
import { NodeDrag } from "./edits/drag";
import { GRID } from "./edits/grid";
import { wheelFactor } from "./pointers";
import { type Pressed, watchPress } from "./press";
import { zoomAbout } from "./viewer/geometry";
import { DraggedWire, type Refused } from "./wires/dragged";
import { drawBridges, drawWires, trace } from "./wires/drawing";
import { curvesOf, type Point as FixedPoint } from "./wires/geometry";
import { forgetRoutes, REACH, WireLayer, type WireSpot } from "./wires/layer";
import { leaving, type Wire, wiresInto } from "./wires/wires";

export type Point = [number, number];

/** A wire's loose end: the slot it hangs on. */
export interface LooseEnd {
  readonly node: LGraphNode;
  readonly slot: number;
  readonly side: "input" | "output";
  readonly type: string;
}

/** What the editor does in answer to the canvas. Points are in graph coordinates, events carry the place on the page. */
export interface CanvasActions {
  /** A double click on the background, or a wire dropped there. */
  search(event: MouseEvent, at: Point, from?: LooseEnd): void;
  nodeMenu(event: MouseEvent, node: LGraphNode): void;
  backgroundMenu(event: MouseEvent, at: Point): void;
  wireMenu(event: MouseEvent, spot: WireSpot): void;
  /** A wire was let go on a slot that does not take it. */
  refused(event: MouseEvent, refused: Refused): void;
  /** A node was let go on a wire that it fits. */
  dropOnWire(node: LGraphNode, wire: Wire): void;
  openNode(node: LGraphNode): void;
  selected(): void;
  /** A press of the pointer begins: what it does is one step of undo, once it is released. */
  pressed(): void;
  /** It is over, and has done this beside what the graph's own hooks tell. */
  released(change: Change | undefined): void;
}

type CanvasEvent = MouseEvent & { canvasX: number; canvasY: number };
interface ConnectionOptions {
  nodeFrom?: LGraphNode;
  slotFrom?: INodeOutputSlot;
  nodeTo?: LGraphNode;
  slotTo?: INodeInputSlot;
  e: CanvasEvent;
}

const ZOOM = { least: 0.15, most: 3 };
/** Below this zoom litegraph leaves out all text. */
const TEXT_SCALE = 0.61;

/** What a title leaves free at both ends of a node, in graph units. */
const TITLE_INSET = 46;

/** The text, or its longest beginning that is no wider than `room` with the dots that say so. */
function shorten(text: string, room: number, width: (text: string) => number): string {
  if (width(text) <= room) return text;
  let kept = Math.min(text.length, 200);
  while (kept > 1 && width(`${text.slice(0, kept)}…`) > room) kept--;
  return `${text.slice(0, kept)}…`;
}

export class GraphCanvas extends LGraphCanvas {
  #ratio = 1;
  readonly #actions: CanvasActions;
  readonly #theme: Theme;
  /** What was last shown whole, until somebody moves the view: a canvas of another size shows it whole again. */
  #fitted: readonly LGraphNode[] | undefined;
  readonly wires: WireLayer;
  readonly dragged: DraggedWire;
  readonly drag: NodeDrag;
  /** What litegraph is told of comes from a finger. */
  finger = false;
  /** From a press of the pointer to its release: says what has been dragged. */
  #press: (() => Change | undefined) | undefined;

  /** `definitions`: of the nodes that are offered where a slot refuses a wire. */
  constructor(element: HTMLCanvasElement, graph: LGraph, definitions: readonly AnySchema[], actions: CanvasActions) {
    super(element, graph, { skip_render: true });
    this.#actions = actions;
    this.#theme = themeOf(LiteGraph);
    this.dragged = new DraggedWire(this, definitions, this.#theme);
    this.wires = new WireLayer(this, (event, spot) => actions.wireMenu(event, spot));
    this.drag = new NodeDrag(this);
    const font = getComputedStyle(document.documentElement).getPropertyValue("--font");
    this.title_text_font = `600 13px ${font}`;
    this.inner_text_font = `12px ${font}`;
    this.show_info = false;
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
    Object.assign(this, { onRenderBackground: this.#background, renderLink: this.#drawDragged });
    this.onDrawForeground = (context) => {
      drawBridges(this, context);
      this.wires.draw(context);
      this.dragged.draw(context, [this.graph_mouse[0], this.graph_mouse[1]]);
    };
    const hooks = graph as unknown as { onNodeConnectionChange(side: number, node: LGraphNode): void };
    hooks.onNodeConnectionChange = (side, node) => side === LiteGraph.INPUT && node && forgetRoutes(node);
    element.addEventListener("pointerleave", () => this.wires.leave());
    this.onSelectionChange = () => actions.selected();
    this.onShowNodePanel = (node) => actions.openNode(node);
    element.addEventListener("wheel", this.#wheel, { passive: false });
    new ResizeObserver(() => this.#resize()).observe(element);
    this.#watchRatio();
    this.#resize();
    this.startRendering();
  }

  /** A control of a node is pressed: what else the press does is by the way. */
  get pressesControl(): boolean {
    return Boolean((this as unknown as { node_widget?: unknown }).node_widget);
  }

  /** Shows these nodes with a margin, never enlarged. */
  fitNodes(nodes: readonly LGraphNode[]): void {
    this.#fitted = nodes;
    if (!nodes.length) {
      this.ds.reset();
      this.setDirty(true, true);
      return;
    }
    const boxes = nodes.map((node) => node.getBounding());
    const left = Math.min(...boxes.map((box) => box[0]));
    const top = Math.min(...boxes.map((box) => box[1]));
    const right = Math.max(...boxes.map((box) => box[0] + box[2]));
    const bottom = Math.max(...boxes.map((box) => box[1] + box[3]));
    const margin = 24;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const scale = Math.min(1, (width - 2 * margin) / (right - left), (height - 2 * margin) / (bottom - top));
    this.ds.scale = Math.max(ZOOM.least, scale);
    this.ds.offset[0] = width / 2 / this.ds.scale - (left + right) / 2;
    this.ds.offset[1] = height / 2 / this.ds.scale - (top + bottom) / 2;
    this.setDirty(true, true);
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

  /** How near a wire has to be, in CSS pixels. */
  wireReach(finger = this.finger): number {
    return finger ? REACH.touch : REACH.mouse;
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

  /** Text stays readable down to a smaller zoom than litegraph's, and a long title ends at the node's edge. */
  override drawNode(node: LGraphNode, context: CanvasRenderingContext2D): void {
    const { scale } = this.ds;
    this.ds.scale = Math.max(scale, Math.min(TEXT_SCALE, scale * this.#ratio * 2));
    const title = node.getTitle() ?? "";
    context.font = this.title_text_font;
    const shown = shorten(title, node.size[0] - TITLE_INSET, (text) => context.measureText(text).width);
    if (shown !== title) node.getTitle = () => shown;
    super.drawNode(node, context);
    if (shown !== title) delete (node as { getTitle?: unknown }).getTitle;
    this.ds.scale = scale;
  }

  override drawConnections(context: CanvasRenderingContext2D): void {
    drawWires(this, context);
  }

  override processMouseDown(event: MouseEvent): boolean | undefined {
    this.#actions.pressed();
    const at = this.graphPoint(event);
    const node = this.graph.getNodeOnPos(...at, this.visible_nodes, 5) as LGraphNode | null;
    const spot = node || event.button !== 0 || event.ctrlKey ? undefined : this.wires.at(at, this.wireReach());
    if (spot) this.wires.press(event, spot);
    else this.wires.leave();
    const held = wiresInto(this.graph, node);
    const result = super.processMouseDown(event);
    if (spot) Object.assign(this, { dragging_canvas: false, selected_group: null });
    this.dragged.pulled(held.find(({ link }) => !this.graph.links[link.id]));
    if (this.dragging_canvas) this.#fitted = undefined;
    this.#press = watchPress(this as unknown as Pressed, node ?? undefined);
    return result;
  }
  override processMouseMove(event: MouseEvent): boolean | undefined {
    const at = this.graphPoint(event);
    if (this.wires.move(event, at)) return false;
    this.drag.lift();
    const result = super.processMouseMove(event);
    this.drag.settle(at);
    this.dragged.move(at);
    if (!event.buttons)
      this.wires.hover(at, (this.graph.getNodeOnPos(...at, this.visible_nodes) as LGraphNode | null) ?? undefined);
    return result;
  }
  override processMouseUp(event: MouseEvent): boolean | undefined {
    const refused = this.dragged.release();
    const dropped = this.drag.release();
    const result = super.processMouseUp(event);
    if (dropped) this.#actions.dropOnWire(dropped.node, dropped.wire);
    this.dragged.settle();
    const change = this.wires.release(event) ?? this.#press?.();
    this.#press = undefined;
    this.#actions.released(change);
    if (refused) this.#actions.refused(event, refused);
    return result;
  }

  override processContextMenu(node: LGraphNode | null, event: CanvasEvent): void {
    const at: Point = [event.canvasX, event.canvasY];
    const spot = node ? undefined : this.wires.at(at, this.wireReach());
    if (node) this.#actions.nodeMenu(event, node);
    else if (spot) this.#actions.wireMenu(event, spot);
    else this.#actions.backgroundMenu(event, at);
  }
  override showSearchBox(event: CanvasEvent): void {
    if (!this.wires.pressed) this.#actions.search(event, [event.canvasX, event.canvasY]);
  }
  showConnectionMenu({ nodeFrom, slotFrom, nodeTo, slotTo, e }: ConnectionOptions): false {
    if (this.dragged.hung) return false;
    const at: Point = [e.canvasX, e.canvasY];
    if (nodeFrom && slotFrom)
      this.#actions.search(e, at, {
        node: nodeFrom,
        slot: nodeFrom.outputs.indexOf(slotFrom),
        side: "output",
        type: String(slotFrom.type),
      });
    else if (nodeTo && slotTo)
      this.#actions.search(e, at, {
        node: nodeTo,
        slot: nodeTo.inputs.indexOf(slotTo),
        side: "input",
        type: String(slotTo.type),
      });
    return false;
  }

  // The editor handles keys, drops and the clipboard itself.
  override processKey(): undefined {}
  override processDrop(event: DragEvent): void {
    event.preventDefault();
  }
  override copyToClipboard(): void {}
  override pasteFromClipboard(): void {}
  override processMouseWheel(): undefined {}
  showShowNodePanel(): void {}
  showShowGraphOptionsPanel(): void {}

  /** The wire being dragged; all others are drawn above. litegraph's types leave out the first argument. */
  readonly #drawDragged = (
    context: CanvasRenderingContext2D,
    ...[start, end, , , , , side]: [FixedPoint, FixedPoint, unknown, unknown, unknown, unknown, number]
  ): void => {
    const type = String(socketType((this.connecting_output ?? this.connecting_input)?.type ?? ""));
    const { refused } = this.dragged;
    context.lineWidth = this.connections_width + (refused ? 1 : 0);
    context.strokeStyle = refused ? this.#theme.bad : socketColour(this.#theme, type);
    context.fillStyle = context.strokeStyle;
    context.stroke(trace(curvesOf([start, end], leaving(side), [0, 0])));
  };

  readonly #background = (_: HTMLCanvasElement, context: CanvasRenderingContext2D): true => {
    const { width, height } = context.canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.#theme.canvas;
    context.fillRect(0, 0, width, height);
    let step = GRID * this.ds.scale * this.#ratio;
    while (step < 14 * this.#ratio) step *= 2;
    const first = (offset: number): number => ((((offset * this.ds.scale * this.#ratio) % step) + step) % step) - step;
    const dot = Math.max(1, Math.round(1.2 * this.#ratio));
    context.fillStyle = this.#theme.dots;
    for (let y = first(this.ds.offset[1]); y < height; y += step)
      for (let x = first(this.ds.offset[0]); x < width; x += step) context.fillRect(Math.round(x), Math.round(y), dot, dot);
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
    if (this.#fitted) this.fitNodes(this.#fitted);
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

// litegraph attaches only canvases whose constructor is its own, by identity: a subclass has to claim it.
Object.defineProperty(GraphCanvas.prototype, "constructor", { value: LGraphCanvas });
