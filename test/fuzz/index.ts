/** Every fuzzer. */
import { exifData } from "./exif";
import { iccProfile } from "./icc";
import { jpeg } from "./jpeg";
import type { Kind } from "./kind";
import { npyArray } from "./npy";
import { avif, bmp, gif, tiffPicture } from "./other-pictures";
import { pthLegacy, pthZip } from "./pickle";
import { png } from "./png";
import { pngText } from "./png-text";
import { prior } from "./prior";
import { safetensors } from "./safetensors";
import { fileKind } from "./sniff";
import { webp } from "./webp";

/** Files of pictures, then what stands in them, then arrays and weights. */
export const kinds = [
  ...[fileKind, png, jpeg, webp, avif, gif, tiffPicture, bmp],
  ...[pngText, iccProfile, exifData],
  ...[npyArray, prior, safetensors, pthLegacy, pthZip],
] as readonly Kind[];
