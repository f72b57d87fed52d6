/**
 * Pictures in a browser, in the page or in a Worker: PNG and BMP by our own codec, so that they are the same in every host; TIFF
 * by a library; the rest by the browser's decoders and encoders.
 */
import type { Host } from "../../nodes/sockets";
import { decodeBmp } from "../codec/bmp";
import { inspectPicture, PICTURE_FILES, type PictureKind, undecodable } from "../codec/inspect";
import { type DecodeRaw, decodeJpeg } from "../codec/jpeg-decode";
import { checkQuality, checkWritable, FORMAT_NAME } from "../codec/limits";
import { takeWebpOrientation, upright } from "../codec/orientation";
import { decodePng } from "../codec/png-decode";
import { encodePng } from "../codec/png-encode";
import { fromInterleaved, onCanvas, toRgba } from "../codec/rgba";
import { FILE_KIND } from "../codec/sniff";
import type { Picture } from "../types";
import { readPixels } from "./read-pixels";
import { decodeTiff } from "./tiff";

/** JPEG's and WebP's quality where none is given. */
const QUALITY = 90;

type Colours = Parameters<DecodeRaw>[1];

async function decodeByBrowser(
  bytes: Uint8Array,
  name: string,
  kind: PictureKind,
  alpha: boolean,
  colours: Colours = "converted",
): Promise<Picture> {
  const { webp, orientation } = kind === "webp" ? takeWebpOrientation(bytes) : { webp: bytes, orientation: 1 };
  const file = new Blob([webp as Uint8Array<ArrayBuffer>], { type: PICTURE_FILES[kind].media[0] });
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, {
      imageOrientation: "from-image",
      premultiplyAlpha: "none",
      colorSpaceConversion: colours === "stored" ? "none" : "default",
    });
  } catch (cause) {
    if (kind === "avif" || kind === "webp") {
      const what = `${name} is ${FILE_KIND[kind]} that this browser cannot decode`;
      throw new Error(`${what}; it is damaged or the browser is too old, so convert it to PNG or JPEG.`, { cause });
    }
    throw undecodable(name, kind, cause);
  }
  try {
    return upright(fromInterleaved(await readPixels(bitmap, alpha), bitmap.width, bitmap.height, 4), orientation);
  } finally {
    bitmap.close();
  }
}

/**
 * Decodes every kind in `PICTURE_FILES`, AVIF where the browser can: upright, in sRGB, opacity apart and absent where full; of an
 * animation the first frame.
 */
export const decode: Host["decode"] = async (bytes, name, { partial = false } = {}) => {
  const { kind, alpha, warnings, ...size } = inspectPicture(bytes, name);
  const platform = async () => {
    const decoded = await decodeByBrowser(bytes, name, kind, alpha);
    const picture = kind === "gif" ? onCanvas(decoded, size) : decoded;
    return warnings.length > 0 ? { ...picture, warnings } : picture;
  };
  switch (kind) {
    case "png":
      return (await decodePng(bytes, name, { partial })) ?? platform();
    case "jpeg":
      return decodeJpeg(bytes, name, (jpeg, colours) => decodeByBrowser(jpeg, name, kind, alpha, colours), partial);
    case "bmp":
      return decodeBmp(bytes, name);
    case "tiff":
      return decodeTiff(bytes, name);
    default:
      return platform();
  }
};

/** Pixels written to the canvas at once. */
const STRIP = 2 ** 22;

/**
 * Encodes. PNG keeps 8 or 16 bits, the opacity and `text` exactly. JPEG and WebP have 8 bits and the canvas's limits; JPEG
 * has no opacity, so the picture is laid over white; WebP keeps the opacity, and colours as far as a canvas does, which
 * stores them multiplied by it.
 */
export const encode: Host["encode"] = async (picture, type, { quality = QUALITY, text }) => {
  if (type === "image/png") return { type, bytes: await encodePng(picture, text) };
  checkWritable(picture, type);
  checkQuality(quality);
  const { width, height } = picture;
  const impossible = (cause?: unknown) =>
    new Error(`This browser's canvas cannot hold ${width} × ${height} pixels, which ${FORMAT_NAME[type]} needs; save as PNG.`, {
      cause,
    });
  let blob: Blob;
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { colorSpace: "srgb" })!;
    const rows = Math.max(1, Math.floor(STRIP / width));
    for (let top = 0; top < height; top += rows) {
      const rgba = toRgba(picture, { onWhite: type === "image/jpeg", top, rows: Math.min(rows, height - top) });
      context.putImageData(new ImageData(rgba, width), 0, top);
    }
    blob = await canvas.convertToBlob({ type, quality: quality / 100 });
  } catch (cause) {
    throw impossible(cause);
  }
  if (blob.type !== type) throw new Error(`This browser cannot write ${FORMAT_NAME[type]}; save as PNG.`);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const made = inspectPicture(bytes, "The file made");
  if (made.width !== width || made.height !== height) throw impossible();
  return { type, bytes };
};
