/** What the command line and the process that computes for it say to each other. Maps are `[1, h, w, c]`, float32. */
import type { Passes } from "../../image/passes";
import type { Region, Size } from "../../types";
import type { Written } from "./shared-file";

/** Descriptors in the process that computes, where it is told that there are shared files: one for each way. */
export const SHARED = { models: 4, results: 5 } as const;
/** What tells it. */
export const WITH_SHARED_FILES = "shared";

/** What goes into a network: samples, or a window of a map that stays with the process. */
export type Feed = (
  | { readonly samples: Float32Array; readonly shape: readonly [number, number, number, number] }
  | { readonly map: number; readonly window: Region }
) & {
  /** What resizes it. Absent: it is as it is wanted. */
  readonly passes?: Passes;
  /** What is resized is clipped to 0…1. */
  readonly clip?: boolean;
};

/** Where a result goes that stays: into a map of this size, at this place. */
export interface Place extends Size {
  readonly map: number;
  readonly top: number;
  readonly left: number;
  /** Pixels of the whole map. */
  readonly of: Size;
}

export type Ask =
  /** The first. Fails where the device does not work. */
  | { readonly do: "begin"; readonly threads: number; readonly device: string }
  | {
      readonly do: "open";
      readonly session: number;
      readonly model: Uint8Array | Written;
      readonly device: string;
      readonly threads: number;
      readonly lean: boolean;
    }
  /** `crop`: the part of the result that is of use. Without `place` it is the answer. `isLong`: it may take half a second. */
  | {
      readonly do: "run";
      readonly session: number;
      readonly isLong: boolean;
      readonly feeds: Readonly<Record<string, Feed>>;
      readonly crop: Region;
      readonly place?: Place;
    }
  | { readonly do: "read"; readonly map: number }
  /** A result has been read. */
  | { readonly do: "forget"; readonly result: Written }
  | { readonly do: "free"; readonly map: number }
  | { readonly do: "close"; readonly session: number };

export type Request = Ask & { readonly id: number };

/** An error that is no failure of onnxruntime's: what came out is no numbers, or too large to compute with. */
export const OVERFLOW =
  "a map came out with values that are too large to compute with, or no numbers at all: use other weights, or a prior of smaller values";

/** The first message: what the process can compute on, or why it cannot compute at all. */
export type Hello = { readonly devices: readonly string[] } | { readonly missing: string };

export type Answer =
  | { readonly id: number; readonly samples?: Float32Array | Written }
  | { readonly id: number; readonly error: string };
