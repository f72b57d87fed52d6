/** Pictures under Node: PNG by our own codec, so that it is the same in every host; the rest by sharp (libvips). */
import sharp from "sharp";
import type { Host } from "../../nodes/sockets";
import { inspectPicture, type PictureKind, undecodable } from "../codec/inspect";
import { checkQuality, checkWritable, MAX_PIXELS } from "../codec/limits";
import { decodePng } from "../codec/png-decode";
import { encodePng } from "../codec/png-encode";
import { fromInterleaved, toRgba } from "../codec/rgba";
import type { EncodedFile, Picture } from "../types";

/** JPEG's and WebP's quality where none is given. */
const QUALITY = 90;

/** What stands before the recipe in a picture's EXIF; `recipeIn` looks for it. */
const MAKER = "litegraph-sftgan ";

/** CMYK `[h, w, 4]`, 0 no ink, as RGB by multiplying what each ink lets through: what browsers do where there is no profile. */
function withoutInk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4)
    for (let c = 0; c < 3; c++) rgb[to++] = Math.round(((255 - cmyk[from + c]!) * (255 - cmyk[from + 3]!)) / 255);
  return rgb;
}

async function decodeBySharp(bytes: Uint8Array, name: string, kind: PictureKind): Promise<Picture> {
  try {
    const source = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "warning" });
    const { space, hasProfile } = await source.metadata();
    const inks = space === "cmyk" && !hasProfile;
    const coloured = inks ? source.pipelineColourspace("cmyk").toColourspace("cmyk") : source.toColourspace("srgb");
    const { data, info } = await coloured.autoOrient().raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return fromInterleaved(inks ? withoutInk(data) : data, info.width, info.height, inks ? 3 : info.channels);
  } catch (cause) {
    throw undecodable(name, kind, cause);
  }
}

/**
 * Decodes PNG, JPEG, WebP and AVIF: upright, in sRGB, opacity apart and absent where full; of an animation the first frame.
 */
export const decode: Host["decode"] = async (bytes, name) => {
  const { kind } = inspectPicture(bytes, name);
  const picture = kind === "png" ? await decodePng(bytes, name) : undefined;
  return picture ?? decodeBySharp(bytes, name, kind);
};

/**
 * Encodes. PNG keeps 8 or 16 bits, the opacity and `text` exactly. JPEG and WebP have 8 bits; JPEG has no opacity, so the
 * picture is laid over white; both carry `recipe`, a hash, as EXIF "Software". `quality` 100 is lossless for WebP and full colour resolution for JPEG, as in Chromium.
 */
export async function encode(
  picture: Picture,
  type: EncodedFile["type"],
  { quality = QUALITY, text, recipe }: { quality?: number; text?: Record<string, string>; recipe?: string },
): Promise<EncodedFile> {
  if (type === "image/png") return { type, bytes: await encodePng(picture, text) };
  checkWritable(picture, type);
  checkQuality(quality);
  const { width, height, alpha } = picture;
  const raw = sharp(toRgba(picture, { onWhite: type === "image/jpeg" }), {
    raw: { width, height, channels: 4 },
    limitInputPixels: false,
  });
  const coloured = type === "image/jpeg" || !alpha ? raw.removeAlpha() : raw;
  const encoded =
    type === "image/jpeg"
      ? coloured.jpeg({ quality, chromaSubsampling: quality === 100 ? "4:4:4" : "4:2:0" })
      : coloured.webp({ quality, lossless: quality === 100, exact: true });
  const tagged = recipe === undefined ? encoded : encoded.withExif({ IFD0: { Software: MAKER + recipe } });
  return { type, bytes: new Uint8Array(await tagged.toBuffer()) };
}

/** The recipe that `encode` wrote into a JPEG or WebP; undefined where it wrote none, or the file is something else. */
export async function recipeIn(bytes: Uint8Array): Promise<string | undefined> {
  const { exif } = await sharp(bytes)
    .metadata()
    .catch(() => ({ exif: undefined }));
  return exif && /litegraph-sftgan ([0-9a-f]{64})/.exec(new TextDecoder("latin1").decode(exif))?.[1];
}
