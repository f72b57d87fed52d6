/**
 * litegraph's canvas as this editor uses it, with our own view of the graph, wires, menus and search box. What litegraph opens by itself (number prompts that evaluate what is typed, property panels, menus that write titles into the
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
import { drawBand } from "./band";
import { CanvasView, type Point } from "./canvas-view";
import type { Change } from "./change";
import { tintOf } from "./edits/colours";
import { CopyDrag } from "./edits/copy-drag";
import { NodeDrag } from "./edits/drag";
import { GROUP_TITLE, type Group } from "./edits/group-drawing";
import { type Pressed, watchPress } from "./press";
import { watchSpace } from "./space";
import { DraggedWire, type Refused } from "./wires/dragged";
import { drawBridge, drawWires, trace } from "./wires/drawing";
import { type Flow, flowOf } from "./wires/flow";
import { curvesOf, type Point as FixedPoint } from "./wires/geometry";
import { forgetRoutes, REACH, WireLayer, type WireSpot } from "./wires/layer";
import { leaving, type Wire, wiresInto } from "./wires/wires";

export type { Point } from "./canvas-view";

/** A wire's loose end: the slot it hangs on. */
export interface LooseEnd {
  readonly node: LGraphNode;
  readonly slot: number;
  readonly side: "input" | "output";
  readonly type: string;
  /** It was pulled off a slot, as a step of undo that has been made. */
  readonly pulled?: boolean;
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
  /** A double click on a node, or on its title. */
  openNode(node: LGraphNode): void;
  /** The selected nodes were dragged with Alt, this far, and are back where they were. */
  copied(by: FixedPoint): void;
  openTitle(node: LGraphNode): void;
  /** A double click on a group's title. */
  openGroup(group: Group): void;
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

/** Farther apart, in CSS pixels, two presses are no double click, and a press and its release no click. */
const SLACK = 6;

export class GraphCanvas extends CanvasView {
  readonly #actions: CanvasActions;
  readonly #theme: Theme;
  readonly wires: WireLayer;
  readonly dragged: DraggedWire;
  readonly drag: NodeDrag;
  /** Along which wires values flow when wires were last drawn; undefined: along all. */
  #flow: Flow | undefined;
  /** What litegraph is told of comes from a finger. */
  finger = false;
  /** From a press of the pointer to its release: says what has been dragged. */
  #press: (() => Change | undefined) | undefined;
  /** Where the last press was, on the page. */
  #pressed: FixedPoint = [0, 0];
  readonly #space;
  /** Drawn around nodes to select them. */
  #band: ArrayLike<number> | null = null;
  /** The press is on one of several nodes that are selected: a drag moves all, a click selects that one. */
  #among: LGraphNode | undefined;
  /** The nodes that are dragged are to be copied. */
  #copying: CopyDrag | undefined;
  /** What a press opens once it is released and has become a step: it asks for something, and is given the keys. */
  #opens: (() => void) | undefined;
  /** The press moves the view, as the middle button does. */
  #pans = false;

