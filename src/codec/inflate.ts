/**
 * Unpacks zlib data of unknown size up to a limit, so that a few bytes cannot fill the memory or take long; and what is damaged.
 */
import { Inflate, Unzlib } from "fflate";

/** Deflate packs at most this many to 1. */
export const MOST_PACKED = 1032;

/** Bytes given to the unpacker at once, so that no more than 1 MiB comes of a step. */
const STEP = 1024;

export interface Inflated {
  /** Absent where the data is damaged or unpacks to more than the limit. */
  readonly whole?: Uint8Array;
  /** Bytes unpacked, whatever came of them: of a step that was damaged, what it may have been at most. */
  readonly unpacked: number;
}

/** Unpacks a zlib stream of at most `limit` bytes. */
export function inflateAtMost(data: Uint8Array, limit: number): Inflated {
  const parts: Uint8Array[] = [];
  let unpacked = 0;
  let at = 0;
  try {
    const stream = new Unzlib((part) => {
      unpacked += part.length;
      if (unpacked <= limit) parts.push(part);
    });
    for (; at < data.length && unpacked <= limit; at += STEP) stream.push(data.subarray(at, at + STEP), at + STEP >= data.length);
  } catch {
    return { unpacked: unpacked + MOST_PACKED * Math.min(STEP, data.length - at) };
  }
  if (unpacked > limit) return { unpacked };
  const whole = new Uint8Array(unpacked);
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return { whole, unpacked };
}

/** The same of damaged data, which is large: what is in the step that breaks is lost. */
const LARGE_STEP = 4096;

/** Bytes of a zlib stream's own header, before the packed data. */
const HEADER = 2;

/**
 * Unpacks as much of a zlib stream as holds together, in parts; `data` is its pieces in order. Neither the header nor the
 * checksum is looked at, nor what follows the packed data.
 */
export function* inflateDamaged(data: readonly Uint8Array[]): Generator<Uint8Array> {
  let parts: Uint8Array[] = [];
  const stream = new Inflate((part) => void parts.push(part));
  let skip = HEADER;
  for (const piece of data) {
    const start = Math.min(skip, piece.length);
    skip -= start;
    for (let at = start; at < piece.length; at += LARGE_STEP) {
      try {
        stream.push(piece.subarray(at, at + LARGE_STEP), false);
      } catch {
        yield* parts;
        return;
      }
      yield* parts;
      parts = [];
    }
  }
}
