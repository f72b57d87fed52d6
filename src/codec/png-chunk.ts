/** PNG's chunks: found, checked and written (W3C PNG, third edition, section 5). */

export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

export interface Chunk {
  readonly type: string;
  /** A view of the file. */
  readonly data: Uint8Array;
  /** The file ends before the chunk does. */
  readonly cut: boolean;
  /** Whether all of it is there and the checksum agrees. Looked at when asked. */
  intact(): boolean;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** CRC-32 of the bytes, 0 to 2³² − 1. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** The chunks in order, ending with IEND or with the first one that does not fit into the file. */
export function* chunks(png: Uint8Array): Generator<Chunk> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = PNG_SIGNATURE.length; at + 8 <= png.length; ) {
    const length = view.getUint32(at);
    const start = at + 8;
    const end = start + length;
    const cut = end + 4 > png.length;
    const type = String.fromCharCode(...png.subarray(at + 4, start));
    const named = png.subarray(at + 4, end);
    yield { type, data: png.subarray(start, end), cut, intact: () => !cut && crc32(named) === view.getUint32(end) };
    if (cut || type === "IEND") return;
    at = end + 4;
  }
}

/** A chunk as it stands in a file: length, type, data, checksum. */
export function writeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) chunk[4 + i] = type.charCodeAt(i);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}