  /** `definitions`: of the nodes that are offered where a slot refuses a wire. */
  constructor(element: HTMLCanvasElement, graph: LGraph, definitions: readonly AnySchema[], actions: CanvasActions) {
    super(element, graph);
    this.#actions = actions;
    this.#theme = themeOf(LiteGraph);
    this.dragged = new DraggedWire(this, definitions, this.#theme);
    this.wires = new WireLayer(this, (event, spot) => actions.wireMenu(event, spot));
    this.drag = new NodeDrag(this);
    this.#space = watchSpace(element);
    Object.assign(this, { renderLink: this.#drawDragged });
    this.onDrawForeground = (context) => {
      this.wires.draw(context);
      this.dragged.draw(context, [this.graph_mouse[0], this.graph_mouse[1]]);
      this.#copying?.draw(this, context);
      if (this.#band) drawBand(context, this.#band, this.#theme, this.ds.scale);
    };
    const hooks = graph as unknown as { onNodeConnectionChange(side: number, node: LGraphNode): void };
    hooks.onNodeConnectionChange = (side, node) => side === LiteGraph.INPUT && node && forgetRoutes(node);
    element.tabIndex = 0; // litegraph puts it ahead of all
    element.addEventListener("pointerleave", () => this.wires.leave());
    this.onSelectionChange = () => actions.selected();
    this.onShowNodePanel = (node) => {
      if (this.graph_mouse[1] < node.pos[1]) this.#opens = () => actions.openTitle(node);
      else actions.openNode(node);
    };
    this.start();
  }

  /** A control of a node is pressed: what else the press does is by the way. */
  get pressesControl(): boolean {
    return Boolean((this as unknown as { node_widget?: unknown }).node_widget);
  }

  /** How near a wire has to be, in CSS pixels. */
  wireReach(finger = this.finger): number {
    return finger ? REACH.touch : REACH.mouse;
  }

  /** In the theme's colours, with what a bypassed node hands on across it. */
  override drawNode(node: LGraphNode, context: CanvasRenderingContext2D): void {
    const { color, bgcolor } = node;
    const tint = tintOf(this.#theme, bgcolor || color);
    if (tint) Object.assign(node, tint);
    super.drawNode(node, context);
    if (tint) Object.assign(node, { color, bgcolor });
    for (const bridge of this.#flow?.bridges ?? []) if (bridge.node === node) drawBridge(this, context, bridge);
  }

  override drawConnections(context: CanvasRenderingContext2D): void {
    this.#flow = flowOf(this.graph);
    drawWires(this, context, this.#flow);
  }

  /** litegraph's own rectangle around nodes is not drawn. */
  override drawFrontCanvas(): void {
    const band = this.dragging_rectangle;
    this.#band = band;
    this.dragging_rectangle = null;
    super.drawFrontCanvas();
    this.dragging_rectangle = band;
  }

  override processMouseDown(event: MouseEvent): boolean | undefined {
    this.#actions.pressed();
    this.#pans = event.button === 0 && this.#space.held;
    if (this.#pans) asMiddle(event);
    if (!this.#isNear(event)) this.last_mouseclick = 0; // it asks for the time only
    this.#pressed = [event.clientX, event.clientY];
    const at = this.graphPoint(event);
    const node = this.graph.getNodeOnPos(...at, this.visible_nodes, 5) as LGraphNode | null;
    const spot = node || this.#pans || event.button !== 0 || event.ctrlKey ? undefined : this.wires.at(at, this.wireReach());
    if (spot) this.wires.press(event, spot);
    else this.wires.leave();
    const held = wiresInto(this.graph, node);
    const result = super.processMouseDown(event);
    if (spot) Object.assign(this, { dragging_canvas: false, selected_group: null });
    this.dragged.pulled(held.find(({ link }) => !this.graph.links[link.id]));
    if (this.dragging_canvas) this.stayPut();
    this.#press = watchPress(this as unknown as Pressed, node ?? undefined);
    if (event.altKey && (this as unknown as Pressed).node_dragged)
      this.#copying = new CopyDrag(Object.values(this.selected_nodes));
    return result;
  }
  /** No farther from where it was pressed last than a hand trembles. */
  #isNear({ clientX, clientY }: MouseEvent): boolean {
    return Math.hypot(clientX - this.#pressed[0], clientY - this.#pressed[1]) <= SLACK;
  }
  override processNodeSelected(node: LGraphNode, event: MouseEvent): void {
    const adds = event.shiftKey || event.ctrlKey || event.metaKey;
    this.#among = !adds && node.is_selected && Object.keys(this.selected_nodes).length > 1 ? node : undefined;
    if (!this.#among) super.processNodeSelected(node, event);
  }
  override processMouseMove(event: MouseEvent): boolean | undefined {
    const at = this.graphPoint(event);
    if (this.wires.move(event, at)) return false;
    this.#copying?.lift();
    this.drag.lift();
    const result = super.processMouseMove(event);
    this.drag.settle(at, !this.#copying);
    this.#copying?.settle();
    this.dragged.move(at);
    if (!event.buttons)
      this.wires.hover(at, (this.graph.getNodeOnPos(...at, this.visible_nodes) as LGraphNode | null) ?? undefined);
    return result;
  }
  override processMouseUp(event: MouseEvent): boolean | undefined {
    if (this.#pans) asMiddle(event);
    if (!this.#isNear(event)) this.last_mouseclick = 0; // a drag is no first half of a double click
    const refused = this.dragged.release();
    const dropped = this.drag.release();
    const result = super.processMouseUp(event);
    const copied = this.#copying?.by;
    this.#copying = undefined;
    if (dropped) this.#actions.dropOnWire(dropped.node, dropped.wire);
    this.dragged.settle();
    const change = this.wires.release(event) ?? this.#press?.();
    this.#press = undefined;
    this.#actions.released(change);
    if (copied) this.#actions.copied(copied);
    else if (this.#among && this.#isNear(event)) this.selectNodes([this.#among]);
    this.#among = undefined;
    if (refused) this.#actions.refused(event, refused);
    this.#opens?.();
    this.#opens = undefined;
    return result;
  }

  override processContextMenu(node: LGraphNode | null, event: CanvasEvent): void {
    const at: Point = [event.canvasX, event.canvasY];
    const spot = node ? undefined : this.wires.at(at, this.wireReach());
    if (node) this.#actions.nodeMenu(event, node);
    else if (spot) this.#actions.wireMenu(event, spot);
    else this.#actions.backgroundMenu(event, at);
  }
  /** At a double click beside all nodes. */
  override showSearchBox(event: CanvasEvent): void {
    const at: Point = [event.canvasX, event.canvasY];
    const group = this.graph.getGroupOnPos(...at) as Group | undefined | null;
    if (group && at[1] - group.pos[1]! < GROUP_TITLE) this.#opens = () => this.#actions.openGroup(group);
    else if (!this.wires.pressed) this.#actions.search(event, at);
  }
  showConnectionMenu({ nodeFrom, slotFrom, nodeTo, slotTo, e }: ConnectionOptions): false {
    const at: Point = [e.canvasX, e.canvasY];
    const pulled = this.dragged.hung;
    let from: LooseEnd | undefined;
    if (nodeFrom && slotFrom) {
      const slot = nodeFrom.outputs.indexOf(slotFrom);
      from = { node: nodeFrom, slot, side: "output", type: String(slotFrom.type), pulled };
    } else if (nodeTo && slotTo) {
      const slot = nodeTo.inputs.indexOf(slotTo);
      from = { node: nodeTo, slot, side: "input", type: String(slotTo.type), pulled };
    }
    if (from) this.#opens = () => this.#actions.search(e, at, from);
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
}

/** litegraph asks for `which`. */
const asMiddle = (event: MouseEvent): void => void Object.defineProperty(event, "which", { value: 2 });

// litegraph attaches only canvases whose constructor is its own, by identity: a subclass has to claim it.
Object.defineProperty(GraphCanvas.prototype, "constructor", { value: LGraphCanvas });
