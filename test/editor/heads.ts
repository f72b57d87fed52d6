/** The first bytes of files of each kind. */
const text = (letters: string): number[] => [...letters].map((letter) => letter.charCodeAt(0));

const HEADS = {
  png: [0x89, ...text("PNG"), 13, 10, 26, 10],
  jpeg: [0xff, 0xd8, 0xff, 0xe0],
  webp: [...text("RIFF"), 1, 2, 3, 4, ...text("WEBP")],
  avif: [0, 0, 0, 32, ...text("ftypavif")],
  npy: [0x93, ...text("NUMPY"), 1, 0],
  safetensors: [64, 0, 0, 0, 0, 0, 0, 0, ...text('{"a":{}}')],
  zip: [...text("PK"), 3, 4],
  pickle: [0x80, 2, 0x8a, 0x0a],
};

export const encodeHead = (kind: keyof typeof HEADS): Uint8Array => Uint8Array.from(HEADS[kind]);
