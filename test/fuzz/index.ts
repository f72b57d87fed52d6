/** Every fuzzer. */
import { editorState } from "./editor";
import { exifCopied, exifData } from "./exif";
import { graphFile } from "./graph";
import { iccProfile } from "./icc";
import { jpeg } from "./jpeg";
import type { Kind } from "./kind";
import { npyArray } from "./npy";
import { avif, bmp, gif, tiffPicture } from "./other-pictures";
import { painted } from "./painted";
import { pthLegacy, pthZip } from "./pickle";
import { png } from "./png";
import { pngText } from "./png-text";
import { prior } from "./prior";
import { safetensors } from "./safetensors";
import { fileKind } from "./sniff";
import { takes } from "./takes";
import { webp } from "./webp";
import { xmpPacket } from "./xmp";

/** Files of pictures, then what stands in them, then arrays and weights, then graphs. */
export const kinds = [
  ...[fileKind, png, jpeg, webp, avif, gif, tiffPicture, bmp],
  ...[pngText, iccProfile, exifData, exifCopied, xmpPacket],
  ...[npyArray, prior, safetensors, pthLegacy, pthZip],
  ...[graphFile, takes, painted, editorState],
] as readonly Kind[];
