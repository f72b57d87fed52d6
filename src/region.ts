/** Rectangles of pixels, and the least that holds two of them. */

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A rectangle of pixels, in the map's own. */
export interface Region extends Size {
  readonly top: number;
  readonly left: number;
}

/** The smallest region that holds both. */
export function union(a: Region, b: Region): Region {
  const [top, left] = [Math.min(a.top, b.top), Math.min(a.left, b.left)];
  const bottom = Math.max(a.top + a.height, b.top + b.height);
  const right = Math.max(a.left + a.width, b.left + b.width);
  return { top, left, height: bottom - top, width: right - left };
}
