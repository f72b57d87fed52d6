/** After a run on a narrow page, where neither the large view nor the graph shows its result, one press leads there. */
import type { RunReport } from "../browser/protocol";
import type { GraphCanvas } from "./canvas";
import type { GraphDocument } from "./document";
import { defaultNode } from "./layers";
import { isNarrow } from "./narrow";
import type { NodeActions } from "./node-actions";
import { goToNode } from "./subgraphs/go";
import type { Toasts } from "./toasts";

export interface ResultOfferParts {
  readonly document: GraphDocument;
  readonly nodes: NodeActions;
  readonly canvas: GraphCanvas;
  readonly toasts: Toasts;
  /** The large view is open. */
  readonly isOpen: boolean;
  /** Opens the large view. */
  open(): void;
}

export interface ResultOffer {
  /** A run of the whole graph has ended. */
  make(report: RunReport | undefined): void;
  /** The graph has changed: in another one there is nothing to lead to. */
  changed(replaced?: boolean): void;
  /** There is nothing to lead to any more, or it is seen. */
  withdraw(): void;
}

export function createResultOffer(parts: ResultOfferParts): ResultOffer {
  const { document, nodes, canvas, toasts } = parts;
  let withdraw = (): void => {};

  function isSeen(id: number): boolean {
    const node = nodes.byId(String(id));
    return parts.isOpen || (node !== undefined && canvas.isInView(node));
  }

  return {
    make(report) {
      if (!isNarrow() || !report || report.cancelled || Object.keys(report.errors).length > 0) return;
      const id = defaultNode(document.stored(), nodes.definition);
      if (id === undefined || isSeen(id)) return;
      const act = (): void => {
        parts.open();
        toasts.attempt(() => goToNode(document, nodes, id));
      };
      withdraw = toasts.show("The result is there.", "info", [{ label: "Show the result", act }]);
    },
    changed(replaced) {
      if (replaced) withdraw();
    },
    withdraw: () => withdraw(),
  };
}
