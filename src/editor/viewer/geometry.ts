/**
 * The geometry of the large view: how a picture lies in a viewport, which part of it is seen, and what to ask the engine
 * for. Lengths on the screen are device pixels, lengths in the picture are picture pixels. Pure numbers, no DOM.
 */
import type { Region, Size } from "../../types";

/** `scale` device pixels for a picture pixel; `x`, `y` is where the picture's top left corner lies in the viewport. */
export interface Placement {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Most device pixels a picture pixel is shown as. */
export const MAX_SCALE = 64;
/** How much of the viewport the picture keeps when it is pushed out of sight. */
const KEEP = 48;

/** The whole picture, centred, with a margin. Where there is room to enlarge, by a whole number, so that pixels stay even. */
export function fit(picture: Size, viewport: Size, margin = 0): Placement {
  const room = { width: Math.max(1, viewport.width - 2 * margin), height: Math.max(1, viewport.height - 2 * margin) };
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  return centre(picture, viewport, scale < 1 ? scale : Math.min(MAX_SCALE, Math.floor(scale)));
}

/** The picture's middle in the viewport's middle, on whole device pixels. */
export function centre(picture: Size, viewport: Size, scale: number): Placement {
  return {
    scale,
    x: Math.round((viewport.width - picture.width * scale) / 2),
    y: Math.round((viewport.height - picture.height * scale) / 2),
  };
}

/** The smallest scale zooming out reaches: half of what shows the whole picture. */
const minScale = (picture: Size, viewport: Size): number =>
  Math.min(1, viewport.width / picture.width, viewport.height / picture.height) / 2;

/** Zooms so that the point of the picture under (`px`, `py`) stays there. */
export function zoomTo(from: Placement, scale: number, px: number, py: number, picture: Size, viewport: Size): Placement {
  const to = Math.min(MAX_SCALE, Math.max(minScale(picture, viewport), scale));
  return keepInSight(zoomAbout(from, to, px, py), picture, viewport);
}

/** Another scale; what is under (`px`, `py`) stays there. */
export function zoomAbout(from: Placement, scale: number, px: number, py: number): Placement {
  const ratio = scale / from.scale;
  return { scale, x: px - (px - from.x) * ratio, y: py - (py - from.y) * ratio };
}

/** Moves the picture by device pixels, but not out of the viewport. */
export const pan = (from: Placement, dx: number, dy: number, picture: Size, viewport: Size): Placement =>
  keepInSight({ scale: from.scale, x: from.x + dx, y: from.y + dy }, picture, viewport);

/** Shifts a placement so that some of the picture stays in the viewport. */
function keepInSight(at: Placement, picture: Size, viewport: Size): Placement {
  const within = (value: number, length: number, room: number): number => {
    const keep = Math.min(KEEP, length, room);
    return Math.min(room - keep, Math.max(keep - length, value));
  };
  return {
    scale: at.scale,
    x: within(at.x, picture.width * at.scale, viewport.width),
    y: within(at.y, picture.height * at.scale, viewport.height),
  };
}

/** The part of the picture the viewport shows, in whole pixels, at least one; undefined where nothing is seen. */
export function visibleRegion(at: Placement, picture: Size, viewport: Size): Region | undefined {
  const left = Math.max(0, Math.floor(-at.x / at.scale));
  const top = Math.max(0, Math.floor(-at.y / at.scale));
  const right = Math.min(picture.width, Math.ceil((viewport.width - at.x) / at.scale));
  const bottom = Math.min(picture.height, Math.ceil((viewport.height - at.y) / at.scale));
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : undefined;
}

/** Sides of a part that is computed by itself are multiples of this, for every size of one has to be prepared for. */
const PART_GRID = 128;
/** Where such a part may begin. */
const PART_STEP = 4;

/** A region that holds this one and has one of few sizes, as far as the picture allows. */
export function inFewSizes({ left, top, width, height }: Region, picture: Size): Region {
  const [x, y] = [left - (left % PART_STEP), top - (top % PART_STEP)];
  const up = (length: number, most: number): number => Math.min(most, Math.ceil(length / PART_GRID) * PART_GRID);
  const [wide, tall] = [up(left + width - x, picture.width), up(top + height - y, picture.height)];
  return { left: Math.min(x, picture.width - wide), top: Math.min(y, picture.height - tall), width: wide, height: tall };
}

/**
 * The bitmap to ask for: as many pixels as the screen has where the picture is shrunk, the picture's own pixels where it is
 * enlarged (the screen then repeats them), so it is never much larger than the viewport.
 */
export function bitmapSize(region: Region, scale: number): Size {
  const shown = Math.min(1, scale);
  return {
    width: Math.max(1, Math.round(region.width * shown)),
    height: Math.max(1, Math.round(region.height * shown)),
  };
}

/** Where a region lies in the viewport. */
export const regionOnScreen = (at: Placement, region: Region): Region => ({
  left: at.x + region.left * at.scale,
  top: at.y + region.top * at.scale,
  width: region.width * at.scale,
  height: region.height * at.scale,
});

/** The same part of another picture of the same scene, such as the low-resolution one: whole pixels that cover it. */
export function regionIn(other: Size, region: Region, picture: Size): Region {
  const sx = other.width / picture.width;
  const sy = other.height / picture.height;
  const left = Math.max(0, Math.min(other.width - 1, Math.floor(region.left * sx)));
  const top = Math.max(0, Math.min(other.height - 1, Math.floor(region.top * sy)));
  const right = Math.min(other.width, Math.max(left + 1, Math.ceil((region.left + region.width) * sx)));
  const bottom = Math.min(other.height, Math.max(top + 1, Math.ceil((region.top + region.height) * sy)));
  return { left, top, width: right - left, height: bottom - top };
}

/** The placement of `other`, stretched over where `picture` lies: a scale for each axis. */
export function placementOf(other: Size, at: Placement, picture: Size): { sx: number; sy: number; x: number; y: number } {
  return { sx: (at.scale * picture.width) / other.width, sy: (at.scale * picture.height) / other.height, x: at.x, y: at.y };
}

/**
 * The same part in view after the picture became one of another size, such as another scale of the scene; undefined where
 * the proportions differ, so that it is another scene, or where the part would be too small to see.
 */
export function carryOver(at: Placement, from: Size, to: Size, viewport: Size): Placement | undefined {
  const scale = (at.scale * from.width) / to.width;
  const alike = Math.abs(Math.log((from.width * to.height) / (from.height * to.width))) < 0.02;
  return alike && scale <= MAX_SCALE && to.width > 1 ? keepInSight({ ...at, scale }, to, viewport) : undefined;
}

/** The picture pixel under a point of the viewport; undefined beside the picture. */
export function pixelAt(at: Placement, px: number, py: number, picture: Size): { x: number; y: number } | undefined {
  const x = Math.floor((px - at.x) / at.scale);
  const y = Math.floor((py - at.y) / at.scale);
  return x >= 0 && y >= 0 && x < picture.width && y < picture.height ? { x, y } : undefined;
}

/** The scale of a zoom as people type it: "200", "12.5 %", "12,5%"; undefined for anything else. */
export function zoomOf(text: string): number | undefined {
  const typed = text.replace("%", "").trim();
  const percent = /^\d{1,6}(?:[.,]\d{1,6})?$/.exec(typed)?.[0];
  const scale = Number(percent?.replace(",", ".")) / 100;
  return scale > 0 ? scale : undefined;
}

/** "100 %", "12.5 %": the zoom for people. */
export function zoomText(scale: number): string {
  const percent = scale * 100;
  return `${percent >= 10 ? Math.round(percent) : percent >= 1 ? percent.toFixed(1) : percent.toFixed(2)} %`;
}
