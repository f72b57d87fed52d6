import { zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { PNG_SIGNATURE, writeChunk } from "../../src/codec/png-chunk";
import { MAX_TEXT, pngTextChunks, readPngText } from "../../src/codec/png-text";
import { join, rawPng } from "./raw-png";

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf8 = (text: string) => new TextEncoder().encode(text);
const png = (...chunks: Uint8Array[]) => join(PNG_SIGNATURE, ...chunks, writeChunk("IEND", new Uint8Array()));

describe("reading texts", () => {
  it("reads tEXt in Latin-1, zTXt and iTXt, packed or not, in UTF-8", () => {
    const file = png(
      writeChunk("tEXt", latin1("Author\0Ren\xe9 \x80")),
      writeChunk("zTXt", join(latin1("Packed\0\0"), zlibSync(latin1("caf\xe9")))),
      writeChunk("iTXt", join(latin1("graph\0\0\0\0\0"), utf8("SFT ResBlock×N 山"))),
      writeChunk("iTXt", join(latin1("more\0\x01\0en\0"), utf8("mehr\0"), zlibSync(utf8("🏔")))),
    );
    expect(readPngText(file)).toEqual({ Author: "Ren\xe9 \x80", Packed: "café", graph: "SFT ResBlock×N 山", more: "🏔" });
  });

  it("reads texts on either side of the pixels, and the first of two with one keyword", () => {
    const whole = rawPng({ width: 1, height: 1, depth: 8, colour: 0, sample: () => 0, before: [["tEXt", latin1("a\x001")]] });
    const end = whole.length - 12;
    const late = join(
      whole.subarray(0, end),
      writeChunk("tEXt", latin1("a\x002")),
      writeChunk("tEXt", latin1("b\x003")),
      whole.subarray(end),
    );
    expect(readPngText(late)).toEqual({ a: "1", b: "3" });
  });

  it("finds none in what is not a PNG", () => {
    expect(readPngText(new Uint8Array())).toEqual({});
    expect(readPngText(latin1("GIF89a tEXt"))).toEqual({});
  });

  it("passes over damaged chunks and keeps the rest", () => {
    const wrong = writeChunk("tEXt", latin1("bad\0sum"));
    wrong[wrong.length - 1]! ^= 1;
    const file = png(
      wrong,
      writeChunk("tEXt", latin1("no zero")),
      writeChunk("tEXt", latin1("\0no keyword")),
      writeChunk("tEXt", latin1(`${"k".repeat(80)}\0too long`)),
      writeChunk("zTXt", latin1("half\0")),
      writeChunk("zTXt", latin1("junk\0\0\x78\x9c\xff\xff\xff")),
      writeChunk("zTXt", join(latin1("cut\0\0"), zlibSync(latin1("a long enough text")).subarray(0, 9))),
      writeChunk("iTXt", latin1("bare\0")),
      writeChunk("iTXt", latin1("flag\0\x07\0\0\0text")),
      writeChunk("tEXt", latin1("good\0kept")),
    );
    expect(readPngText(file)).toEqual({ good: "kept" });
  });

  it("stops at a chunk that promises more than the file holds, wherever the file is cut", () => {
    const file = png(writeChunk("tEXt", latin1("first\0here")), writeChunk("tEXt", latin1("second\0there")));
    for (let length = 0; length < file.length; length++) expect(() => readPngText(file.slice(0, length))).not.toThrow();
    const lying = join(
      PNG_SIGNATURE,
      writeChunk("tEXt", latin1("first\0here")),
      latin1("\xff\xff\xff\xfftEXt"),
      new Uint8Array(40),
    );
    expect(readPngText(lying)).toEqual({ first: "here" });
  });

  it("refuses texts that unpack to more than the limit", () => {
    const bomb = writeChunk("zTXt", join(latin1("bomb\0\0"), zlibSync(new Uint8Array(MAX_TEXT + 1))));
    expect(() => readPngText(png(bomb))).toThrow(/"bomb".*16777216 bytes/);
  });

  it("counts what damaged texts unpack to as well: all of them together end at the limit", () => {
    const packed = zlibSync(new Uint8Array(2 ** 22));
    packed[packed.length - 20]! ^= 255;
    const damaged = Array.from({ length: 200 }, (_, i) => writeChunk("zTXt", join(latin1(`k${i}\0\0`), packed)));
    expect(() => readPngText(png(...damaged))).toThrow(/takes it past 16777216 bytes of text/);
  });

  it("keeps a keyword that shadows a property of objects to itself", () => {
    const texts = readPngText(png(writeChunk("tEXt", latin1("__proto__\0x")), writeChunk("tEXt", latin1("constructor\0y"))));
    expect(Object.getPrototypeOf(texts)).toBe(Object.prototype);
    expect(Object.entries(texts)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });
});

describe("writing texts", () => {
  it("refuses keywords and texts that PNG does not allow", () => {
    for (const keyword of ["", " led", "trailing ", "two  spaces", "山", "k".repeat(80), "zero\0"])
      expect(() => pngTextChunks({ [keyword]: "x" })).toThrow(/cannot name a text/);
    expect(() => pngTextChunks({ graph: "a\0b" })).toThrow(/zero character/);
  });
});
