import { describe, expect, it } from "vitest";
import { type FileKind, sniff } from "../../src/codec/sniff";
import { fixture } from "../fixture";

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const zip = (first: string) => latin1(`PK\x03\x04${"\0".repeat(22)}${String.fromCharCode(first.length)}\0\0\0${first}`);
const box = (brand: string) => latin1(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1${brand}`);
const json = '{"__metadata__":{}}';

const FILES: readonly (readonly [FileKind, Uint8Array])[] = [
  ["heic", box("heic")],
  ["avif", box("avis")],
  ["gif", latin1("GIF89a\x01\0\x01\0")],
  ["bmp", latin1(`BM${"\0".repeat(12)}\x28${"\0".repeat(20)}`)],
  ["tiff", latin1("II*\0")],
  ["tiff", latin1("MM\0*")],
  ["jpeg-xl", latin1("\xff\x0a")],
  ["jpeg-xl", latin1("\0\0\0\x0cJXL \r\n\x87\n")],
  ["jpeg-2000", latin1("\0\0\0\x0cjP  \r\n\x87\n")],
  ["svg", latin1('<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg"/>')],
  ["svg", latin1("<!DOCTYPE svg PUBLIC 'a' 'b' [ <!ENTITY c 'd'> ]>\n<svg>")],
  ["html", latin1("<!DOCTYPE html>\n<html><body>404</body></html>")],
  ["html", latin1("<HTML>")],
  ["photoshop", latin1("8BPS\0\x01")],
  ["pdf", latin1("%PDF-1.7")],
  ["safetensors", latin1(`${String.fromCharCode(json.length)}\0\0\0\0\0\0\0${json}`)],
  ["pth-zip", zip("archive/data.pkl")],
  ["pth-zip", zip("SFTGAN_torch/.format_version")],
  ["pth-legacy", latin1("\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.")],
  ["npy", latin1("\x93NUMPY\x01\0")],
  ["npz", zip("map.npy")],
  ["zip", zip("holiday/1.jpg")],
  ["gzip", latin1("\x1f\x8b\x08")],
  ["json", latin1('\xef\xbb\xbf {"last_node_id": 3}')],
  ["json", latin1("[]")],
];

describe("telling files apart by content", () => {
  it.each(FILES)("knows %s", (kind, bytes) => expect(sniff(bytes)).toBe(kind));

  it.each([
    ["png", "alpha.png"],
    ["jpeg", "grey.jpg"],
    ["webp", "alpha.webp"],
    ["avif", "alpha.avif"],
    ["gif", "animated.gif"],
  ] as const)("knows a real %s", async (kind, name) => expect(sniff(await fixture(`picture-${name}`))).toBe(kind));

  it("goes over a file once, whatever is in it", async () => {
    expect(sniff(await fixture("hostile-comments.svg"))).toBeUndefined();
    for (const piece of ["<!---->", "<!---->\n", "<!-- ", "<?xml?>", "<?", "<!DOCTYPE svg>", "<!DOCTYPE svg[", "\n", "[ ", "{\n"])
      for (const before of ["", "<?xml>", "\n", "\xef\xbb\xbf"])
        expect(sniff(latin1(before + piece.repeat(1024)))).not.toBe("svg");
  });

  it("knows nothing of an empty file, of text and of a few bytes of anything", () => {
    for (const text of ["", "P", "PK", "\xff\xd8", "RIFF", "ftyp", "{ not json", "once upon a time"])
      expect(sniff(latin1(text))).toBeUndefined();
    for (const text of ["<svgs>", "<svg", "<!-- <svg> ", "<!DOCTYPE svg [ > <svg>"]) expect(sniff(latin1(text))).toBeUndefined();
    for (const [, bytes] of FILES)
      for (let length = 0; length < bytes.length; length++) expect(() => sniff(bytes.slice(0, length))).not.toThrow();
  });
});
