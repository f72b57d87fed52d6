/** Parts of pictures. */
import type { Context } from "../graph/node";
import { sizeText } from "../region";
import type { Image, Raster, Region, Size } from "../types";
import { read, sizeOf } from "./raster";
import { mapTiles } from "./tiles";

type Work = Pick<Context, "budget" | "checkpoint" | "progress">;

/**
 * The region of a picture of `size` that begins at `left`, `top`; a width or height of 0 goes as far as the picture. Throws
 * an error where it is not inside.
 */
export function regionIn(size: Size, { top, left, height, width }: Region): Region {
  const region = { top, left, height: height || size.height - top, width: width || size.width - left };
  const inside = (start: number, length: number, limit: number) =>
    Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length >= 1 && start + length <= limit;
  if (!(inside(top, region.height, size.height) && inside(left, region.width, size.width)))
    throw new Error(
      `the region of ${width || "all"} × ${height || "all"} pixels at (${left}, ${top}) is not inside the picture of ${sizeText(size)}: ` +
        "choose one that is, in whole pixels",
    );
  return region;
}

/** One region of a raster, at any size. */
const part = (raster: Raster, region: Region, work: Work): Promise<Raster> =>
  mapTiles(
    { size: sizeOf(raster), region, reach: 0, scale: 1, channels: raster.shape[3], bytesPerPixel: 8 * raster.shape[3] },
    work,
    (window) => read(raster, window),
  );

/** A region of the image, colours and opacity; its colours stand for what they stood for. Throws as `regionIn`. */
export async function cropImage({ rgb, alpha, legend }: Image, wanted: Region, work: Work): Promise<Image> {
  const region = regionIn(sizeOf(rgb), wanted);
  const colours = await part(rgb, region, work);
  const kept = { rgb: colours, ...(legend && { legend }) };
  if (!alpha) return kept;
  try {
    return { ...kept, alpha: await part(alpha, region, work) };
  } catch (error) {
    colours.dispose();
    throw error;
  }
}
