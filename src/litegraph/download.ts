/** Hands the browser a file to store, under a name that every file system takes. */
import type { EncodedFile } from "../plain-types";

const EXTENSIONS: Record<EncodedFile["type"], string> = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" };

/** At most 80 characters of a title, without what file systems refuse, and an extension. */
export function fileName(title: string, extension: string, untitled: string): string {
  const stem = title
    .normalize("NFC")
    .replace(/[\p{Cc}\\/:*?"<>|]+/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[.\s]+|(?<![.\s])[.\s]+$/g, "")
    .slice(0, 80)
    .trim();
  return `${stem || untitled}.${extension}`;
}

/** A picture's file name: a title may have an ending, right or not. */
export const pictureName = (title: string, type: EncodedFile["type"]): string =>
  fileName(title.replace(/\.(png|jpe?g|webp)$/i, ""), EXTENSIONS[type], "picture");

export function download(content: BlobPart, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
