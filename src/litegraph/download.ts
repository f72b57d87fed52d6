/** Gives an encoded file to the person as a download. */
import type { EncodedFile } from "../types";

const EXTENSIONS: Record<EncodedFile["type"], string> = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" };

/** A file name without what file systems refuse, with the extension of its type. */
export function fileName(title: string, type: EncodedFile["type"]): string {
  const name = [...title]
    .map((char) => (char < " " || '\\/:*?"<>|'.includes(char) ? "-" : char))
    .join("")
    .replace(/\.(png|jpe?g|webp)$/i, "")
    .replace(/^[.\s]+|(?<![.\s])[.\s]+$/g, "")
    .slice(0, 100);
  return `${name || "picture"}.${EXTENSIONS[type]}`;
}

export function download({ bytes, type }: EncodedFile, title: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = fileName(title, type);
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
