/** Painting in an app: over the whole page, on the node that a parameter of strokes belongs to. */

import type { EngineEvent, View, ViewRequest } from "../../browser/protocol";
import type { AnySchema } from "../../graph/node";
import { withValues } from "../../graph/subgraphs";
import type { Region } from "../../region";
import type { Commands } from "../commands/commands";
import { isCovered } from "../commands/keys";
import { paintLayersOf } from "../painter/layers";
import { createPainter, type PaintedNode } from "../painter/painter";
import type { Viewer } from "../viewer/viewer";
import type { AppSession } from "./session";

export interface PaintingParts {
  readonly root: HTMLElement;
  readonly session: AppSession;
  readonly commands: Commands;
  readonly viewer: Viewer;
  definition(type: string): AnySchema | undefined;
  run(): void;
  /** A node is painted on: what of it is not there is to be computed. */
  began(node: number): void;
  /** It is painted on no more. */
  ended(): void;
  say(note: string): void;
  fail(error: unknown): void;
}

export interface Painting {
  readonly isOpen: boolean;
  open(node: number): void;
  close(): void;
  /** The graph has changed; `restored`: by undo or redo. */
  refresh(restored: boolean): void;
  hear(event: EngineEvent): void;
  /** What is in view, to be computed first. */
  focus(): ViewRequest | undefined;
  /** Shows what was computed first: the picture is the painting's. */
  preview(region: Region, view: View): void;
}

export function createPainting(parts: PaintingParts): Painting {
  const { root, session, commands, viewer, definition } = parts;
  /** Set while a stroke is drawn, and not yet a step. */
  let held: Readonly<Record<string, unknown>> | undefined;
  /** The node that is painted on. */
  let painting: number | undefined;
  let focus = viewer.inView;

  // What is painted lies in the session; while a stroke is drawn, beside it.
  const painted = (id: number): PaintedNode | undefined => {
    const node = session.graph.nodes.find((one) => one.id === id);
    return (
      node && {
        properties: { ...node.properties, ...held },
        setProperty(name, value) {
          if (held) held = { ...held, [name]: value };
          else if (node.properties?.[name] !== value) session.replace(withValues(session.graph, id, { [name]: value })); // each stroke a step
        },
      }
    );
  };
  const painter = createPainter({
    commands,
    viewer,
    layers: (id) => paintLayersOf(session.graph, id, definition),
    node: painted,
    edit: (_, act) => act(),
    hold() {
      held = {};
    },
    release() {
      held = undefined;
    },
    auto: false,
    run: parts.run,
    focus: (on) => {
      focus = on ?? viewer.inView;
    },
    wide: true,
    setWide: close, // it paints on the whole page or not at all
    say: parts.say,
    fail: parts.fail,
    leave: close,
  });

  function close(): void {
    if (painting === undefined) return;
    painting = undefined;
    painter.close();
    root.classList.remove("painting-wide");
    parts.ended();
  }
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || painting === undefined || event.defaultPrevented || isCovered()) return;
      event.preventDefault();
      event.stopPropagation();
      close();
    },
    true,
  );

  return {
    get isOpen() {
      return painting !== undefined;
    },
    open(node) {
      if (!painter.open(node)) return;
      painting = node;
      root.classList.add("painting-wide");
      viewer.focus();
      parts.began(node);
    },
    close,
    refresh(restored) {
      if (painting !== undefined && !painter.refresh(restored)) close();
    },
    hear: painter.hear,
    focus: () => focus.request(),
    preview: (region, view) => focus.show(region, view),
  };
}
