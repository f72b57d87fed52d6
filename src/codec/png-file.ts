/**
 * A PNG file taken apart and checked, its pixels still compressed (W3C PNG, third edition, section 11). What viewers read all the
 * same is read, and said in a warning: a wrong checksum, no end.
 */
import { damaged, type Header, truncated } from "./header";
import { exifOrientation } from "./orientation";
import { chunks } from "./png-chunk";

/** Chunks that say what the colours are. */
const COLOURS = ["cICP", "iCCP", "sRGB", "gAMA", "cHRM"] as const;

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
  /** As stored, by type; of several of a type the first. */
  readonly colours: Readonly<Partial<Record<(typeof COLOURS)[number], Uint8Array>>>;
  /** eXIf: a TIFF header and its directories. */
  readonly exif?: Uint8Array;
  /** The parts of the zlib stream. */
  readonly pixels: readonly Uint8Array[];
}

/** By colour type: the samples of a pixel and the depths allowed. */
const COLOUR_TYPES: ReadonlyMap<number, { channels: number; depths: readonly number[] }> = new Map([
  [0, { channels: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { channels: 3, depths: [8, 16] }],
  [3, { channels: 1, depths: [1, 2, 4, 8] }],
  [4, { channels: 2, depths: [8, 16] }],
  [6, { channels: 4, depths: [8, 16] }],
]);
const PALETTE = 3;

const WANTED = new Set<string>(["IHDR", "PLTE", "IDAT", "tRNS", "eXIf", "acTL", ...COLOURS]);

/** Throws an error naming the file where a chunk that the pixels need is missing or misplaced. */
export function readPngFile(png: Uint8Array, name: string): PngFile {
  const warnings: string[] = [];
  const wrong = new Set<string>();
  let ended = false;
  const pixels: Uint8Array[] = [];
  const once = new Map<string, Uint8Array>();
  for (const chunk of chunks(png)) {
    if (once.size === 0 && chunk.type !== "IHDR") throw damaged(name, "its first PNG chunk is not IHDR");
    if (chunk.type === "IEND" && !chunk.cut) ended = true;
    if (!WANTED.has(chunk.type)) continue;
    if (chunk.type === "IDAT") pixels.push(chunk.data);
    else if (!chunk.cut && !once.has(chunk.type)) once.set(chunk.type, chunk.data);
    if (!chunk.cut && !chunk.intact()) wrong.add(chunk.type);
  }
  const header = once.get("IHDR");
  if (!header || pixels.length === 0) throw ended ? damaged(name, "it holds no pixels") : truncated(name);
  if (wrong.size > 0) warnings.push(`the checksum of its ${[...wrong].join(" and ")} chunk does not agree`);
  if (!ended) warnings.push("the end of the file is missing");
  if (once.has("acTL")) warnings.push(STILL);
  if (header.length !== 13) throw damaged(name, `its header is ${header.length} bytes long instead of 13`);
  const view = new DataView(header.buffer, header.byteOffset, 13);
  const [depth, colour, compression, filter, interlace] = header.subarray(8) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const type = COLOUR_TYPES.get(colour);
  if (!type?.depths.includes(depth)) throw damaged(name, `PNG has no colour type ${colour} with ${depth} bits a sample`);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    throw damaged(name, `PNG has no compression ${compression}, filter ${filter}, interlace ${interlace}`);
  const palette = once.get("PLTE");
  if (colour === PALETTE && (!palette || palette.length % 3 !== 0 || palette.length === 0 || palette.length > 768))
    throw damaged(name, "its palette does not hold 1 to 256 colours");
  const exif = once.get("eXIf");
  let transparency = colour <= PALETTE ? once.get("tRNS") : undefined;
  if (transparency && colour < PALETTE && transparency.length !== 2 * type.channels) {
    warnings.push(`its transparent colour is ${transparency.length} bytes long instead of ${2 * type.channels} and is left out`);
    transparency = undefined;
  }
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth,
    channels: type.channels,
    interlaced: interlace === 1,
    alpha: colour >= 4 || transparency !== undefined,
    warnings,
    ...(colour === PALETTE && { palette }),
    ...(transparency && { transparency }),
    colours: Object.fromEntries(COLOURS.flatMap((type) => (once.has(type) ? [[type, once.get(type)]] : []))),
    ...(exif && { exif, orientation: exifOrientation(exif) }),
    pixels,
  };
}

/** Said of an animation. */
const STILL = "it is an animation, of which the still picture is read";
