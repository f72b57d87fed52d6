/**
 * The plan of a contact sheet: which cells it has, how they lie in it, and which part of the photo they show. Numbers only,
 * so that the page that draws the cells and the node that computes them go by the same.
 */
import { scaledSize } from "../region";
import { CLASSES, type Region, SCALE, type Size } from "../types";

/** What can be taken for the prior: the predicted one, the user's own, or one class everywhere. */
export const CHOICES = ["predicted", "yours", ...CLASSES] as const;
export type Choice = (typeof CHOICES)[number];

/**
 * The cells, row by row. "photo" is the crop enlarged bicubically, to judge the others by; "none" is the network with its SFT
 * layers switched off, which it was not trained for and which no prior gives.
 */
export const CELLS = ["photo", "predicted", "yours", "none", ...CLASSES] as const;
export type Cell = (typeof CELLS)[number];

export const isChoice = (cell: Cell): cell is Choice => cell !== "photo" && cell !== "none";

export const COLUMNS = 4;
export const ROWS = CELLS.length / COLUMNS;
/** Pixels between two cells. */
export const GAP = 4;
/** Sides of the crop, in low-resolution pixels. */
export const SIDES = { min: 16, max: 128, default: 64 } as const;
/** A crop that begins here lies in the middle. */
export const MIDDLE = -1;

export const sheetSize = (cell: Size): Size => ({
  height: ROWS * (cell.height + GAP) - GAP,
  width: COLUMNS * (cell.width + GAP) - GAP,
});

/** The size of the cells of a sheet of this size. */
export const cellSize = (sheet: Size): Size => ({
  height: (sheet.height + GAP) / ROWS - GAP,
  width: (sheet.width + GAP) / COLUMNS - GAP,
});

/** Where the cell of this index lies in the sheet. */
export const cellRegion = (index: number, cell: Size): Region => ({
  top: Math.floor(index / COLUMNS) * (cell.height + GAP),
  left: (index % COLUMNS) * (cell.width + GAP),
  ...cell,
});

/** Where a crop is to begin, `MIDDLE` for the middle, and its side; in low-resolution pixels. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/**
 * The part of a picture that a crop shows: a square, or less where the picture is narrower than it. Throws an error where
 * it reaches beyond the picture.
 */
export function cropRegion(picture: Size, { left, top, size }: Crop): Region {
  const [height, width] = [Math.min(size, picture.height), Math.min(size, picture.width)];
  const start = (name: string, wanted: number, most: number) => {
    if (wanted === MIDDLE) return Math.floor(most / 2);
    if (wanted > most)
      throw new Error(
        `the crop of ${width} × ${height} pixels begins at ${name} ${wanted}, and the picture has ${picture.width} × ${picture.height}: ` +
          `set ${name} to at most ${most}, or to ${MIDDLE} for the middle`,
      );
    return wanted;
  };
  return {
    top: start("top", top, picture.height - height),
    left: start("left", left, picture.width - width),
    height,
    width,
  };
}

/** The size of the cells that show this part of the low-resolution picture. */
export const enlarged = (part: Size): Size => scaledSize(part, SCALE);
