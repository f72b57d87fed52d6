/** How the cells of a contact sheet lie in the room there is, and what moves from one to another. Pure numbers, no DOM. */
import { CELLS, type Cell, type Choice } from "../../prior/contact-sheet";
import { CLASSES, type Size } from "../../types";

/** CSS pixels: between cells, and for the name above each. */
export const CELL_GAP = 6;
export const LABEL_HEIGHT = 22;
/** A scroll bar's share of each cell. */
const SCROLL_BAR = 3;
/** Numbers of columns that leave no cell alone in the last row. */
const COLUMNS = [2, 3, 4, 6, 12];
/** Pictures that are smaller each way say nothing: then the cells are scrolled. */
const LEAST = 64;

export interface GridLayout {
  readonly columns: number;
  /** The part of each cell that shows the picture, in CSS pixels. */
  readonly picture: Size;
}

/**
 * The number of columns for which cells of these proportions come out largest with all in sight; in low room as many as go
 * side by side, and a whole row in sight where that can be. A picture's part is no larger than the picture needs.
 */
export function gridLayout(room: Size, cell: Size): GridLayout {
  const layouts = COLUMNS.map((columns) => {
    const rows = CELLS.length / columns;
    const width = Math.floor((room.width - (columns - 1) * CELL_GAP) / columns);
    const height = Math.floor((room.height - (rows - 1) * CELL_GAP) / rows) - LABEL_HEIGHT;
    return { columns, most: { width, height }, scale: Math.min(width / cell.width, height / cell.height) };
  });
  const { columns, most } = layouts.reduce((best, next) => (next.scale > best.scale ? next : best));
  if (most.width >= LEAST && most.height >= LEAST) return { columns, picture: within(most, cell) };
  const dense = layouts.findLast((layout) => layout.most.width >= LEAST + SCROLL_BAR) ?? layouts[0]!;
  const width = Math.max(LEAST, dense.most.width - SCROLL_BAR);
  const height = Math.max(LEAST, room.height - LABEL_HEIGHT);
  return { columns: dense.columns, picture: within({ width, height }, cell) };
}

/**
 * What cells of these proportions fill of the room for one; not so narrow that the name above has no place, nor too low to hit.
 */
function within(most: Size, cell: Size): Size {
  const scale = Math.min(most.width / cell.width, most.height / cell.height);
  const side = (most: number, length: number, least: number) => Math.min(most, Math.max(least, Math.round(length * scale)));
  return { width: side(most.width, cell.width, LEAST), height: side(most.height, cell.height, LEAST / 2) };
}

/** The cell that an arrow key leads to, Home and End to the first and last; undefined for another key or at an edge. */
export function neighbour(index: number, columns: number, key: string): number | undefined {
  const column = index % columns;
  switch (key) {
    case "ArrowLeft":
      return column > 0 ? index - 1 : undefined;
    case "ArrowRight":
      return column < columns - 1 ? index + 1 : undefined;
    case "ArrowUp":
      return index >= columns ? index - columns : undefined;
    case "ArrowDown":
      return index + columns < CELLS.length ? index + columns : undefined;
    case "Home":
      return 0;
    case "End":
      return CELLS.length - 1;
    default:
      return undefined;
  }
}

/**
 * What is shown where the picture has no square of the side that was asked for; undefined where it has. Low-resolution pixels.
 */
export function clippedText(crop: Size, asked: number): string | undefined {
  const [width, height] = [crop.width < asked, crop.height < asked];
  if (!width && !height) return undefined;
  const all = width && height ? "all there is" : width ? "all of the picture's width" : "all of the picture's height";
  return `Shown: ${crop.width} × ${crop.height} px, ${all}`;
}

/** What a choice is called in a message. */
export const choiceName = (choice: Choice): string =>
  choice === "predicted" ? "the predicted prior" : choice === "yours" ? "your prior" : choice;

/** What stands above a cell. */
export const cellTitle = (cell: Cell): string =>
  cell === "photo" ? "photo, bicubic" : cell === "none" ? "none: SFT layers off" : cell;

/** What a cell shows, for its tooltip. */
export function cellHelp(cell: Cell): string {
  if (cell === "photo") return "The crop enlarged bicubically, to judge the others by";
  if (cell === "none")
    return "No modulation: features pass as they are. The network was not trained for that, and no prior gives it: modulation is a switch of SFT ResBlock×N and Upsample";
  if (cell === "predicted") return "The predicted prior";
  return cell === "yours" ? "The prior connected to “yours”" : `Everything is ${cell}`;
}

/** The class's index, for its colour; undefined for cells of no class. */
export function classOf(cell: Cell): number | undefined {
  const label = (CLASSES as readonly string[]).indexOf(cell);
  return label >= 0 ? label : undefined;
}
