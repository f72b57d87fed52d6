/** What the panel shows of a node's parameters: a control for each, of a kind that fits. No DOM. */
import type { AnySchema, FileRef, Param } from "../../graph/node";
import { checkParam } from "../../graph/param";
import { paramEntries } from "../catalog";

export interface Control {
  readonly name: string;
  readonly param: Param;
  readonly value: unknown;
  /** "range": a number between two ends; "place": a value that is edited in a place of its own. */
  readonly kind: "range" | "number" | "choice" | "flag" | "text" | "lines" | "file" | "bins" | "place";
  /** What is wrong with the value, as a message. */
  readonly problem?: string;
  /** The title of the node whose value takes the place of this one. */
  readonly linked?: string;
}

/** A node as far as its parameters go. */
export interface ParamNode {
  readonly properties: Readonly<Record<string, unknown>>;
  /** The title of the node that feeds a parameter; undefined where none does. */
  feeder(param: string): string | undefined;
}

export function kindOf({ kind, bins, editor, lines, min, max }: Param): Control["kind"] {
  if (lines) return "lines";
  if (bins) return "bins";
  if (editor && kind !== "file") return "place";
  if (kind === "number") return min !== undefined && max !== undefined ? "range" : "number";
  return kind;
}

export const controlsOf = (node: ParamNode, definition: AnySchema): Control[] =>
  paramEntries(definition.params).map(([name, param]) => {
    const value = Object.hasOwn(node.properties, name) ? node.properties[name] : param.default;
    const linked = node.feeder(name);
    const problem = linked === undefined ? checkParam(name, param, value) : undefined;
    return { name, param, value, kind: kindOf(param), ...(problem && { problem }), ...(linked !== undefined && { linked }) };
  });

/** The name of a file parameter's file; undefined where there is none. */
export const fileNameOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : ((value as FileRef | null)?.name ?? undefined);
