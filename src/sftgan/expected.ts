/** What the network's stages will give and take, known from sizes and weights alone. */
import type { Expected, Load } from "../graph/node";
import { ShapeOnly, sizeOf } from "../image/raster";
import { costOf } from "../kernels/cost";
import type { Network } from "../kernels/network";
import { scaledSize } from "../region";
import {
  CLASSES,
  type Condition,
  type Features,
  type Image,
  type Model,
  type Prior,
  type Raster,
  SCALE,
  type Size,
} from "../types";
import { conditionNet, head, residualBlocks, upsample } from "./generator";
import { seenSize, segmentationNet } from "./segment";
import { bytesPerPixel } from "./stage";
import { fits } from "./trunk";

/** What a network takes on a picture of a size. */
function loadOf(model: Model, network: Network, { height, width }: Size): Load {
  const pixels = height * width;
  return { multiplyAdds: pixels * costOf(model, network).multiplyAdds, bytes: pixels * bytesPerPixel(model, network) };
}

/** What is left to do for whoever reads these maps. */
const later = (...rasters: readonly (Raster | undefined)[]): number =>
  [...new Set(rasters)].reduce((sum, raster) => sum + ((raster instanceof ShapeOnly && raster.later) || 0), 0);

/** `segmentPicture`. */
export function expectPrior(model: Model, { rgb }: Image, limit: number): Expected<{ prior: Prior }> {
  const picture = sizeOf(rgb);
  const seen = seenSize(picture, limit);
  const map = new ShapeOnly(seen, CLASSES.length);
  return {
    outputs: { prior: { map, channels: CLASSES, kind: "probabilities", picture } },
    load: loadOf(model, segmentationNet(model), seen),
  };
}

/** `conditionOfAll`. */
export function expectCondition(model: Model, { map, picture }: Prior): Expected<{ condition: Condition }> {
  const size = picture ?? scaledSize(sizeOf(map), 1 / SCALE);
  return {
    outputs: { condition: { map: new ShapeOnly(size, model.condition) } },
    load: loadOf(model, conditionNet(model), size),
  };
}

/** `applyHead` where it starts from a picture, and `passBlocks`. */
export function expectBlocks(
  model: Model,
  { image, features }: { readonly image?: Image | undefined; readonly features?: Features | undefined },
  { blocks, modulation }: { readonly blocks: number; readonly modulation: boolean },
  { budget }: { readonly budget: number },
): Expected<{ features: Features }> {
  const passed = features?.blocks ?? 0;
  const size = sizeOf(features?.map ?? image!.rgb);
  const networks = [
    ...(features ? [] : [head(model)]),
    ...(blocks > 0 ? [residualBlocks(model, passed, passed + blocks, modulation)] : []),
  ];
  const loads = networks.map((network) => loadOf(model, network, size));
  const multiplyAdds = loads.reduce((sum, load) => sum + load.multiplyAdds, later(features?.map));
  const bytes = Math.max(0, ...loads.map((load) => load.bytes));
  const isWhole = fits(size, model, { budget });
  const map = new ShapeOnly(size, model.features, isWhole ? undefined : multiplyAdds);
  const start = features?.head ?? new ShapeOnly(size, model.features, isWhole ? undefined : 0);
  return {
    outputs: { features: { map, head: start, blocks: passed + blocks, ...(image?.alpha && { alpha: image.alpha }) } },
    load: isWhole ? { multiplyAdds, bytes } : { multiplyAdds: 0, bytes: 0 },
  };
}

/** `enlarge`. */
export function expectEnlarged(model: Model, { map, alpha }: Features, modulation: boolean): Expected<{ image: Image }> {
  const size = sizeOf(map);
  const large = scaledSize(size, SCALE);
  const { multiplyAdds, bytes } = loadOf(model, upsample(model, modulation), size);
  return {
    outputs: { image: { rgb: new ShapeOnly(large, 3), ...(alpha && { alpha: new ShapeOnly(large, 1) }) } },
    load: { multiplyAdds: multiplyAdds + later(map), bytes },
  };
}
