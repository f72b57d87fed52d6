/** A PNG file taken apart and checked, its pixels still compressed (W3C PNG, third edition, section 11). */
import { damaged, type Header, truncated } from "./header";
import { chunks } from "./png-chunk";

export interface PngFile extends Header {
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** Samples of a pixel: 1 grey or palette index, 2 grey and opacity, 3 RGB, 4 RGB and opacity. */
  readonly channels: number;
  readonly interlaced: boolean;
  /** RGB triples. Present exactly in palette pictures. */
  readonly palette?: Uint8Array;
  /** tRNS: the opacity of the first palette colours, or the one grey or RGB that is transparent as 16-bit numbers. */
  readonly transparency?: Uint8Array;
  /** iCCP as stored: name, method, compressed profile. */
  readonly profile?: Uint8Array;
  /** eXIf: a TIFF header and its directories. */
  readonly exif?: Uint8Array;
  /** The parts of the zlib stream. */
  readonly pixels: readonly Uint8Array[];
}

/** By colour type: the samples of a pixel and the depths allowed. */
const COLOUR_TYPES: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
const PALETTE = 3;

/** Throws a sentence naming the file where a chunk that matters is missing, misplaced, or fails its checksum. */
export function readPngFile(png: Uint8Array, name: string): PngFile {
  let header: Uint8Array | undefined;
  let ended = false;
  const pixels: Uint8Array[] = [];
  const once: Record<string, Uint8Array> = {};
  for (const chunk of chunks(png)) {
    if (!header && chunk.type !== "IHDR") throw damaged(name, "its first PNG chunk is not IHDR");
    const wanted = ["IHDR", "PLTE", "IDAT", "tRNS", "iCCP", "eXIf"].includes(chunk.type);
    if (wanted && !chunk.intact()) throw damaged(name, `the checksum of its ${chunk.type} chunk does not agree`);
    if (chunk.type === "IHDR") header ??= chunk.data;
    else if (chunk.type === "IDAT") pixels.push(chunk.data);
    else if (chunk.type === "IEND") ended = true;
    else if (wanted) once[chunk.type] ??= chunk.data;
  }
  if (!header || !ended) throw truncated(name);
  if (header.length !== 13) throw damaged(name, `its header is ${header.length} bytes long instead of 13`);
  const view = new DataView(header.buffer, header.byteOffset, 13);
  const [depth, colour, compression, filter, interlace] = header.subarray(8) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const type = COLOUR_TYPES[colour];
  if (!type?.depths.includes(depth)) throw damaged(name, `PNG has no colour type ${colour} with ${depth} bits a sample`);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    throw damaged(name, `PNG has no compression ${compression}, filter ${filter}, interlace ${interlace}`);
  if (pixels.length === 0) throw damaged(name, "it holds no pixels");
  const { PLTE: palette, tRNS: transparency, iCCP: profile, eXIf: exif } = once;
  if (colour === PALETTE && (!palette || palette.length % 3 !== 0 || palette.length === 0 || palette.length > 768))
    throw damaged(name, "its palette does not hold 1 to 256 colours");
  if (transparency && colour < PALETTE && transparency.length !== 2 * type.channels)
    throw damaged(name, `its transparent colour is ${transparency.length} bytes long instead of ${2 * type.channels}`);
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth,
    channels: type.channels,
    interlaced: interlace === 1,
    alpha: colour >= 4 || transparency !== undefined,
    ...(colour === PALETTE && { palette }),
    ...(colour <= PALETTE && { transparency }),
    profile,
    exif,
    pixels,
  };
}
