/** What the large view says in the place of a picture that is not there. */
import type { NodeState } from "../../litegraph/state";

/** Title and message for the node that was chosen; `state` is undefined where none is. `busy`: a run is under way. */
export function absence(state: Pick<NodeState, "phase" | "error"> | undefined, busy: boolean): readonly [string, string] {
  const phase = state?.phase === "waiting" && !busy ? "idle" : state?.phase;
  switch (phase) {
    case undefined:
      return ["No picture selected", "Click a node to see its output here, at any zoom."];
    case "waiting":
      return ["Waiting", "The node is to be computed after others; its picture appears here."];
    case "running":
      return ["Being computed", "The picture appears here when the node has finished."];
    case "failed":
      return ["No picture", state?.error ?? "The node failed."];
    case "finished":
      return ["No picture", "The node has finished, and this output has nothing that can be drawn."];
    case "off":
      return ["No picture", "The node is muted or bypassed, so it is not run: set its mode to “always”."];
    default:
      return ["Nothing to show yet", "Press Run: the picture of the selected node appears here."];
  }
}
