/** Draws the large view: the picture on a checkerboard, what has come of it early, and what it is compared with beside it. */
import * as geometry from "./geometry";
import type { ViewPictures } from "./pictures";
import type { Placed, Scene } from "./tool";
import type { ViewSource } from "./view-source";

/** Of the checkerboard under transparent pixels. */
const SQUARE = 8;
const COLOURS = ["#2b2f37", "#383d47"] as const;

/** Draws into this canvas; left of the divider, which is at `split` of its width, lies what is compared with. */
export function createDrawing(
  context: CanvasRenderingContext2D,
): (placed: Placed | undefined, pictures: ViewPictures, split: number) => Scene | undefined {
  const { canvas } = context;
  let checks: CanvasPattern | undefined;

  function checkerboard({ at, whole }: Placed): void {
    const box = geometry.regionOnScreen(at, { left: 0, top: 0, ...whole });
    const left = Math.max(0, Math.floor(box.left));
    const top = Math.max(0, Math.floor(box.top));
    const right = Math.min(canvas.width, Math.ceil(box.left + box.width));
    const bottom = Math.min(canvas.height, Math.ceil(box.top + box.height));
    if (right <= left || bottom <= top) return;
    checks ??= context.createPattern(squares(), "repeat")!;
    context.fillStyle = checks;
    context.fillRect(left, top, right - left, bottom - top);
  }

  return (placed, pictures, split) => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const { after, before, over, previewTiles } = pictures;
    if (!placed || !after) return undefined;
    const scene: Scene = {
      ...placed,
      layer: after.layer,
      key: after.tiles.at(-1)?.key,
      over: (into) => over && drawSource(into, over, placed),
      overKey: over?.tiles.at(-1)?.key,
    };
    if (after.tiles.length) checkerboard(placed);
    drawSource(context, after, placed);
    previewTiles.drawOver(context, scene);
    if (before) {
      context.save();
      context.beginPath();
      context.rect(0, 0, Math.round(split * canvas.width), canvas.height);
      context.clip();
      checkerboard(placed);
      drawSource(context, before, placed);
      context.restore();
    }
    return scene;
  };
}

/** Stretches a source over where the picture lies. Enlarged pixels stay sharp. */
function drawSource(context: CanvasRenderingContext2D, source: ViewSource, { at, whole }: Placed): void {
  if (!source.size) return;
  const { sx, sy, x, y } = geometry.placementOf(source.size, at, whole);
  for (const { bitmap, region } of source.tiles) {
    const width = region.width * sx;
    const height = region.height * sy;
    context.imageSmoothingEnabled = width < bitmap.width || (bitmap.width < region.width && width > bitmap.width);
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, x + region.left * sx, y + region.top * sy, Math.max(1, width), Math.max(1, height));
  }
}

function squares(): OffscreenCanvas {
  const tile = new OffscreenCanvas(2 * SQUARE, 2 * SQUARE);
  const ink = tile.getContext("2d")!;
  const [dark, light] = COLOURS;
  ink.fillStyle = dark;
  ink.fillRect(0, 0, 2 * SQUARE, 2 * SQUARE);
  ink.fillStyle = light;
  ink.fillRect(0, 0, SQUARE, SQUARE);
  ink.fillRect(SQUARE, SQUARE, SQUARE, SQUARE);
  return tile;
}
