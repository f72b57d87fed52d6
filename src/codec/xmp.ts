/** XMP (ISO 16684-1, RDF in XML) taken along to another picture: what is no longer true of it is put right. */
import type { Size } from "../types";

/** What is said of the pixels, as attributes (`tiff:Orientation="6"`) and as elements (`<tiff:Orientation>6</…>`). */
const ATTRIBUTES =
  /(\s)(tiff:Orientation|tiff:ImageWidth|tiff:ImageLength|exif:PixelXDimension|exif:PixelYDimension|exif:ColorSpace|photoshop:ICCProfile)(\s?=\s?)(?:"[^"]{0,200}"|'[^']{0,200}')/g;
const ELEMENTS =
  /<(tiff:Orientation|tiff:ImageWidth|tiff:ImageLength|exif:PixelXDimension|exif:PixelYDimension|exif:ColorSpace|photoshop:ICCProfile)>[^<]{0,200}<\/\1>/g;

const EMPTY =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF></x:xmpmeta>';
const END = "</rdf:RDF>";

/**
 * The XMP for a picture of this size that stands upright and is in sRGB; with `recipe` that is in it, whatever else is, for
 * files that have no other place for it. Values that are not stated are not added.
 */
export function xmpFor(xmp: string | undefined, { width, height }: Size, recipe?: string): string {
  const values: Readonly<Record<string, string | number>> = {
    "tiff:Orientation": 1,
    "tiff:ImageWidth": width,
    "tiff:ImageLength": height,
    "exif:PixelXDimension": width,
    "exif:PixelYDimension": height,
    "exif:ColorSpace": 1,
    "photoshop:ICCProfile": "sRGB IEC61966-2.1",
  };
  const text = (xmp ?? EMPTY)
    .replace(ATTRIBUTES, (_, space: string, name: string, equals: string) => `${space}${name}${equals}"${values[name]}"`)
    .replace(ELEMENTS, (_, name: string) => `<${name}>${values[name]}</${name}>`);
  if (recipe === undefined) return text;
  const own = `<rdf:Description rdf:about="" xmlns:sftgan="urn:litegraph-sftgan" sftgan:recipe="${recipe}"/>`;
  const clean = text.replace(/<rdf:Description rdf:about="" xmlns:sftgan="urn:litegraph-sftgan"[^<>]{0,300}\/>/g, "");
  const at = clean.lastIndexOf(END);
  return at < 0 ? xmpFor(undefined, { width, height }, recipe) : clean.slice(0, at) + own + clean.slice(at);
}
