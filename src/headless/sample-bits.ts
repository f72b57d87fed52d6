/** How many bits the samples of a picture have, as they are decoded here: 16 of PNG and TIFF, 8 of all else. */
import { sniff } from "../codec/sniff";
import { readTiffFile } from "../codec/tiff-file";

/** Where a PNG's header says it. */
const PNG_DEPTH = 24;

/** 8 where the file cannot be read: whoever decodes it says why. */
export function sampleBits(bytes: Uint8Array, name: string): 8 | 16 {
  const kind = sniff(bytes);
  if (kind === "png") return bytes[PNG_DEPTH] === 16 ? 16 : 8;
  if (kind !== "tiff") return 8;
  try {
    return readTiffFile(bytes, name).bits === 16 ? 16 : 8;
  } catch {
    return 8;
  }
}
