/** Every fuzzer. */
import { exifData } from "./exif";
import { iccProfile } from "./icc";
import type { Kind } from "./kind";
import { png } from "./png";

export const kinds = [png, iccProfile, exifData] as readonly Kind[];
