/**
 * A separable resampling as an ONNX model, for any sizes: what image/resample.ts does with tensors. What its passes gather and
 * weigh comes in with the map.
 */
import { type BlockPlan, blocksOf, type Passes } from "../../image/passes";
import { encodeOnnx, type Node } from "./proto";
import { OPSET, PRODUCER } from "./write";

const DIRECTIONS = ["vertical", "horizontal"] as const;

/**
 * The bytes of a model that makes `result` `[blocks, rows, w * c]` of `map` `[h, w, c]`, clipped to `least` … `most`, and of
 * `feedsOf`: the rows that are wanted with others of their blocks around them. Columns come first, so that the largest map, the
 * last, is made in its own order.
 */
export function writeResampling(): Uint8Array {
  const nodes: Node[] = [];
  const add = (op: string, inputs: readonly string[], output: string, attributes: Node["attributes"] = {}) => {
    nodes.push({ op, inputs, output, attributes });
    return output;
  };
  const turned = (x: string, output: string) => add("Transpose", [x], output, { perm: [1, 0, 2] });
  /** Over the first side. */
  const blocksOver = (name: (typeof DIRECTIONS)[number], x: string) => {
    const windows = add("Gather", [x, `${name} places`], `${name} windows`, { axis: 0 });
    const flat = add("Reshape", [windows, "flat"], `${name} flat`);
    return add("MatMul", [`${name} weights`, flat], `${name} blocks`);
  };
  const columns = add("Reshape", [blocksOver("horizontal", turned("map", "columns first")), "shape"], "columns");
  const wanted = add("Slice", [columns, "start", "end", "first"], "wanted");
  add("Clip", [blocksOver("vertical", turned(wanted, "rows first")), "least", "most"], "result");
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
      ]),
      { name: "shape", shape: [3], type: "int64" },
      { name: "start", shape: [1], type: "int64" },
      { name: "end", shape: [1], type: "int64" },
      { name: "least", shape: [] },
      { name: "most", shape: [] },
    ],
    outputs: [{ name: "result", shape: ["blocks", "rows", "samples"] }],
  });
}

/** What goes into such a model beside the map. */
export interface Fed {
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

/** What goes into such a model, by input, and where in its result the map lies. */
export interface Resampling {
  readonly feeds: Readonly<Record<string, Fed>>;
  readonly height: number;
  readonly width: number;
  /** Samples before the first row. */
  readonly start: number;
}

/** To resample a map with so many channels as the passes say; with `clip` to 0…1. */
export function resampling({ vertical, horizontal }: Passes, channels: number, clip: boolean): Resampling {
  const [rows, columns] = [blocksOf(vertical), blocksOf(horizontal)];
  const [height, width] = [vertical.end - vertical.start, horizontal.end - horizontal.start];
  const limit = (value: number) => ({ data: Float32Array.of(value), shape: [] });
  const integers = (...values: number[]) => ({ data: BigInt64Array.from(values, BigInt), shape: [values.length] });
  const feeds = {
    ...fedTo("vertical", rows),
    ...fedTo("horizontal", columns),
    shape: integers(columns.blocks * columns.block, vertical.from.length, channels),
    start: integers(columns.skip),
    end: integers(columns.skip + width),
    least: limit(clip ? 0 : Number.NEGATIVE_INFINITY),
    most: limit(clip ? 1 : Number.POSITIVE_INFINITY),
  };
  return { feeds, height, width, start: rows.skip * width * channels };
}

const fedTo = (name: (typeof DIRECTIONS)[number], { block, blocks, taps, indices, weights }: BlockPlan): Record<string, Fed> => ({
  [`${name} places`]: { data: BigInt64Array.from(indices, BigInt), shape: [blocks, taps] },
  [`${name} weights`]: { data: weights, shape: [blocks, block, taps] },
});
