/** Pictures written under Node: PNG by our own codec, so that it is the same in every host; the rest by sharp (libvips). */
import type { Sharp } from "sharp";
import { exifFor, MAX_EXIF_IN_JPEG } from "../codec/exif";
import { checkQuality, checkWritable, type PictureType } from "../codec/limits";
import { encodePng } from "../codec/png-encode";
import { RECIPE_CHUNK } from "../codec/png-text";
import { toRgba } from "../codec/rgba";
import { withExifInTiff } from "../codec/tiff-exif";
import { xmpFor } from "../codec/xmp";
import type { Picture } from "../types";
import { type Metadata, tagsOf } from "./metadata";
import { sharp } from "./sharp";

/** The quality of what loses something, where none is given. */
const QUALITY = 90;

/** What stands before the recipe in a picture's EXIF or XMP; `recipeIn` looks for it. */
const MAKER = "litegraph-sftgan ";

export interface EncodeOptions {
  /** Of JPEG, WebP and AVIF, 1 to 100. */
  readonly quality?: number;
  /** For a PNG's text chunks. */
  readonly text?: Readonly<Record<string, string>> | undefined;
  /** A hash that the picture is known by. */
  readonly recipe?: string;
  /** What is copied from the picture that it is made of. */
  readonly metadata?: Metadata;
}

/** Encoded bytes and what they are. */
export interface Encoded<T extends PictureType> {
  readonly bytes: Uint8Array;
  readonly type: T;
}

/**
 * Encodes, in sRGB. PNG and TIFF keep 8 or 16 bits, PNG the `text`; the others have 8 bits, and JPEG no opacity, so the picture
 * is laid over white. `quality` 100 is lossless for WebP and AVIF and full colour resolution for JPEG, as in Chromium. All carry
 * the recipe, and EXIF and XMP with the orientation and the size of this picture.
 */
export async function encode<T extends PictureType>(
  picture: Picture,
  type: T,
  { quality = QUALITY, text, recipe, metadata = {} }: EncodeOptions,
): Promise<Encoded<T>> {
  const software = recipe === undefined ? undefined : MAKER + recipe;
  const exif = metadata.exif && exifFor(metadata.exif, picture, software);
  const xmp = metadata.xmp === undefined ? undefined : xmpFor(metadata.xmp, picture);
  if (type === "image/png") {
    const texts = text && recipe !== undefined ? { ...text, [RECIPE_CHUNK]: recipe } : text;
    return { type, bytes: await encodePng(picture, texts, { ...(exif && { exif }), ...(xmp !== undefined && { xmp }) }) };
  }
  checkWritable(picture, type);
  checkQuality(quality);
  const coded = codedBy(picture, type, quality);
  if (type === "image/tiff") {
    const own = software === undefined ? xmp : xmpFor(xmp, picture, software);
    const tiff = new Uint8Array(await (own === undefined ? coded : coded.withXmp(own)).toBuffer());
    return { type, bytes: exif ? withExifInTiff(tiff, exif) : tiff };
  }
  const described = xmp === undefined ? coded : coded.withXmp(xmp);
  const fits = type !== "image/jpeg" || (exif?.length ?? 0) <= MAX_EXIF_IN_JPEG;
  if (exif && fits) return { type, bytes: await withExif(described, exif) };
  const marked = software === undefined ? described : described.withExif({ IFD0: { Software: software } });
  return { type, bytes: new Uint8Array(await marked.toBuffer()) };
}

/** What sharp is to write, without metadata but for the profile. */
function codedBy(picture: Picture, type: PictureType, quality: number): Sharp {
  const { width, height, alpha, bits } = picture;
  if (type === "image/tiff" && bits === 16) {
    const raw = { width, height, channels: alpha ? (4 as const) : (3 as const) };
    // Untagged, which is sRGB: to attach a profile libvips converts to it, which is exact in 8 bits only.
    return sharp(interleaved16(picture), { raw, limitInputPixels: false }).toColourspace("rgb16").tiff(TIFF);
  }
  const source = sharp(toRgba(picture, { onWhite: type === "image/jpeg" }), {
    raw: { width, height, channels: 4 },
    limitInputPixels: false,
  });
  const coloured = (type === "image/jpeg" || !alpha ? source.removeAlpha() : source).withIccProfile("srgb");
  switch (type) {
    case "image/jpeg":
      return coloured.jpeg({ quality, chromaSubsampling: quality === 100 ? "4:4:4" : "4:2:0" });
    case "image/webp":
      return coloured.webp({ quality, lossless: quality === 100, exact: true });
    case "image/avif":
      return coloured.avif({ quality, lossless: quality === 100 });
    default:
      return coloured.tiff(TIFF);
  }
}

const TIFF = { compression: "deflate", predictor: "horizontal" } as const;

function interleaved16({ width, height, rgb, alpha }: Picture): Uint16Array {
  if (!alpha) return rgb as Uint16Array;
  const out = new Uint16Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) out[4 * i + c] = rgb[3 * i + c]!;
    out[4 * i + 3] = alpha[i]!;
  }
  return out;
}

/**
 * The picture with this EXIF block. sharp writes EXIF by tags only, and would lose what it does not know: it is given a
 * placeholder of at least the block's length, over which the block is then written.
 */
async function withExif(coded: Sharp, exif: Uint8Array): Promise<Uint8Array> {
  const bytes = await coded.withExif({ IFD0: { Software: " ".repeat(exif.length) } }).toBuffer();
  const placeholder = (await sharp(bytes).metadata()).exif!.subarray("Exif\0\0".length);
  const at = bytes.indexOf(placeholder);
  if (at < 0 || placeholder.length < exif.length)
    throw new Error("there is no room for the picture's EXIF: give --metadata none");
  bytes.fill(0, at, at + placeholder.length);
  bytes.set(exif, at);
  return new Uint8Array(bytes);
}

/** The recipe that `encode` wrote into a picture that is no PNG; undefined where it wrote none, or the file is something else. */
export async function recipeIn(bytes: Uint8Array): Promise<string | undefined> {
  const { exif, xmp } = await tagsOf(bytes);
  for (const place of [exif, xmp]) {
    const found = place && /litegraph-sftgan ([0-9a-f]{64})/.exec(new TextDecoder("latin1").decode(place));
    if (found) return found[1];
  }
  return undefined;
}
