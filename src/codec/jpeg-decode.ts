/**
 * JPEG in every host: the platform decodes the file, mended, and its colours are converted here, so that they are those of a PNG
 * with the same profile.
 */
import type { Picture } from "../types";
import { convertToSrgb } from "./colour";
import { PartialPictureError } from "./header";
import { readProfile } from "./icc";
import { readJpegFile } from "./jpeg-file";

/** The platform's decoder: upright; colours as stored, or "converted" to sRGB by the file's profile as the platform does. */
export type DecodeRaw = (jpeg: Uint8Array, colours: "stored" | "converted") => Promise<Picture>;

/** Longer than what any block of pixels takes. */
const FILLING = 4096;

/**
 * The picture in a JPEG, in sRGB. Profiles of tables, and all of inks, are the platform's to convert; one for other colours than
 * the picture's is ignored. With `partial` a file that ends early is read as far as it goes; otherwise throws an error.
 */
export async function decodeJpeg(bytes: Uint8Array, name: string, decode: DecodeRaw, partial = false): Promise<Picture> {
  const file = readJpegFile(bytes, name);
  const profile = file.icc && readProfile(file.icc);
  const colours = file.icc && (profile === "tables" || file.channels === 4) ? "converted" : "stored";
  const picture = await decode(file.mended(), colours);
  const warnings = [...file.warnings];
  if (file.end === "whole") warnings.push(...(picture.warnings ?? []));
  if (file.end !== "whole") {
    const early = file.end === "cut" || !same(picture, await decode(file.mended(filling()), colours));
    if (early && !partial) throw new PartialPictureError(name);
    if (early) warnings.push("it ends early: what is missing is grey or coarse");
  }
  if (profile && profile !== "tables" && colours === "stored" && (profile.space === "rgb" || file.channels === 1))
    convertToSrgb(picture, profile, file.channels === 1);
  return { ...picture, ...(warnings.length > 0 && { warnings }) };
}

/**
 * Bytes without a pattern. Where pixels are missing a decoder takes them for pixels, and the picture is another; where none are
 * missing it passes over them.
 */
function filling(): Uint8Array {
  let seed = 1;
  return Uint8Array.from({ length: FILLING }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed >>> 24) % 255; // never 255, which begins a marker
  });
}

const same = (a: Picture, b: Picture) => a.rgb.length === b.rgb.length && a.rgb.every((v, i) => v === b.rgb[i]);
