/** JSON changed as a stranger would change it: values of any kind anywhere, and names that reach prototypes. */
import { readFileSync } from "node:fs";
import fc from "fast-check";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export const readJson = (path: string): Json => JSON.parse(readFileSync(path, "utf8")) as Json;

/** Names that mean something to JavaScript. */
export const hostileName = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "length",
  "then",
);
export const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  hostileName,
  fc.constantFrom("\n", "\u009b31m", "\u2028", "<b>", "x".repeat(300)),
);
export const number = fc.oneof(
  fc.nat(6),
  fc.constantFrom(-1, 0.5, 1e308, 2 ** 31 - 1, 2 ** 31, 2 ** 53, Number.MAX_SAFE_INTEGER, -0),
  fc.double({ noNaN: true }),
);
export const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.oneof(fc.constant(null), fc.boolean(), number, text),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie("json")), { maxLength: 4 }).map(fromEntries),
  ),
})).json;

/** As JSON.parse makes them: `__proto__` is a name like another. */
function fromEntries(entries: readonly (readonly [string, Json])[]): { [name: string]: Json } {
  const made = {};
  for (const [name, value] of entries)
    Object.defineProperty(made, name, { value, enumerable: true, writable: true, configurable: true });
  return made;
}

interface Change {
  readonly how: "replace" | "remove" | "repeat" | "rename" | "nest";
  /** At each step the place among the values there. */
  readonly path: readonly number[];
  readonly value: Json;
  readonly name: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  how: fc.constantFrom("replace", "replace", "replace", "remove", "repeat", "rename", "nest"),
  path: fc.array(fc.nat(50), { minLength: 1, maxLength: 6 }),
  value: json,
  name: text,
});

function changed(json: Json, { how, path, value, name }: Change, depth = 0): Json {
  if (json === null || typeof json !== "object") return how === "replace" ? value : json;
  const entries = Object.entries(json) as [string, Json][];
  if (entries.length === 0) return how === "remove" ? json : Array.isArray(json) ? [value] : fromEntries([[name, value]]);
  const at = path[depth]! % entries.length;
  const [key, inner] = entries[at]!;
  if (depth + 1 < path.length && inner !== null && typeof inner === "object")
    entries[at] = [key, changed(inner, { how, path, value, name }, depth + 1)];
  else if (how === "replace") entries[at] = [key, value];
  else if (how === "remove") entries.splice(at, 1);
  else if (how === "repeat") entries.push(Array.isArray(json) ? [String(entries.length), inner] : [`${key} `, inner]);
  else if (how === "rename") entries[at] = [name, inner];
  else entries[at] = [key, [inner]];
  return Array.isArray(json) ? entries.map(([, one]) => one) : fromEntries(entries);
}

/** One of these with up to six values of it changed, removed, repeated or renamed. */
export const jsonLike = (originals: readonly Json[]): fc.Arbitrary<Json> =>
  fc
    .tuple(fc.nat(originals.length - 1), fc.array(change, { maxLength: 6 }))
    .map(([from, changes]) => changes.reduce<Json>((value, one) => changed(value, one), originals[from]!));
