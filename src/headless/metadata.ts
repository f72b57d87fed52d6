/** What a picture says of itself beside its pixels: when and how it was taken, its title, its author. */
import { sniff } from "../codec/sniff";
import { exifOfTiff } from "../codec/tiff-exif";
import { sharp } from "./sharp";

export interface Metadata {
  /** A TIFF block, as in EXIF 2.32 (CIPA DC-008). */
  readonly exif?: Uint8Array;
  /** XMP (ISO 16684-1). */
  readonly xmp?: string;
}

/** Raw EXIF and XMP, as sharp finds them. */
export async function tagsOf(bytes: Uint8Array): Promise<{ readonly exif?: Buffer; readonly xmp?: Buffer }> {
  try {
    return await sharp(bytes, { failOn: "none" }).metadata();
  } catch {
    return {}; // what is wrong with the file is said by whoever decodes it
  }
}

const PREFIX = "Exif\0\0";

const withoutPrefix = (exif: Buffer): Buffer =>
  exif.subarray(0, PREFIX.length).toString("latin1") === PREFIX ? exif.subarray(PREFIX.length) : exif;

/** EXIF and XMP of a picture's file; nothing where it has none, or they cannot be read. */
export async function metadataOf(bytes: Uint8Array): Promise<Metadata> {
  const { exif, xmp } = await tagsOf(bytes);
  const block = sniff(bytes) === "tiff" ? exifOfTiff(bytes) : exif && withoutPrefix(exif);
  return {
    ...(block && block.length > 0 && { exif: new Uint8Array(block) }),
    ...(xmp && xmp.length > 0 && { xmp: new TextDecoder().decode(xmp) }),
  };
}
