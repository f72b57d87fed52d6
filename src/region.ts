/** Rectangles of pixels, and what is reckoned with them. */

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A rectangle of pixels, in the map's own. */
export interface Region extends Size {
  readonly top: number;
  readonly left: number;
}

export const whole = ({ height, width }: Size): Region => ({ top: 0, left: 0, height, width });

export const sameSize = (a: Size, b: Size): boolean => a.height === b.height && a.width === b.width;

export const sameRegion = (a: Region, b: Region): boolean => a.top === b.top && a.left === b.left && sameSize(a, b);

/** "320 × 192", width first as people write it. */
export const sizeText = ({ height, width }: Size): string => `${width} × ${height}`;

/** The size of a picture `factor` times as large. */
export const scaledSize = ({ height, width }: Size, factor: number): Size => ({ height: factor * height, width: factor * width });

/** The same region of a picture `factor` times as large. */
export const scaled = ({ top, left, height, width }: Region, factor: number): Region => ({
  top: top * factor,
  left: left * factor,
  height: height * factor,
  width: width * factor,
});

/** A size that is not whole, made whole: at least one pixel each way. */
export const wholeSize = ({ height, width }: Size): Size => ({
  height: Math.max(1, Math.round(height)),
  width: Math.max(1, Math.round(width)),
});

/** `region` of a picture, seen from `window` of it. */
export const within = (region: Region, window: Region): Region => ({
  ...region,
  top: region.top - window.top,
  left: region.left - window.left,
});

/** The region grown by `reach` on every side, as a window of one size all over the picture: at an edge it moves inward. */
export function grow(region: Region, reach: number, within: Size): Region {
  const height = Math.min(region.height + 2 * reach, within.height);
  const width = Math.min(region.width + 2 * reach, within.width);
  const clamp = (start: number, length: number, limit: number) => Math.max(0, Math.min(start - reach, limit - length));
  return { top: clamp(region.top, height, within.height), left: clamp(region.left, width, within.width), height, width };
}

/** The region with `margin` more pixels on every side, as far as the picture goes. */
export function expand({ top, left, height, width }: Region, margin: number, size: Size): Region {
  const [y, x] = [Math.max(0, top - margin), Math.max(0, left - margin)];
  return {
    top: y,
    left: x,
    height: Math.min(size.height, top + height + margin) - y,
    width: Math.min(size.width, left + width + margin) - x,
  };
}

/** The whole pixels that a region, which may have fractions, has a part in within a picture: at least one. */
export function pixelsWithin({ top, left, height, width }: Region, size: Size): Region {
  const from = (start: number, length: number) => Math.min(Math.max(0, Math.floor(start)), length - 1);
  const [y, x] = [from(top, size.height), from(left, size.width)];
  const end = (start: number, extent: number, length: number) => Math.min(Math.max(Math.ceil(start + extent), 1), length);
  return {
    top: y,
    left: x,
    height: Math.max(1, end(top, height, size.height) - y),
    width: Math.max(1, end(left, width, size.width) - x),
  };
}

/** The smallest region that holds both. */
export function union(a: Region, b: Region): Region {
  const [top, left] = [Math.min(a.top, b.top), Math.min(a.left, b.left)];
  const bottom = Math.max(a.top + a.height, b.top + b.height);
  const right = Math.max(a.left + a.width, b.left + b.width);
  return { top, left, height: bottom - top, width: right - left };
}
