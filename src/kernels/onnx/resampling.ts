/**
 * A separable resampling as an ONNX model, for any sizes: what image/resample.ts does with tensors. What its passes gather and
 * weigh comes in with the map.
 */
import { type BlockPlan, blocksOf, type Passes } from "../../image/passes";
import { encodeOnnx, type Node } from "./proto";
import { OPSET, PRODUCER } from "./write";

const DIRECTIONS = ["vertical", "horizontal"] as const;

/** The bytes of a model that makes `result` `[h, w, c]` of `map` `[h, w, c]`, clipped to `least` … `most`, and of `feedsOf`. */
export function writeResampling(): Uint8Array {
  const nodes: Node[] = [];
  const add = (op: string, inputs: readonly string[], output: string, attributes: Node["attributes"] = {}) => {
    nodes.push({ op, inputs, output, attributes });
    return output;
  };
  let x = "map";
  for (const name of DIRECTIONS) {
    const windows = add("Gather", [x, `${name} places`], `${name} windows`, { axis: 0 });
    const flat = add("Reshape", [windows, "flat"], `${name} flat`);
    const blocks = add("MatMul", [`${name} weights`, flat], `${name} blocks`);
    const rows = add("Reshape", [blocks, `${name} shape`], `${name} rows`);
    const wanted = add("Slice", [rows, `${name} start`, `${name} end`, "first"], `${name} wanted`);
    x = add("Transpose", [wanted], `${name} turned`, { perm: [1, 0, 2] }); // the next pass is over the other side
  }
  add("Clip", [x, "least", "most"], "result");
  return encodeOnnx({
    producer: PRODUCER,
    name: "resampling",
    description: "",
    metadata: {},
    opset: OPSET,
    nodes,
    initialisers: [
      { name: "flat", shape: [3], data: BigInt64Array.of(0n, 0n, -1n) },
      { name: "first", shape: [1], data: BigInt64Array.of(0n) },
    ],
    inputs: [
      { name: "map", shape: ["height", "width", "channels"] },
      ...DIRECTIONS.flatMap((name) => [
        { name: `${name} places`, shape: [`${name} count`, `${name} taps`], type: "int64" as const },
        { name: `${name} weights`, shape: [`${name} count`, `${name} block`, `${name} taps`] },
        { name: `${name} shape`, shape: [3], type: "int64" as const },
        { name: `${name} start`, shape: [1], type: "int64" as const },
        { name: `${name} end`, shape: [1], type: "int64" as const },
      ]),
      { name: "least", shape: [] },
      { name: "most", shape: [] },
    ],
    outputs: [{ name: "result", shape: ["rows", "columns", "channels"] }],
  });
}

/** What goes into such a model beside the map. */
export interface Fed {
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

/** By input, what resamples a map with so many channels as the passes say; with `clip` to 0…1. */
export function feedsOf({ vertical, horizontal }: Passes, channels: number, clip: boolean): Readonly<Record<string, Fed>> {
  const rows = blocksOf(vertical);
  const height = vertical.end - vertical.start;
  const limit = (value: number) => ({ data: Float32Array.of(value), shape: [] });
  return {
    ...fedTo("vertical", rows, height, horizontal.from.length, channels),
    ...fedTo("horizontal", blocksOf(horizontal), horizontal.end - horizontal.start, height, channels),
    least: limit(clip ? 0 : Number.NEGATIVE_INFINITY),
    most: limit(clip ? 1 : Number.POSITIVE_INFINITY),
  };
}

function fedTo(name: string, plan: BlockPlan, length: number, across: number, channels: number): Record<string, Fed> {
  const { block, blocks, taps, indices, weights, skip } = plan;
  const integers = (...values: number[]) => ({ data: BigInt64Array.from(values, BigInt), shape: [values.length] });
  return {
    [`${name} places`]: { data: BigInt64Array.from(indices, BigInt), shape: [blocks, taps] },
    [`${name} weights`]: { data: weights, shape: [blocks, block, taps] },
    [`${name} shape`]: integers(blocks * block, across, channels),
    [`${name} start`]: integers(skip),
    [`${name} end`]: integers(skip + length),
  };
}
