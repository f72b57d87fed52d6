/** One edit of the graph, one step of undo, named by who makes it. */
import type { GraphDocument } from "../document";

/** `merge`: steps with the same key made shortly after one another are one. */
export function step(document: GraphDocument, label: string, act: () => void, merge?: string): void {
  document.edit(label, act, merge === undefined ? {} : { merge });
}
