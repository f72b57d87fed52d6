/** XMP: pieces of its XML in any order, cut anywhere, with values of any text. */
import fc from "fast-check";
import { xmpFor } from "../../src/codec/xmp";
import { holds, type Kind } from "./kind";

const NAMES = [
  "tiff:Orientation",
  "tiff:ImageWidth",
  "exif:PixelYDimension",
  "exif:ColorSpace",
  "photoshop:ICCProfile",
  "dc:title",
];
const name = fc.constantFrom(...NAMES);
const value = fc.oneof(fc.constantFrom("1", "6", "65535", ""), fc.string({ maxLength: 300 }));
const OWN = '<rdf:Description rdf:about="" xmlns:sftgan="urn:litegraph-sftgan" sftgan:recipe="old"/>';

const piece = fc.oneof(
  fc.constantFrom(
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    "<rdf:RDF>",
    "</rdf:RDF>",
    "<rdf:Description",
    "/>",
    ">",
    "</x:xmpmeta>",
    OWN,
  ),
  fc.tuple(name, fc.constantFrom('"', "'", " "), value).map(([of, quote, is]) => ` ${of}=${quote}${is}${quote}`),
  fc.tuple(name, name, value).map(([of, end, is]) => `<${of}>${is}</${end}>`),
  fc.string({ maxLength: 40 }),
);
const packet = fc
  .tuple(fc.array(piece, { maxLength: 20 }), fc.nat(9))
  .map(([pieces, cut]) => (cut === 0 ? pieces.join("").slice(0, 60) : `<rdf:RDF>${pieces.join("")}</rdf:RDF>`));

const SIZE = { width: 64, height: 48 };
const count = (text: string, part: string) => text.split(part).length - 1;

export const xmpPacket: Kind<string> = {
  name: "xmp",
  ending: "xmp",
  inputs: packet,
  check(text) {
    const marked = xmpFor(text, SIZE, "litegraph-sftgan abc");
    holds(count(marked, "litegraph-sftgan abc") >= 1, "the recipe is not in it");
    holds(!/\stiff:Orientation="[2-8]"/.test(marked), "it says that the picture is turned");
    holds(!/<tiff:Orientation>[2-8]<\/tiff:Orientation>/.test(marked), "it says that the picture is turned");
    holds(marked.length <= 3 * text.length + 1000, `of ${text.length} characters there are ${marked.length}`);
    holds(count(xmpFor(marked, SIZE, "litegraph-sftgan def"), "litegraph-sftgan def") >= 1, "the next recipe is not in it");
  },
};
