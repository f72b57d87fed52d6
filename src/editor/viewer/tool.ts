/** What the large view and a tool that works on its picture know of each other. */
import type { Size } from "../../types";
import type { Layer } from "../layers";
import type { Placement } from "./geometry";

/** A picture of this size as it lies on the canvas. */
export interface Placed {
  readonly at: Placement;
  readonly whole: Size;
}

/** The picture as it is drawn. */
export interface Scene extends Placed {
  /** What the picture is of: a candidate that there is something of, which may be another than the first. */
  readonly layer: Layer | undefined;
  /** Changes with what the picture shows. */
  readonly key: string | undefined;
  /** What lies over the picture, drawn into a canvas of the same size; its key changes with what it shows. */
  over(context: CanvasRenderingContext2D): void;
  readonly overKey: string | undefined;
}

/** A place in the picture, from 0 at its top left corner to 1 at its bottom right. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Something to work on the picture with. What it leaves of the pointer pans and zooms. */
export interface ViewerTool {
  /** What the view is called meanwhile. */
  readonly title: string;
  /** A line on how it is used. */
  readonly hint: string;
  /** Candidates for what lies over the picture. */
  readonly over: readonly Layer[];
  /** Stands above the picture. */
  readonly bar: HTMLElement;
  /** Draws over the picture: `over` as well. */
  draw(context: CanvasRenderingContext2D, scene: Scene): void;
  /** True where the tool takes the pointer until it is released. */
  down(event: PointerEvent, spot: Spot): boolean;
  /** With every event of the pointer, also while it is not pressed. */
  move(event: PointerEvent, spot: Spot, held: boolean): void;
  up(event: PointerEvent, spot: Spot): void;
  /** What was begun is not to be: another finger has come, or the pointer is lost. */
  cancel(): void;
  leave(): void;
}
