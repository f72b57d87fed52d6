/** Files by content: their hash, and those a graph carries inside itself. */
import type { FileRef } from "./node";

/**
 * SHA-256 as lower-case hex: the platform's own, or @noble/hashes' where a browser keeps it from the page, as from one that
 * comes over plain http from another machine.
 */
export async function sha256(content: Uint8Array | string): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const digest = globalThis.crypto?.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>))
    : (await import("@noble/hashes/sha2.js")).sha256(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes a file parameter carries as base64; undefined if it carries none. Throws an error where they are damaged. */
export function embedded(ref: FileRef): Uint8Array | undefined {
  if (ref.data === undefined) return undefined;
  let binary: string;
  try {
    binary = atob(ref.data);
  } catch {
    throw new Error(`the graph's copy of "${ref.name}" is not base64: choose the file again`);
  }
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** A file parameter's value that carries its bytes. */
export function embed(ref: FileRef, bytes: Uint8Array): FileRef {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return { ...ref, data: btoa(binary) };
}

/** Throws an error unless the bytes are those the graph was saved with. */
export async function verify(ref: FileRef, bytes: Uint8Array): Promise<Uint8Array> {
  if (ref.sha256 !== undefined && (await sha256(bytes)) !== ref.sha256)
    throw new Error(
      `"${ref.name}" is not the file the graph was saved with (its SHA-256 begins ${ref.sha256.slice(0, 8)}): choose the file again`,
    );
  return bytes;
}
