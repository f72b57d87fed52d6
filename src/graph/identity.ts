/** What a result is made by, as one text. Caches, changes and takes go by it: two results of one identity are the same. */
import { isRecord } from "./json";

/** An input socket or parameter, what feeds it, by whatever name the caller gives it, and that one's output. */
export type Feeding = readonly [input: string, source: unknown, output: unknown, ...more: unknown[]];

/** The identity of a node's result. Inputs may come in any order, parameters in one. */
export const identityOf = (type: string, params: unknown, inputs: Iterable<Feeding>): string =>
  JSON.stringify([type, params, [...inputs].sort(([a], [b]) => (a < b ? -1 : Number(a > b)))]);

/** Parameters whose files are named by their content alone, where it is known: their bytes are long, and say no more. */
export const withoutBytes = (params: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      isRecord(value) && typeof value.sha256 === "string" ? { ...value, data: undefined } : value,
    ]),
  );
