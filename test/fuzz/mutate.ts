/** Valid files changed as damage and malice change them: in single bits, in numbers, cut, spliced, and piece by piece. */
import fc from "fast-check";

/** Numbers that lengths and counts overflow at. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

interface Mutation {
  readonly how: "bit" | "byte" | "u16" | "u32" | "cut" | "remove" | "repeat" | "insert" | "splice";
  /** A place in the file: from its beginning, from its end, or a share of it. */
  readonly from: "start" | "end" | "share";
  readonly at: number;
  readonly length: number;
  readonly value: number;
  readonly little: boolean;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  how: fc.constantFrom("bit", "bit", "byte", "byte", "u16", "u32", "u32", "cut", "remove", "repeat", "insert", "splice"),
  from: fc.constantFrom("start", "end", "share"),
  at: fc.nat(255),
  length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 300 })),
  value: fc.oneof(fc.constantFrom(...EDGES), fc.nat(255), fc.nat(0xffffffff)),
  little: fc.boolean(),
});

export const joined = (...parts: Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

function apply(bytes: Uint8Array, { how, from, at, length, value, little }: Mutation, other: Uint8Array): Uint8Array {
  const n = bytes.length;
  const place = Math.max(0, Math.min(n - 1, from === "start" ? at : from === "end" ? n - 1 - at : Math.floor((at / 256) * n)));
  const end = Math.min(n, place + length);
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  switch (how) {
    case "bit":
      if (n) out[place]! ^= 1 << (value & 7);
      return out;
    case "byte":
      if (n) out[place] = value;
      return out;
    case "u16":
      if (place + 2 <= n) view.setUint16(place, value, little);
      return out;
    case "u32":
      if (place + 4 <= n) view.setUint32(place, value, little);
      return out;
    case "cut":
      return out.subarray(0, place);
    case "remove":
      return joined(out.subarray(0, place), out.subarray(end));
    case "repeat":
      return joined(out.subarray(0, end), out.subarray(place));
    case "insert":
      return joined(out.subarray(0, place), new Uint8Array(length).fill(value), out.subarray(place));
    case "splice":
      return joined(out.subarray(0, place), other.subarray(Math.min(place, other.length)));
  }
}

/** One of these files, with up to `most` changes; now and then as it is. */
export function mutated(originals: readonly Uint8Array[], most = 6): fc.Arbitrary<Uint8Array> {
  const which = fc.nat(originals.length - 1);
  return fc
    .tuple(which, which, fc.array(mutation, { maxLength: most }))
    .map(([from, other, mutations]) =>
      mutations.reduce((bytes, change) => apply(bytes, change, originals[other]!), originals[from]!),
    );
}

/** Any bytes, after some that a file of the kind begins with. */
export const beginning = (...magic: number[]): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ maxLength: 300 }).map((rest) => Uint8Array.from([...magic, ...rest]));

/** A piece of a file that is made of pieces: a PNG's chunk, a JPEG's segment. */
export interface Piece<Type = string> {
  readonly type: Type;
  readonly data: Uint8Array;
}

/**
 * Files of pieces, with some of them left out, repeated, exchanged, renamed, changed inside or added; `more` gives pieces to
 * add. The pieces' own lengths and checksums stay right, so that what reads them is reached.
 */
export function rearranged<Type>(
  files: readonly (readonly Piece<Type>[])[],
  more: fc.Arbitrary<Piece<Type>>,
): fc.Arbitrary<readonly Piece<Type>[]> {
  const change = fc.record({
    how: fc.constantFrom("drop", "repeat", "swap", "rename", "alter", "alter", "alter", "add", "add"),
    at: fc.nat(63),
    with: fc.nat(63),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }),
    piece: more,
  });
  return fc.tuple(fc.nat(files.length - 1), fc.array(change, { maxLength: 4 })).map(([from, changes]) => {
    const pieces = [...files[from]!];
    for (const { how, at, with: other, mutations, piece } of changes) {
      const [i, j] = pieces.length ? [at % pieces.length, other % pieces.length] : [0, 0];
      const [one, two] = [pieces[i], pieces[j]];
      if (how === "add" || !one || !two) pieces.splice(i, 0, piece);
      else if (how === "drop") pieces.splice(i, 1);
      else if (how === "repeat") pieces.splice(j, 0, one);
      else if (how === "swap") [pieces[i], pieces[j]] = [two, one];
      else if (how === "rename") pieces[i] = { ...one, type: two.type };
      else pieces[i] = { ...one, data: mutations.reduce((data, m) => apply(data, m, piece.data), one.data) };
    }
    return pieces;
  });
}
