/** Writes PNGs for tests from raw samples: any colour type and depth, interlaced, with any chunks, honest or not. */
import { zlibSync } from "fflate";
import { PNG_SIGNATURE, writeChunk } from "../../src/codec/png-chunk";

export interface RawPng {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and opacity, 6 RGB and opacity. */
  readonly colour: number;
  readonly interlaced?: boolean;
  /** The raw sample of a pixel. */
  sample(x: number, y: number, channel: number): number;
  /** Chunks between header and pixels. */
  readonly before?: readonly (readonly [type: string, data: Uint8Array])[];
  /** Instead of the picture's own: what is packed, and the sizes in the header. */
  readonly pixels?: Uint8Array;
  readonly claimed?: readonly [width: number, height: number];
}

export const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Rows of the passes, unfiltered (filter 0). */
function scanlines({ width, height, depth, colour, interlaced, sample }: RawPng): Uint8Array {
  const bytes: number[] = [];
  for (const [left, top, across, down] of interlaced ? PASSES : [[0, 0, 1, 1] as const]) {
    if (left >= width) continue;
    for (let y = top; y < height; y += down) {
      bytes.push(0);
      let bits = "";
      for (let x = left; x < width; x += across)
        for (let c = 0; c < CHANNELS[colour]!; c++) bits += sample(x, y, c).toString(2).padStart(depth, "0");
      for (let i = 0; i < bits.length; i += 8) bytes.push(Number.parseInt(bits.slice(i, i + 8).padEnd(8, "0"), 2));
    }
  }
  return Uint8Array.from(bytes);
}

export const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

export function rawPng(png: RawPng): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, png.claimed?.[0] ?? png.width);
  view.setUint32(4, png.claimed?.[1] ?? png.height);
  header.set([png.depth, png.colour, 0, 0, png.interlaced ? 1 : 0], 8);
  return join(
    PNG_SIGNATURE,
    writeChunk("IHDR", header),
    ...(png.before ?? []).map(([type, data]) => writeChunk(type, data)),
    writeChunk("IDAT", zlibSync(png.pixels ?? scanlines(png))),
    writeChunk("IEND", new Uint8Array()),
  );
}
