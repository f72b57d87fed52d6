/**
 * Fingers on the graph: one pans on the background and drags nodes, wires and widgets, two zoom, a tap selects, a rest opens the
 * menu. litegraph knows the mouse only: what a finger does to a node or a wire reaches it as the mouse would.
 */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { GraphCanvas, Point } from "./canvas";
import { GROUP_TITLE } from "./edits/group-drawing";
import { listenToPointers } from "./pointers";
import { slotPlace } from "./wires/wires";

/** A finger finds slots this near, in CSS pixels. */
const SLOT_REACH = 24;

interface Place {
  readonly clientX: number;
  readonly clientY: number;
}

export function listenToFingers(canvas: GraphCanvas): void {
  const element = canvas.canvas;

  function mouse(type: "mousedown" | "mousemove" | "mouseup", { clientX, clientY }: Place, button = 0): void {
    const buttons = type === "mouseup" ? 0 : button === 2 ? 2 : 1;
    const event = new MouseEvent(type, { bubbles: true, cancelable: true, clientX, clientY, button, buttons });
    Object.defineProperty(event, "which", { value: button + 1 }); // which litegraph asks for
    canvas.finger = true;
    try {
      element.dispatchEvent(event);
    } finally {
      canvas.finger = false;
    }
  }

  /** The slot nearest to a finger, where one is near; the finger's own place otherwise. */
  function slotNear(place: Place): Place {
    const at = canvas.graphPoint(place);
    let best: Point | undefined;
    let distance = SLOT_REACH / canvas.ds.scale;
    for (const node of canvas.visible_nodes as LGraphNode[]) {
      if (node.flags.collapsed) continue;
      for (const side of ["input", "output"] as const)
        for (let slot = ((side === "input" ? node.inputs : node.outputs) ?? []).length - 1; slot >= 0; slot--) {
          const [x, y] = slotPlace(node, side, slot);
          const away = Math.hypot(x - at[0], y - at[1]);
          if (away >= distance) continue;
          distance = away;
          best = [x, y];
        }
    }
    return best ? canvas.pagePoint(best) : place;
  }

  /** Where a drag from here takes hold; undefined on the background. */
  function hold(place: Place): Place | undefined {
    const slot = slotNear(place);
    if (slot !== place) return slot;
    const at = canvas.graphPoint(place);
    if (canvas.graph.getNodeOnPos(...at, canvas.visible_nodes, 5)) return place;
    if (canvas.wires.at(at, canvas.wireReach(true))) return place;
    const group = canvas.graph.getGroupOnPos(...at) as { pos: Point; size: Point } | undefined | null;
    if (!group) return undefined;
    const corner = Math.hypot(at[0] - group.pos[0] - group.size[0], at[1] - group.pos[1] - group.size[1]);
    // Within its frame a finger pans.
    return at[1] - group.pos[1] < GROUP_TITLE || corner * canvas.ds.scale < SLOT_REACH ? place : undefined;
  }

  listenToPointers(
    element,
    {
      ignores: ({ pointerType }) => pointerType !== "touch",
      pan: (dx, dy) => canvas.panBy(dx, dy),
      zoom: (factor, { x, y }) => canvas.zoomBy(factor, x, y),
      take(press) {
        const from = hold(press);
        canvas.last_mouseclick = 0; // a tap and then a drag are no double click
        if (from) mouse("mousedown", from);
        return from !== undefined;
      },
      move: (event, doing) => event && doing === "taken" && mouse("mousemove", event),
      drop(event) {
        const at = canvas.connecting_node ? slotNear(event) : event;
        mouse("mousemove", at);
        mouse("mouseup", at);
      },
      tap(event) {
        mouse("mousedown", event);
        mouse("mouseup", event);
      },
      hold(press) {
        mouse("mousedown", press, 2);
        mouse("mouseup", press, 2);
      },
    },
    { wheel: false },
  );
  // Neither a mouse made up by the browser, nor the page's own scrolling and zooming.
  element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  element.addEventListener("gesturestart", (event) => event.preventDefault());
}
