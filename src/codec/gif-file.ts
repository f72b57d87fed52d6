/** What a GIF says of itself before it is decoded: its size, its frames, and whether they are all there (GIF89a). */
import { damaged, FIRST_FRAME, type Header, truncated } from "./header";

export function gifHeader(bytes: Uint8Array, name: string): Header {
  if (bytes.length < 13) throw truncated(name);
  const table = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const header = { width: bytes[6]! | (bytes[7]! << 8), height: bytes[8]! | (bytes[9]! << 8), alpha: true };
  /** After blocks that each begin with their length, the last of them empty; past the file's end where that is missing. */
  const afterBlocks = (at: number) => {
    while (at < bytes.length && bytes[at] !== 0) at += bytes[at]! + 1;
    return at + 1;
  };
  let frames = 0;
  let at = 13 + table(bytes[10]!);
  while (at < bytes.length && bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) at = afterBlocks(at + 2);
    else if (bytes[at] === 0x2c) {
      at = afterBlocks(at + 11 + table(bytes[at + 9] ?? 0));
      if (at <= bytes.length) frames++;
    } else if (frames > 0)
      break; // what follows the first frame is not read
    else throw damaged(name, `a GIF block is missing at byte ${at}`);
  }
  if (frames === 0) throw at < bytes.length ? damaged(name, "it holds no picture") : truncated(name);
  return { ...header, warnings: frames > 1 ? [FIRST_FRAME] : [] };
}
