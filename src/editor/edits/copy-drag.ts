/** A drag of nodes with Alt: they stay where they are, and copies of them, seen meanwhile, come to where they are dragged to. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { Point } from "../wires/geometry";

/** Moved by less than this, in graph units, nothing is copied. */
const LEAST = 8;
/** How much of a copy to come is seen. */
const ALPHA = 0.55;

/** What draws nodes. */
interface NodeCanvas {
  editor_alpha: number;
  drawNode(node: LGraphNode, context: CanvasRenderingContext2D): void;
}

export class CopyDrag {
  readonly #from: readonly Point[];
  #to: readonly Point[];

  /** To be made as the drag begins. */
  constructor(private readonly nodes: readonly LGraphNode[]) {
    this.#from = nodes.map(placeOf);
    this.#to = this.#from;
  }

  /** Before litegraph moves what is dragged. */
  lift(): void {
    put(this.nodes, this.#to);
  }

  /** After it has, and at the end. */
  settle(): void {
    this.#to = this.nodes.map(placeOf);
    put(this.nodes, this.#from);
  }

  /** How far the copies are from their originals; undefined where that is none of a drag. */
  get by(): Point | undefined {
    const [[x, y] = [0, 0]] = this.#to;
    const [[left, top] = [0, 0]] = this.#from;
    return Math.hypot(x - left, y - top) < LEAST ? undefined : [x - left, y - top];
  }

  /** Over the graph, in its units. */
  draw(canvas: NodeCanvas, context: CanvasRenderingContext2D): void {
    if (!this.by) return;
    const { editor_alpha: alpha } = canvas;
    canvas.editor_alpha = ALPHA * alpha;
    for (const [i, node] of this.nodes.entries()) {
      context.save();
      context.translate(...this.#to[i]!);
      canvas.drawNode(node, context);
      context.restore();
    }
    canvas.editor_alpha = alpha;
  }
}

const placeOf = ({ pos: [x, y] }: LGraphNode): Point => [x, y];

function put(nodes: readonly LGraphNode[], places: readonly Point[]): void {
  for (const [i, node] of nodes.entries()) node.pos = [...places[i]!] as [number, number];
}
