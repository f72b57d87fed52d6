/** BMPs for tests, 5 × 3 pixels, of every way pixels are stored; each with what it shows at the left of its upper row. */
const u16 = (v: number) => [v & 255, (v >> 8) & 255];
const u32 = (v: number) => [...u16(v & 0xffff), ...u16(v >>> 16)];
const PALETTE = [
  [10, 20, 30],
  [200, 100, 50],
  [0, 255, 0],
  [255, 255, 255],
] as const;
const [WIDTH, HEIGHT] = [5, 3];

interface Stored {
  readonly bits: number;
  readonly packing?: number;
  readonly height?: number;
  readonly palette?: boolean;
  readonly masks?: readonly number[];
  /** A header of 12 bytes, with a palette of 3 bytes a colour. */
  readonly core?: boolean;
  readonly pixels: readonly number[];
}

function bmp({ bits, packing = 0, height = HEIGHT, palette = false, masks = [], core = false, pixels }: Stored): Uint8Array {
  const colours = palette ? PALETTE.flatMap(([r, g, b]) => (core ? [b, g, r] : [b, g, r, 0])) : [];
  const filled = palette && core ? [...colours, ...Array(3 * (2 ** bits - PALETTE.length)).fill(0)] : colours;
  const size = core ? 12 : 40 + (masks.length === 4 ? 68 : 0);
  const header = core
    ? [...u32(12), ...u16(WIDTH), ...u16(height), ...u16(1), ...u16(bits)]
    : [...u32(size), ...u32(WIDTH), ...u32(height), ...u16(1), ...u16(bits), ...u32(packing), ...u32(pixels.length)];
  if (!core) header.push(...u32(2835), ...u32(2835), ...u32(palette ? PALETTE.length : 0), ...u32(0));
  const tail = [...masks.flatMap(u32), ...(masks.length === 4 ? Array(52).fill(0) : [])];
  const start = 14 + header.length + tail.length + filled.length;
  return Uint8Array.from([
    0x42,
    0x4d,
    ...u32(start + pixels.length),
    0,
    0,
    0,
    0,
    ...u32(start),
    ...header,
    ...tail,
    ...filled,
    ...pixels,
  ]);
}

const rows = (row: readonly number[], upper: readonly number[]) => [...row, ...row, ...upper];
const pixel555 = 0x1f << 10;
const pixel565 = (16 << 11) | (63 << 5) | 31;

export const BMPS: Readonly<Record<string, readonly [bytes: Uint8Array, first: readonly number[]]>> = {
  "1 bit": [bmp({ bits: 1, palette: true, pixels: rows([0, 0, 0, 0], [0b10101000, 0, 0, 0]) }), [200, 100, 50]],
  "4 bits": [bmp({ bits: 4, palette: true, pixels: rows([0, 0, 0, 0], [0x21, 0x30, 0x10, 0]) }), [0, 255, 0]],
  "8 bits": [bmp({ bits: 8, palette: true, pixels: rows([0, 1, 2, 3, 0, 0, 0, 0], [3, 2, 1, 0, 1, 0, 0, 0]) }), [255, 255, 255]],
  "8 bits beyond the palette": [
    bmp({ bits: 8, palette: true, pixels: rows([0, 1, 2, 3, 0, 0, 0, 0], [9, 2, 1, 0, 1, 0, 0, 0]) }),
    [0, 0, 0],
  ],
  "4 bits, header of OS/2": [
    bmp({ bits: 4, palette: true, core: true, pixels: rows([0, 0, 0, 0], [0x21, 0x30, 0x10, 0]) }),
    [0, 255, 0],
  ],
  "16 bits": [bmp({ bits: 16, pixels: rows(Array(12).fill(0), [...u16(pixel555), ...Array(10).fill(0)]) }), [255, 0, 0]],
  "16 bits of 5, 6 and 5": [
    bmp({
      bits: 16,
      packing: 3,
      masks: [0xf800, 0x7e0, 0x1f],
      pixels: rows(Array(12).fill(0), [...u16(pixel565), ...Array(10).fill(0)]),
    }),
    [132, 255, 255],
  ],
  "24 bits": [bmp({ bits: 24, pixels: rows(Array(16).fill(9), [3, 2, 1, ...Array(13).fill(0)]) }), [1, 2, 3]],
  "24 bits from the top": [
    bmp({ bits: 24, height: -HEIGHT, pixels: [3, 2, 1, ...Array(13).fill(0), ...Array(32).fill(7)] }),
    [1, 2, 3],
  ],
  "32 bits": [bmp({ bits: 32, pixels: rows(Array(20).fill(0), [3, 2, 1, 77, ...Array(16).fill(0)]) }), [1, 2, 3]],
  "32 bits with opacity": [
    bmp({
      bits: 32,
      packing: 3,
      masks: [0xff, 0xff00, 0xff0000, 0xff000000],
      pixels: rows(Array(20).fill(255), [1, 2, 3, 255, ...Array(16).fill(255)]),
    }),
    [1, 2, 3],
  ],
  "run lengths of 8 bits": [
    bmp({ bits: 8, packing: 1, palette: true, pixels: [5, 1, 0, 0, 0, 3, 1, 2, 3, 0, 2, 0, 0, 0, 2, 3, 3, 1, 0, 0, 0, 1] }),
    [255, 255, 255],
  ],
  "run lengths of 4 bits": [
    bmp({ bits: 4, packing: 2, palette: true, pixels: [5, 0x12, 0, 0, 0, 5, 0x12, 0x31, 0x20, 0, 0, 0, 2, 0x23, 3, 1, 0, 1] }),
    [0, 255, 0],
  ],
};
