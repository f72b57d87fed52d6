/** What is known of the sizes of a network's maps before it runs: names for what is not, the same names for the same sizes. */
import type { Shaped } from "../cost";
import { type Input, layerOf, type Network, type Operation, padding } from "../network";

/** A map's sides, so many times those of a base: the picture (""), an input of a size of its own, or a map that others follow. */
export interface SymbolicSize {
  readonly base: string;
  /** Whole: what is no multiple of its base is a base itself. */
  readonly times: number;
}

/** Height and width as ONNX names them: "height" and "width" of the picture. */
export function sides({ base, times }: SymbolicSize): readonly [height: string, width: string] {
  const side = (name: string) => `${times === 1 ? "" : `${times}*`}${base === "" ? "" : `${base}.`}${name}`;
  return [side("height"), side("width")];
}

/** The size of an input. */
export const sizeOf = (name: string, { scale, own }: Input): SymbolicSize =>
  own ? { base: name, times: 1 } : { base: "", times: scale };

/** The sizes of all maps of a network, by name; undefined for those of 1 × 1 pixels. */
export function sizesOf({ weights }: Shaped, network: Network): ReadonlyMap<string, SymbolicSize | undefined> {
  const sizes = new Map<string, SymbolicSize | undefined>();
  for (const [name, input] of Object.entries(network.inputs)) sizes.set(name, sizeOf(name, input));
  for (const operation of network.operations) {
    const kernel = weights.tensors[`${layerOf(operation)}.weight`]?.shape[2] ?? 1;
    sizes.set(
      operation.name,
      made(operation, kernel, (name) => sizes.get(name)),
    );
  }
  return sizes;
}

function made(operation: Operation, kernel: number, of: (name: string) => SymbolicSize | undefined): SymbolicSize | undefined {
  const x = of(operation.x);
  const own = { base: operation.name, times: 1 };
  const larger = (by: number) => x && { ...x, times: by * x.times };
  const smaller = (by: number) => x && (x.times % by === 0 ? { ...x, times: x.times / by } : own);
  switch (operation.op) {
    case "conv": {
      const { stride = 1, dilation = 1 } = operation;
      const [before, after] = padding(kernel, operation);
      const beyond = dilation * (kernel - 1) + 1 - before - after;
      return beyond >= 1 && beyond <= stride ? smaller(stride) : x && own;
    }
    case "maxPool":
      return smaller(2);
    case "pixelShuffle":
      return larger(operation.factor);
    case "nearest2":
      return larger(2);
    case "upConv":
      return larger(operation.stride);
    case "resizeLike": {
      const like = of(operation.like);
      return like && { ...like, times: (operation.times ?? 1) * like.times };
    }
    case "cropLike":
      return of(operation.like);
    case "padTo":
      return { base: operation.name, times: operation.multiple };
    case "mean":
      return undefined;
    case "add":
      return x ?? of(operation.other);
    default:
      return x;
  }
}
