/**
 * Reads BMP (Microsoft's BITMAPCOREHEADER to BITMAPV5HEADER): 1, 2, 4, 8, 16, 24 and 32 bits, masks and run lengths, from the
 * bottom or the top. The npm libraries for it give wrong pixels or take any number for a length, and sharp reads none.
 */
import type { Picture } from "../types";
import { damaged, type Header, truncated } from "./header";
import { checkReadable } from "./limits";
import { opaque } from "./rgba";

interface Bmp extends Header {
  readonly bits: number;
  readonly topDown: boolean;
  /** 0 none, 1 and 2 run lengths of 8 and 4 bits, 3 and 6 masks. */
  readonly packing: number;
  /** Where the palette begins, its colours, and bytes a colour. */
  readonly palette: { readonly at: number; readonly colours: number; readonly bytes: 3 | 4 };
  /** Red, green, blue, opacity. */
  readonly masks: readonly number[];
  /** Where the pixels begin. */
  readonly pixels: number;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const DEPTHS = [1, 2, 4, 8, 16, 24, 32];

/** Throws an error where the header does not hold together, or the packing is one that only printers use. */
export function bmpHeader(bytes: Uint8Array, name: string): Bmp {
  const data = view(bytes);
  const size = data.getUint32(14, true);
  if (bytes.length < 14 + size || bytes.length < 26) throw truncated(name);
  const core = size === 12;
  if (!core && size < 40) throw damaged(name, `its BMP header is ${size} bytes long, and 12 or at least 40 is right`);
  const [width, signed] = core
    ? [data.getUint16(18, true), data.getUint16(20, true)]
    : [data.getInt32(18, true), data.getInt32(22, true)];
  const bits = data.getUint16(core ? 24 : 28, true);
  const packing = core ? 0 : data.getUint32(30, true);
  const fits = [
    DEPTHS.includes(bits),
    bits === 8,
    bits === 4,
    bits === 16 || bits === 32,
    false,
    false,
    bits === 16 || bits === 32,
  ];
  if (!fits[packing]) throw damaged(name, `BMP has no packing ${packing} with ${bits} bits a pixel that is read here`);
  const masked = packing === 3 || packing === 6;
  const after = masked && size === 40 ? (packing === 6 ? 16 : 12) : 0; // masks that follow a header without room for them
  if (bytes.length < 14 + size + after) throw truncated(name);
  const mask = (i: number) => (size + after >= 40 + 4 * i + 4 ? data.getUint32(54 + 4 * i, true) : 0);
  const usual = bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const masks = masked ? [0, 1, 2, 3].map(mask) : usual;
  const stated = core ? 0 : data.getUint32(46, true);
  const most = bits <= 8 ? 2 ** bits : 0;
  const at = 14 + size + after;
  return {
    width,
    height: Math.abs(signed),
    alpha: masks[3] !== 0,
    warnings: [],
    bits,
    topDown: signed < 0,
    packing,
    palette: { at, colours: stated === 0 ? most : Math.min(stated, most), bytes: core ? 3 : 4 },
    masks,
    pixels: data.getUint32(10, true),
  };
}

/** The picture. Throws an error that names the file where it is too large, cut short or damaged. */
export function decodeBmp(bytes: Uint8Array, name: string): Picture {
  const bmp = bmpHeader(bytes, name);
  checkReadable(bmp, name);
  const { width, height, bits, packing, masks, topDown } = bmp;
  const rgb = new Uint8Array(3 * width * height);
  const alpha = masks[3] ? new Uint8Array(width * height) : undefined;
  const place = (x: number, y: number) => (topDown ? y : height - 1 - y) * width + x;
  const { at, colours, bytes: each } = bmp.palette;
  const indexed = (x: number, y: number, index: number) => {
    const from = at + each * index;
    if (index >= colours || from + each > bytes.length) return; // black, as in browsers
    rgb.set([bytes[from + 2]!, bytes[from + 1]!, bytes[from]!], 3 * place(x, y));
  };
  if (packing === 1 || packing === 2) unrun(bmp, bytes, name, indexed);
  else {
    const stride = 4 * Math.ceil((width * bits) / 32);
    if (bmp.pixels + stride * (height - 1) + Math.ceil((width * bits) / 8) > bytes.length) throw truncated(name);
    const channels = masks.map(channelOf);
    const data = view(bytes);
    for (let y = 0; y < height; y++) {
      const row = bmp.pixels + y * stride;
      for (let x = 0; x < width; x++) {
        if (bits <= 8) {
          const byte = bytes[row + ((x * bits) >> 3)]!;
          indexed(x, y, (byte >> (8 - bits - ((x * bits) & 7))) & (2 ** bits - 1));
          continue;
        }
        const from = row + (x * bits) / 8;
        const to = place(x, y);
        if (bits === 24) for (let c = 0; c < 3; c++) rgb[3 * to + c] = bytes[from + 2 - c]!;
        else {
          const value = bits === 16 ? data.getUint16(from, true) : data.getUint32(from, true);
          for (let c = 0; c < 3; c++) rgb[3 * to + c] = channels[c]!(value);
          if (alpha) alpha[to] = channels[3]!(value);
        }
      }
    }
  }
  return opaque({ width, height, bits: 8, rgb, ...(alpha && { alpha }) });
}

/** Takes a mask's bits out of a pixel, as 0 to 255. */
function channelOf(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const top = mask >>> shift;
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / top);
}

/** Run lengths: pixels that are passed over keep the colour they have. */
function unrun(
  { width, height, packing, pixels }: Bmp,
  bytes: Uint8Array,
  name: string,
  set: (x: number, y: number, index: number) => void,
): void {
  const nibbles = packing === 2;
  let [x, y] = [0, 0];
  const put = (index: number) => {
    if (x < width && y < height) set(x, y, index);
    x++;
  };
  const part = (byte: number, i: number) => (nibbles ? (i % 2 ? byte & 15 : byte >> 4) : byte);
  for (let at = pixels; y < height; ) {
    if (at + 1 >= bytes.length) throw truncated(name);
    const [count, value] = [bytes[at]!, bytes[at + 1]!];
    at += 2;
    if (count > 0) for (let i = 0; i < count; i++) put(part(value, i));
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) return;
    else if (value === 2) {
      if (at + 1 >= bytes.length) throw truncated(name);
      x += bytes[at]!;
      y += bytes[at + 1]!;
      at += 2;
    } else {
      const length = nibbles ? Math.ceil(value / 2) : value;
      if (at + length > bytes.length) throw truncated(name);
      for (let i = 0; i < value; i++) put(part(bytes[at + (nibbles ? i >> 1 : i)]!, i));
      at += length + (length % 2);
    }
  }
}
