/** Why a slot refuses a wire, and which nodes would make of its value what the slot takes. No canvas. */
import type { AnySchema } from "../../graph/node";

import { paramEntries, socketEntries } from "../catalog";

export interface Refusal {
  /** A clause such as "an image is no prior". */
  readonly why: string;
  /** Nodes that turn the one into the other, the plainest first. */
  readonly remedies: readonly AnySchema[];
}

const MOST = 3;

/** The inputs of a node that a value of this type would go into; none where it needs more than that, be it a file. */
export function inputsFor({ inputs, params }: AnySchema, type: string): string[] {
  if (paramEntries(params).some(([, { kind }]) => kind === "file")) return [];
  const all = socketEntries(inputs);
  const needed = all.filter(([, socket]) => !socket.optional);
  const main = needed.length ? needed : all.slice(0, 1);
  return main.every(([, socket]) => socket.type === type) ? main.map(([name]) => name) : [];
}

/** Nodes that need nothing but a value of type `from` to give one of type `to`. */
export const converters = (definitions: readonly AnySchema[], from: string, to: string): AnySchema[] =>
  definitions.filter(
    (node) => inputsFor(node, from).length > 0 && socketEntries(node.outputs).some(([, socket]) => socket.type === to),
  );

const MANY: Readonly<Record<string, string>> = { features: "features are", text: "text is" };
const subject = (type: string): string => MANY[type] ?? `${/^[aeiou]/.test(type) ? "an" : "a"} ${type} is`;

/** A wire that carries `from` at a slot that takes `to`. */
export const refusal = (definitions: readonly AnySchema[], from: string, to: string): Refusal => ({
  why: `${subject(from)} no ${to}`,
  remedies: converters(definitions, from, to).slice(0, MOST),
});

/** A wire from a node back to itself, or to one that feeds it. */
export const CIRCLE: Refusal = { why: "a node cannot feed itself", remedies: [] };

/** "add Segment or Map to Prior"; empty without a remedy. */
export function remedyText({ remedies }: Refusal): string {
  const titles = remedies.map(({ title }) => title);
  return titles.length ? `add ${titles.slice(0, -1).join(", ")}${titles.length > 1 ? " or " : ""}${titles.at(-1)}` : "";
}
