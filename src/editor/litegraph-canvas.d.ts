/** What litegraph's own types leave out of its canvas. */
import type { INodeInputSlot, INodeOutputSlot, LGraphNode } from "litegraph.js";

declare module "litegraph.js" {
  interface LGraphCanvas {
    /** When the last press was, for double clicks. */
    last_mouseclick: number;
    /** Where the pointer is in the graph. */
    readonly graph_mouse: readonly [number, number];
    /** The slot that the wire being dragged hangs on. */
    connecting_node: LGraphNode | null;
    connecting_output: INodeOutputSlot | null;
    connecting_input: INodeInputSlot | null;
    connecting_slot: number;
    connecting_pos: unknown;
    /** Of all nodes, or of these, those in view: in a new list, or in `out`. */
    computeVisibleNodes(nodes: LGraphNode[] | null, out?: LGraphNode[]): LGraphNode[];
    /** Around nodes that are being selected: left, top, width, height. */
    dragging_rectangle: [number, number, number, number] | null;
    drawGroups(canvas: unknown, context: CanvasRenderingContext2D): void;
    isOverNodeOutput(node: LGraphNode, x: number, y: number): number;
  }
}
