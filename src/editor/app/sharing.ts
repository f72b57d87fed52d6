/** The editor's side of a graph's app: what it shows is marked as a step of undo, it is opened, its link is copied. */
import type { Engine } from "../../browser/protocol";
import { type AppMarks, withMarks } from "../../graph/app";
import { isRecord } from "../../graph/json";
import type { StoredGraph } from "../../graph/stored";
import type { Commands } from "../commands/commands";
import type { GraphDocument } from "../document";
import { withFiles } from "../embedding";
import type { NodeActions } from "../node-actions";
import type { Toasts } from "../toasts";
import { addressWith, LONGEST_SHARED } from "./address";
import { showLink } from "./link";
import { withoutPhoto } from "./model";

/** Marks what the app shows. */
export function markApp(document: GraphDocument, marks: AppMarks): void {
  document.annotate("change what the app shows", (sftgan) => withMarks(sftgan, marks));
}

export interface SharingParts {
  readonly document: GraphDocument;
  readonly nodes: NodeActions;
  readonly engine: Pick<Engine, "readFile">;
  readonly toasts: Toasts;
}

export function provideAppCommands(commands: Commands, { document, nodes, engine, toasts }: SharingParts): void {
  const attempt = (act: () => Promise<void> | void) => async () => {
    try {
      await act();
    } catch (error) {
      toasts.fail(error);
    }
  };
  commands.provide({
    "app.open": attempt(() => {
      window.open(addressWith(withoutTakes(document.stored()), location.href, true), "_blank");
    }),
    "app.link": attempt(async () => {
      const own = withoutTakes(withoutPhoto(document.stored(), nodes.definitions));
      const { graph, left } = await withFiles(own, nodes.definition, engine);
      const link = addressWith(graph, location.href, true, LONGEST_SHARED);
      const missing = left.length > 0 ? ` Without ${left.join(", ")}, which is not here or too large.` : "";
      try {
        await navigator.clipboard.writeText(link);
        toasts.show(`The link is copied: ${link.length} characters. Whoever opens it has the app.${missing}`);
      } catch {
        showLink(link); // on pages that are not secure, and where a browser asks and is refused
      }
    }),
  });
}

/** Takes are this person's own, and large. */
function withoutTakes(graph: StoredGraph): StoredGraph {
  if (!isRecord(graph.extra.sftgan)) return graph;
  const { takes: _, ...own } = graph.extra.sftgan;
  return { ...graph, extra: { ...graph.extra, sftgan: own } };
}
