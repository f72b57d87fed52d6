/** Texts in a PNG, plain and packed: damaged, huge when unpacked, and under every keyword. */
import fc from "fast-check";
import { zlibSync } from "fflate";
import { PNG_SIGNATURE } from "../../src/codec/png-chunk";
import { MAX_TEXT, pngTextChunks, readPngText } from "../../src/codec/png-text";
import { join } from "../codec/raw-png";
import { holds, type Kind, same } from "./kind";
import { mutated, type Piece, rearranged } from "./mutate";
import { piecesOf, pngOf } from "./png";

const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const keyword = fc.oneof(
  fc.constantFrom("sftgan", "Comment", "__proto__", "constructor", "toString", ""),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 90 }),
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.oneof(fc.nat(2000), fc.nat(2000), fc.nat(2 ** 16)).map((length) => new Uint8Array(length).fill(0x20)),
);
const zlib = fc
  .record({ body, cut: fc.nat(40), spoilt: fc.option(fc.nat(40), { nil: undefined }) })
  .map(({ body, cut, spoilt }) => {
    const packed = zlibSync(body);
    if (spoilt !== undefined && spoilt < packed.length) packed[spoilt]! ^= 0x55;
    return packed.subarray(0, packed.length - (cut < 30 ? 0 : cut - 30));
  });

const chunk: fc.Arbitrary<Piece> = fc.oneof(
  fc.tuple(keyword, body).map(([key, text]) => ({ type: "tEXt", data: join(latin(key), Uint8Array.of(0), text) })),
  fc.tuple(keyword, fc.nat(1), zlib).map(([key, method, text]) => ({
    type: "zTXt",
    data: join(latin(key), Uint8Array.of(0, method), text),
  })),
  fc
    .tuple(keyword, fc.nat(2), fc.nat(1), fc.string({ maxLength: 4 }), fc.oneof(body, zlib))
    .map(([key, flag, method, word, text]) => ({
      type: "iTXt",
      data: join(latin(key), Uint8Array.of(0, flag, method), latin(word), Uint8Array.of(0), latin(word), Uint8Array.of(0), text),
    })),
  fc.constant({ type: "IEND", data: new Uint8Array() }),
);

const original: Piece[] = [
  ...pngTextChunks({ sftgan: '{"nodes":[]}', Title: "Grüße", empty: "" }).flatMap((text) => piecesOf(join(PNG_SIGNATURE, text))),
  { type: "zTXt", data: join(latin("Comment"), Uint8Array.of(0, 0), zlibSync(latin("packed"))) },
  { type: "IEND", data: new Uint8Array() },
];

export const pngText: Kind<Uint8Array> = {
  name: "png-text",
  ending: "png",
  inputs: fc.oneof(
    rearranged([original], chunk).map(pngOf),
    mutated([pngOf(original)]),
    fc.array(chunk, { maxLength: 8 }).map(pngOf),
  ),
  check(bytes) {
    const texts = readPngText(bytes);
    const entries = Object.entries(texts);
    holds(entries.reduce((sum, [, text]) => sum + text.length, 0) <= MAX_TEXT, "the texts are too long");
    holds(
      Object.values(texts).every((text) => typeof text === "string"),
      "a text is none",
    );
    const writable = entries.filter(([key, text]) => /^[\x21-\x7e]+$/.test(key) && !/[\0\ud800-\udfff]/.test(text));
    const written = Object.fromEntries(writable.slice(0, 4));
    same(readPngText(join(PNG_SIGNATURE, ...pngTextChunks(written))), written, "texts written and read again differ");
  },
};
