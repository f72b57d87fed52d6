/** The vocabulary without tensors, which pages may know: the eight classes, legends, pictures and files. */
import type { Region, Size } from "./region";

export type { Region, Size };

/** The classes of every prior, in the order of the official networks' channels. */
export const CLASSES = ["background", "sky", "water", "grass", "mountain", "building", "plant", "animal"] as const;

/** RGB, 0 to 255. */
export type Colour = readonly [number, number, number];

/** The label picture's colour of each class. */
export const CLASS_COLOURS: readonly Colour[] = [
  [153, 153, 153],
  [0, 255, 255],
  [109, 158, 235],
  [183, 225, 205],
  [153, 0, 255],
  [17, 85, 204],
  [106, 168, 79],
  [224, 102, 102],
];

/** Whether a socket's values can be drawn: those that are maps. */
export const isDrawable = (type: unknown): boolean => ["image", "prior", "condition", "features"].includes(type as string);

/** How many times the networks enlarge a picture, each way. */
export const SCALE = 4;

/** Colours that stand for numbers: see src/image/palette.ts. */
export type ColourMap = "viridis" | "cool-warm" | "grey";

/** What the colours of a picture stand for: numbers along a colour map, or names. */
export type Legend = ColourBar | ColourKey;

export interface ColourBar {
  readonly kind: "bar";
  readonly map: ColourMap;
  /** The numbers that the map's ends stand for. */
  readonly low: number;
  readonly high: number;
  /** Values lie below `low`, or above `high`, and have the colour of that end. */
  readonly below: boolean;
  readonly above: boolean;
  /** What is measured and in what unit, such as "entropy, bits". */
  readonly label: string;
}

export interface ColourKey {
  readonly kind: "key";
  readonly entries: readonly { readonly name: string; readonly colour: Colour }[];
}

/** What a pixel holds: of an image three samples, of a map a value for each channel. */
export interface Sample {
  /** The socket's. */
  readonly type: string;
  readonly values: readonly number[];
  /** Of a prior: what the channels are called, and whether they are probabilities. */
  readonly channels?: readonly string[];
  readonly kind?: "probabilities" | "map";
}

/** A decoded picture in host memory: rows of RGB triples, opacity apart, 8 or 16 bits a sample, sRGB, upright. */
export interface Picture extends Size {
  readonly bits: 8 | 16;
  readonly rgb: Uint8Array | Uint16Array;
  readonly alpha?: Uint8Array | Uint16Array;
  /**
   * What was wrong with a file that could be read all the same, and what of it was not read, such as further frames: each goes
   * on where the file's name stands, as in "its checksum does not agree". Absent: nothing.
   */
  readonly warnings?: readonly string[];
}

/** Encoded bytes with what a host needs to store them. */
export interface EncodedFile {
  readonly bytes: Uint8Array;
  readonly type: "image/png" | "image/jpeg" | "image/webp";
}
