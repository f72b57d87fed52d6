/** What the page's parts do once the engine has told of something, or the graph has changed. */
import type { EngineEvent } from "../browser/protocol";
import type { Attachment } from "../litegraph/attachment";
import type { Autosave } from "./autosave";
import type { ContactSheet } from "./contact-sheet/sheet";
import type { GraphDocument } from "./document";
import type { LargeView } from "./large-view";
import type { NodeActions } from "./node-actions";
import type { Painter } from "./painter/painter";
import type { Viewer } from "./viewer/viewer";

const EVENTS_KEPT = 2000;

export interface EngineFollowers {
  readonly nodes: NodeActions;
  readonly viewer: Viewer;
  readonly painter: Painter;
  readonly contactSheet: ContactSheet;
  readonly longRuns: { hear(event: EngineEvent): void };
  readonly params: { refresh(): void };
  readonly announcer: { say(text: string): void };
}

/** Returns the last events, which goes on growing. */
export function followEngine(runner: Attachment, parts: EngineFollowers): readonly EngineEvent[] {
  const { nodes, viewer, painter, contactSheet, longRuns, params, announcer } = parts;
  const events: EngineEvent[] = [];
  runner.listen((event) => {
    events.push(event);
    if (events.length > EVENTS_KEPT) events.shift();
    longRuns.hear(event);
    painter.hear(event);
    contactSheet.hear(event);
    if (event.kind === "finished" || event.kind === "cached" || event.kind === "kept") viewer.refresh(event.node);
    const isSelected = "node" in event && nodes.selected.some(({ id }) => String(id) === event.node);
    if (isSelected) params.refresh();
    if (isSelected && event.kind === "finished") announcer.say(`${nodes.titleOf(event.node)}: finished, ${event.summary}`);
    if (isSelected && event.kind === "failed") announcer.say(`${nodes.titleOf(event.node)}: failed: ${event.message}`);
    if (event.kind === "failed") viewer.refresh(event.node);
    if (event.kind === "started" && viewer.nodes.includes(event.node)) viewer.redraw();
  });
  return events;
}

export interface GraphFollowers {
  readonly autosave: Autosave;
  readonly runner: Attachment;
  readonly viewer: Viewer;
  readonly largeView: LargeView;
  readonly params: { refresh(): void };
  /** Are told of every change, and whether the graph is another. */
  readonly panels: readonly { changed(replaced?: boolean): void }[];
  refresh(): void;
  showPicture(): void;
}

export function followGraph(document: GraphDocument, parts: GraphFollowers): void {
  const { autosave, runner, viewer, largeView, params, panels } = parts;
  document.listen((change) => {
    parts.refresh();
    autosave.save(document.title, () => document.history.present);
    const replaced = change !== "restored" && change.replaced === true;
    const changes = change === "restored" || !change.cosmetic;
    if (replaced || (changes && !runner.auto)) void runner.glance({ anew: replaced }).then(() => replaced && viewer.refresh());
    if (changes) viewer.redraw();
    largeView.graphChanged(change === "restored" || replaced, replaced);
    if (changes) parts.showPicture();
    for (const panel of panels) panel.changed(replaced);
    params.refresh();
  });
}
