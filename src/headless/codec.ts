/** Pictures read under Node: PNG and BMP by our own codec, so that they are the same in every host; the rest by sharp (libvips). */
import type { Host } from "../../nodes/sockets";
import { decodeBmp } from "../codec/bmp";
import { inspectPicture, type PictureKind, undecodable } from "../codec/inspect";
import { type DecodeRaw, decodeJpeg } from "../codec/jpeg-decode";
import { MAX_PIXELS } from "../codec/limits";
import { decodePng } from "../codec/png-decode";
import { fromInterleaved, onCanvas } from "../codec/rgba";
import { coloursOf, finishTiff, readTiffFile } from "../codec/tiff-file";
import type { Picture } from "../types";
import { sharp } from "./sharp";

/** CMYK `[h, w, 4]`, 0 no ink, as RGB by multiplying what each ink lets through: what browsers do where there is no profile. */
function withoutInk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4)
    for (let c = 0; c < 3; c++) rgb[to++] = Math.round(((255 - cmyk[from + c]!) * (255 - cmyk[from + 3]!)) / 255);
  return rgb;
}

type Colours = Parameters<DecodeRaw>[1];

/** What a decoder warns of is damage, but for TIFF and GIF, of which libraries say what is unusual too. */
const STRICT: Readonly<Record<PictureKind, "warning" | "error">> = {
  png: "warning",
  jpeg: "warning",
  webp: "warning",
  avif: "warning",
  tiff: "error",
  gif: "error",
  bmp: "error",
};

/** What libjpeg passes over, and browsers with it. */
const DAMAGED = "its data is damaged: parts of it may look wrong";

/** Upright; in sRGB unless the colours are wanted as stored. Samples of 16 bits stay so where the file is a TIFF. */
async function decodeBySharp(
  bytes: Uint8Array,
  name: string,
  kind: PictureKind,
  colours: Colours,
  lenient = false,
): Promise<Picture> {
  try {
    const options = {
      limitInputPixels: MAX_PIXELS,
      ignoreIcc: colours === "stored",
      failOn: lenient ? "none" : STRICT[kind],
    } as const;
    const source = sharp(bytes, options);
    const { space, hasProfile, depth } = await source.metadata();
    if (kind === "tiff" && depth === "ushort" && space !== "cmyk") {
      const { data, info } = await source
        .toColourspace("rgb16")
        .autoOrient()
        .raw({ depth: "ushort" })
        .toBuffer({ resolveWithObject: true });
      const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
      return fromInterleaved(samples, info.width, info.height, info.channels);
    }
    const inks = space === "cmyk" && !hasProfile;
    const coloured = inks ? source.pipelineColourspace("cmyk").toColourspace("cmyk") : source.toColourspace("srgb");
    const { data, info } = await coloured.autoOrient().raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return fromInterleaved(inks ? withoutInk(data) : data, info.width, info.height, inks ? 3 : info.channels);
  } catch (cause) {
    if (kind !== "jpeg" || lenient) throw undecodable(name, kind, cause);
    return { ...(await decodeBySharp(bytes, name, kind, colours, true)), warnings: [DAMAGED] };
  }
}

/** Decodes every kind in `PICTURE_FILES`: upright, in sRGB, opacity apart and absent where full; of an animation the first frame. */
export const decode: Host["decode"] = async (bytes, name, { partial = false } = {}) => {
  const { kind, warnings, ...size } = inspectPicture(bytes, name);
  const platform = async () => {
    const decoded = await decodeBySharp(bytes, name, kind, "converted");
    const picture = kind === "gif" ? onCanvas(decoded, size) : decoded; // libnsgif goes by the frames, not by the canvas
    return warnings.length > 0 ? { ...picture, warnings } : picture;
  };
  switch (kind) {
    case "png":
      return (await decodePng(bytes, name, { partial })) ?? platform();
    case "jpeg":
      return decodeJpeg(bytes, name, (jpeg, colours) => decodeBySharp(jpeg, name, kind, colours), partial);
    case "bmp":
      return decodeBmp(bytes, name);
    case "tiff": {
      const file = readTiffFile(bytes, name);
      const colours = coloursOf(file);
      return finishTiff(await decodeBySharp(bytes, name, kind, colours), file, colours);
    }
    default:
      return platform();
  }
};
