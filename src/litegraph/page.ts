/**
 * What a page hands over and puts in place of litegraph's: types that say only what is needed, since litegraph.js and its forks
 * publish different ones.
 */
import type { Param } from "../graph/node";

/** The object `LiteGraph` that a litegraph exports. */
export interface AnyLiteGraph {
  registerNodeType(type: string, nodeClass: never): unknown;
}

/** An `LGraph`. */
export interface AnyGraph {
  getNodeById(id: never): unknown;
  setDirtyCanvas(foreground: boolean, background?: boolean): unknown;
}

/** A node in it. */
export interface AnyGraphNode {
  readonly id: number | string;
}

export interface MenuEntry {
  readonly label: string;
  readonly checked?: boolean;
  act(): void;
}

export type OpenMenu = (entries: readonly MenuEntry[], event: MouseEvent) => void;

export interface ParamEditor {
  /** What the button on the node says, and its tooltip. */
  readonly label: string;
  readonly help: string;
  open(node: AnyGraphNode, param: string): void;
}

export type EditorKind = NonNullable<Param["editor"]>;

export interface Overrides {
  /** Opens the nodes' menus; absent: litegraph's context menus. */
  readonly menu?: OpenMenu | undefined;
  /** Editors of the page's own for values such as strokes painted over the photo; of other kinds nothing edits them. */
  readonly editors?: Readonly<Partial<Record<EditorKind, ParamEditor>>> | undefined;
}
