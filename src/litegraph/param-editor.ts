/**
 * Values that are edited in a place of their own, such as strokes painted over the photo. A page that has such a place says
 * so before nodes are made, and these have a button for it; in any other page they keep their value and show nothing.
 */
import type { Param } from "../graph/node";
import type { LGraphNode } from "./host";

export interface ParamEditor {
  /** What the button on the node says, and its tooltip. */
  readonly label: string;
  readonly help: string;
  open(node: LGraphNode, param: string): void;
}

export type EditorKind = NonNullable<Param["editor"]>;

const editors = new Map<EditorKind, ParamEditor>();

/** Edits parameters of this kind with `editor`; with undefined, not at all. For nodes made from now on. */
export const useParamEditor = (kind: EditorKind, editor: ParamEditor | undefined): void =>
  void (editor ? editors.set(kind, editor) : editors.delete(kind));

export const paramEditor = (kind: EditorKind): ParamEditor | undefined => editors.get(kind);
