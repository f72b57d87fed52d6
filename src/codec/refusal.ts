/** Why a file is not what a parameter takes, from its content: asked before anything is replaced by it. */
import { isPictureKind, PICTURE_ENDINGS, pictureRefusal } from "./inspect";
import { FILE_KIND, type FileKind, sniff } from "./sniff";

/** What a file's name ends with that is of a kind by its content. */
const ENDINGS: Readonly<Partial<Record<FileKind, readonly string[]>>> = {
  npy: [".npy"],
  safetensors: [".safetensors"],
  "pth-zip": [".pth", ".pt"],
  "pth-legacy": [".pth", ".pt"],
  zip: [".pth", ".pt"], // the reader looks into it
};

/**
 * `accept` is a parameter's list, as in HTML: ".npy,.pth,image/png"; empty: anything. Undefined where nothing speaks against
 * the file; what it takes long to find out is left to whoever reads it.
 */
export function fileRefusal(bytes: Uint8Array, name: string, accept: string): string | undefined {
  const taken = accept
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean);
  if (!taken.length || taken.includes("*/*")) return undefined;
  const picture = (part: string) => part.startsWith("image/") || PICTURE_ENDINGS.includes(part);
  const takesPictures = taken.some(picture);
  const kind = sniff(bytes);
  if (takesPictures && (taken.every(picture) || isPictureKind(kind))) return pictureRefusal(bytes, name);
  if (bytes.length === 0) return `${name} is empty (0 bytes); choose ${taken.join(", ")}.`;
  const endings = kind && ENDINGS[kind];
  if (endings?.some((ending) => taken.includes(ending))) return undefined;
  // An old checkpoint may begin with anything.
  if (!kind && taken.some((ending) => name.toLowerCase().endsWith(ending))) return undefined;
  return `${name} is ${kind ? FILE_KIND[kind] : "of no kind that is known"}; choose ${taken.join(", ")}.`;
}
