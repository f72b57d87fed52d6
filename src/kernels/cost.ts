/** What a network sees and costs, computed from its list of operations. */
import type { Weights as AllWeights } from "../types";
import { hostTensor } from "../weights/weights";
import { lastUses, layerOf, mapsOf, type Network, type Operation, outputOf, padding } from "./network";

type Weights = Pick<AllWeights, "tensors">;

/** What of a model it takes to know its networks' shapes. */
export interface Shaped {
  readonly weights: Weights;
}

/** A map's channels, and its pixels for one of the picture, each way. One pixel in all: scale 0. */
export interface MapShape {
  readonly channels: number;
  readonly scale: number;
}

export interface Cost {
  /** In the network's order, for each pixel of the picture. */
  readonly operations: readonly { readonly multiplyAdds: number }[];
  readonly multiplyAdds: number;
  /** Bytes of the maps that are there at once at most, for each pixel of the picture. */
  readonly bytes: number;
}

const shapeOf = (weights: Weights, layer: string) =>
  hostTensor(weights, `${layer}.weight`).shape as [number, number, number, number];

/** The shapes of all maps of a network, by name. */
export function shapesOf({ weights }: Shaped, network: Network): ReadonlyMap<string, MapShape> {
  const shapes = new Map<string, MapShape>(Object.entries(network.inputs));
  for (const operation of network.operations)
    shapes.set(
      operation.name,
      made(weights, operation, (name) => shapes.get(name)!),
    );
  return shapes;
}

function made(weights: Weights, operation: Operation, of: (name: string) => MapShape): MapShape {
  const x = of(operation.x);
  switch (operation.op) {
    case "conv":
      return { channels: shapeOf(weights, layerOf(operation))[0], scale: x.scale / (operation.stride ?? 1) };
    case "sftMap":
      return { channels: shapeOf(weights, `${layerOf(operation)}.SFT_${operation.which}_conv1`)[0], scale: x.scale };
    case "pixelShuffle":
      return { channels: x.channels / operation.factor ** 2, scale: x.scale * operation.factor };
    case "nearest2":
      return { ...x, scale: 2 * x.scale };
    case "resizeLike":
      return { ...x, scale: (operation.times ?? 1) * of(operation.like).scale };
    case "cropLike":
      return { ...x, scale: of(operation.like).scale };
    case "concat":
      return { ...x, channels: operation.others.reduce((sum, name) => sum + of(name).channels, x.channels) };
    case "maxPool":
      return { ...x, scale: x.scale / 2 };
    case "mean":
      return { ...x, scale: 0 };
    case "upConv":
      return { ...x, scale: x.scale * operation.stride };
    default:
      return x;
  }
}

/** Known already, by network and weights: it is asked before each window. */
const known = new WeakMap<Network, WeakMap<Weights, Cost>>();

/** What a network costs, for each pixel of the picture it is given. */
export function costOf({ weights }: Shaped, network: Network): Cost {
  const costs = known.get(network) ?? new WeakMap<Weights, Cost>();
  known.set(network, costs);
  const cost = costs.get(weights) ?? computed({ weights }, network);
  costs.set(weights, cost);
  return cost;
}

function computed(model: Shaped, network: Network): Cost {
  const { weights } = model;
  const shapes = shapesOf(model, network);
  const last = lastUses(network);
  const bytesOf = (name: string) => 4 * shapes.get(name)!.channels * shapes.get(name)!.scale ** 2;
  let there = Object.keys(network.inputs).reduce((sum, name) => sum + bytesOf(name), 0);
  let most = 0;
  const operations = network.operations.map((operation, i) => {
    there += bytesOf(operation.name);
    most = Math.max(most, there + inside(operation, bytesOf));
    for (const name of last[i]!) there -= bytesOf(name);
    return { multiplyAdds: multiplyAdds(weights, operation, (name) => shapes.get(name)!) };
  });
  return { operations, multiplyAdds: operations.reduce((sum, one) => sum + one.multiplyAdds, 0), bytes: most };
}

/** Bytes of maps that an operation makes for itself: an SFT layer has γ and β beside what it gives. */
const inside = (operation: Operation, bytesOf: (name: string) => number): number =>
  operation.op === "sft" ? 2 * bytesOf(operation.name) : 0;

function multiplyAdds(weights: Weights, operation: Operation, of: (name: string) => MapShape): number {
  const pixels = of(operation.name).scale ** 2;
  const kernels = (layer: string) => shapeOf(weights, layer).reduce((product, n) => product * n, 1);
  const branch = (layer: string, which: string) => [0, 1].reduce((sum, i) => sum + kernels(`${layer}.SFT_${which}_conv${i}`), 0);
  switch (operation.op) {
    case "conv":
      return pixels * kernels(layerOf(operation));
    case "sft":
      return pixels * (branch(layerOf(operation), "scale") + branch(layerOf(operation), "shift") + of(operation.name).channels);
    case "sftMap":
      return pixels * branch(layerOf(operation), operation.which);
    case "upConv":
      return (pixels / operation.stride ** 2) * kernels(layerOf(operation));
    default:
      return pixels * of(operation.name).channels;
  }
}

/**
 * How far the result sees, in pixels of the picture each way, by the inputs' names: a tile of it with so much context around
 * it comes out exact. Infinite where a mean over everything is in between.
 */
export function reachOf(model: Shaped, network: Network): Readonly<Record<string, number>> {
  const shapes = shapesOf(model, network);
  /** How many of its own pixels beyond what it covers of each map are needed. */
  const needed = new Map<string, number>([[outputOf(network), 0]]);
  for (const operation of [...network.operations].reverse()) {
    const far = needed.get(operation.name);
    if (far === undefined) continue;
    for (const name of mapsOf(operation)) {
      const seen = name === operation.x ? look(model.weights, operation, far, shapes) : far;
      needed.set(name, Math.max(needed.get(name) ?? 0, seen));
    }
  }
  return Object.fromEntries(
    Object.entries(network.inputs).map(([name, { scale }]) => [name, Math.ceil((needed.get(name) ?? 0) / scale)]),
  );
}

/** Pixels of its input that an operation needs around those under `far` pixels around its result. */
function look(weights: Weights, operation: Operation, far: number, shapes: ReadonlyMap<string, MapShape>): number {
  switch (operation.op) {
    case "conv": {
      const side = shapeOf(weights, layerOf(operation))[2];
      const { stride = 1, dilation = 1 } = operation;
      const [before] = padding(side, operation);
      return stride * far + Math.max(before, dilation * (side - 1) - before - stride + 1, 0);
    }
    case "pixelShuffle":
      return Math.ceil(far / operation.factor);
    case "nearest2":
      return Math.ceil(far / 2);
    case "resizeLike": {
      const factor = shapes.get(operation.name)!.scale / shapes.get(operation.x)!.scale;
      return Math.ceil(far / factor) + 1;
    }
    case "maxPool":
      return 2 * far + 1;
    case "upConv":
      return Math.ceil(far / operation.stride) + 1;
    case "mean":
      return Number.POSITIVE_INFINITY;
    default:
      return far;
  }
}
