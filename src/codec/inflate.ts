/** Unpacks zlib data of unknown size up to a limit, so that a few bytes cannot fill the memory. */
import { Unzlib } from "fflate";

/** Deflate packs at most 1032 to 1, so a step of this many bytes unpacks to 16 MiB at most. */
const STEP = 16 * 1024;

/** The unpacked bytes, or "too large" past `limit` bytes, or "damaged". */
export function inflateAtMost(data: Uint8Array, limit: number): Uint8Array | "too large" | "damaged" {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const unpack = new Unzlib((part) => {
      size += part.length;
      if (size <= limit) parts.push(part);
    });
    for (let at = 0; at < data.length && size <= limit; at += STEP)
      unpack.push(data.subarray(at, at + STEP), at + STEP >= data.length);
  } catch {
    return size > limit ? "too large" : "damaged";
  }
  if (size > limit) return "too large";
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
