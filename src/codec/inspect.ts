/** The door every picture passes before it is decoded: its kind, its size and its completeness, from the content alone. */
import { bmpHeader } from "./bmp";
import { gifHeader } from "./gif-file";
import { avifHeader, type Header, webpHeader } from "./header";
import { readJpegFile } from "./jpeg-file";
import { checkReadable } from "./limits";
import { readPngFile } from "./png-file";
import { FILE_KIND, type FileKind, sniff } from "./sniff";
import { readTiffFile } from "./tiff-file";

/** The kinds of picture that are read, each with its media types and the endings of its files. */
export const PICTURE_FILES = {
  png: { media: ["image/png"], endings: [".png"] },
  jpeg: { media: ["image/jpeg"], endings: [".jpg", ".jpeg", ".jfif", ".jpe", ".pjpeg", ".pjp"] },
  webp: { media: ["image/webp"], endings: [".webp"] },
  avif: { media: ["image/avif"], endings: [".avif"] },
  tiff: { media: ["image/tiff"], endings: [".tif", ".tiff"] },
  gif: { media: ["image/gif"], endings: [".gif"] },
  bmp: { media: ["image/bmp"], endings: [".bmp", ".dib"] },
} as const;
export type PictureKind = keyof typeof PICTURE_FILES;

/** Endings of the files that are read, in lower case. */
export const PICTURE_ENDINGS: readonly string[] = Object.values(PICTURE_FILES).flatMap(({ endings }) => endings);
/** What a file picker offers, as in HTML's `accept`. */
export const PICTURE_ACCEPT = Object.values(PICTURE_FILES)
  .flatMap(({ media, endings }) => [...media, ...endings])
  .join();

const READERS: Readonly<Record<PictureKind, (bytes: Uint8Array, name: string) => Header>> = {
  png: readPngFile,
  jpeg: readJpegFile,
  webp: webpHeader,
  avif: avifHeader,
  tiff: readTiffFile,
  gif: gifHeader,
  bmp: bmpHeader,
};

/** Pictures and drawings that are told by name, and not read. */
const OTHERS: Partial<Record<FileKind, readonly string[]>> = {
  heic: [".heic", ".heif", ".hif"],
  "jpeg-xl": [".jxl"],
  "jpeg-2000": [".jp2", ".j2k", ".jpx"],
  svg: [".svg"],
  photoshop: [".psd"],
};

/** Endings of pictures, in lower case, whether they are read or refused by name. */
export const ALL_PICTURE_ENDINGS: readonly string[] = [...PICTURE_ENDINGS, ...Object.values(OTHERS).flat()];

/** Whether a file is a picture, read here or not. */
export const isPictureKind = (kind: FileKind | undefined): boolean =>
  kind !== undefined && (Object.hasOwn(READERS, kind) || Object.hasOwn(OTHERS, kind));

const READ = "PNG, JPEG, WebP, AVIF, TIFF, GIF or BMP";

/**
 * What the file is and how large its picture is as stored, before it is turned by its `orientation`; `name` is for the message thrown where the file is empty, is not a
 * picture, is one of a kind that is not read, is too large (`MAX_PIXELS`, `MAX_SIDE`), cut short, or damaged in its header.
 */
export function inspectPicture(bytes: Uint8Array, name: string): Required<Header> & { readonly kind: PictureKind } {
  const picture = pictureKind(bytes, name);
  const { width, height, alpha, orientation = 1, warnings } = READERS[picture](bytes, name);
  checkReadable({ width, height }, name);
  return { kind: picture, width, height, alpha, orientation, warnings };
}

/** By the first bytes of a file, `HEAD_BYTES` of them. Throws an error that names it where it is no picture that is read. */
function pictureKind(bytes: Uint8Array, name: string): PictureKind {
  if (bytes.length === 0) throw new Error(`${name} is empty (0 bytes); choose a ${READ} picture.`);
  const kind = sniff(bytes);
  if (kind === undefined) throw new Error(`${name} is not a picture; choose a ${READ} file.`);
  if (kind === "html")
    throw new Error(`${name} is ${FILE_KIND[kind]} and no picture; a page was downloaded in its place, so download it again.`);
  if (!Object.hasOwn(READERS, kind))
    throw new Error(`${name} is ${FILE_KIND[kind]}, which is not read here; choose or convert to PNG or JPEG.`);
  return kind as PictureKind;
}

/**
 * Why a file cannot be loaded as a picture, in one message that names it; undefined where nothing speaks against it. Decodes
 * nothing and takes little time, so that it can be asked before anything is replaced by the file. With `isHead` the bytes are the
 * first `HEAD_BYTES` only, which tell no more than its kind.
 */
export function pictureRefusal(bytes: Uint8Array, name: string, isHead = false): string | undefined {
  try {
    if (isHead) pictureKind(bytes, name);
    else inspectPicture(bytes, name);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The message for a picture that the decoder gave up on. */
export const undecodable = (name: string, kind: PictureKind, cause: unknown) =>
  new Error(`${name} begins as ${FILE_KIND[kind]} but cannot be decoded; it is damaged, so save it again from its source.`, {
    cause,
  });
