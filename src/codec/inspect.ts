/** The door every picture passes before it is decoded: its kind, its size and its completeness, from the content alone. */
import { avifHeader, type Header, jpegHeader, webpHeader } from "./header";
import { checkReadable } from "./limits";
import { readPngFile } from "./png-file";
import { FILE_KIND, type FileKind, sniff } from "./sniff";

/** The kinds of picture that are read. */
export type PictureKind = "png" | "jpeg" | "webp" | "avif";

const READERS: Readonly<Record<PictureKind, (bytes: Uint8Array, name: string) => Header>> = {
  png: readPngFile,
  jpeg: jpegHeader,
  webp: webpHeader,
  avif: avifHeader,
};

/** Pictures and drawings that are told by name, and not read. */
const OTHERS: readonly FileKind[] = ["heic", "gif", "bmp", "tiff", "jpeg-xl", "jpeg-2000", "svg", "photoshop"];

/** Whether a file is a picture, read here or not. */
export const isPictureKind = (kind: FileKind | undefined): boolean =>
  kind !== undefined && (kind in READERS || OTHERS.includes(kind));

export const MEDIA_TYPE: Readonly<Record<PictureKind, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  avif: "image/avif",
};

/**
 * What the file is and how large its picture will be; `name` is for the sentence thrown where the file is empty, is not a
 * picture, is one of a kind that is not read, is too large (`MAX_PIXELS`, `MAX_SIDE`), cut short, or damaged in its header.
 */
export function inspectPicture(bytes: Uint8Array, name: string): Header & { readonly kind: PictureKind } {
  if (bytes.length === 0) throw new Error(`${name} is empty (0 bytes); choose a PNG, JPEG, WebP or AVIF picture.`);
  const kind = sniff(bytes);
  if (kind === undefined) throw new Error(`${name} is not a picture; choose a PNG, JPEG, WebP or AVIF file.`);
  if (kind === "html")
    throw new Error(`${name} is ${FILE_KIND[kind]} and no picture; a page was downloaded in its place, so download it again.`);
  if (!(kind in READERS))
    throw new Error(`${name} is ${FILE_KIND[kind]}, which is not read here; choose or convert to PNG, JPEG, WebP or AVIF.`);
  const picture = kind as PictureKind;
  const { width, height, alpha, warnings } = READERS[picture](bytes, name);
  checkReadable({ width, height }, name);
  return { kind: picture, width, height, alpha, warnings };
}

/**
 * Why a file cannot be loaded as a picture, in one message that names it; undefined where nothing speaks against it. Decodes
 * nothing and takes little time, so that it can be asked before anything is replaced by the file.
 */
export function pictureRefusal(bytes: Uint8Array, name: string): string | undefined {
  try {
    inspectPicture(bytes, name);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The sentence for a picture that the decoder gave up on. */
export const undecodable = (name: string, kind: PictureKind, cause: unknown) =>
  new Error(`${name} begins as ${FILE_KIND[kind]} but cannot be decoded; it is damaged, so save it again from its source.`, {
    cause,
  });
