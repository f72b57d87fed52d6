/** Resizes maps by onnxruntime, in the process that computes. */
import type { Tensor } from "onnxruntime-node";
import type { Passes } from "../../image/passes";
import { type Fed, feedsOf, writeResampling } from "../../kernels/onnx/resampling";
import { type Onnx, openModel } from "./open";

/** `[height, width, channels]`, row by row. */
export interface Samples {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly samples: Float32Array;
}

/** What the passes make of a map; with `clip` to 0…1. */
export type Resampler = (map: Samples, passes: Passes, clip: boolean) => Promise<Samples>;

export async function openResampler(onnx: Onnx, threads: number): Promise<Resampler> {
  const session = await openModel(onnx, writeResampling(), { threads });
  const tensor = ({ data, shape }: Fed): Tensor =>
    data instanceof Float32Array ? new onnx.Tensor("float32", data, shape) : new onnx.Tensor("int64", data, shape);
  return async ({ height, width, channels, samples }, passes, clip) => {
    const fed = { map: { data: samples, shape: [height, width, channels] }, ...feedsOf(passes, channels, clip) };
    const { result } = await session.run(Object.fromEntries(Object.entries(fed).map(([name, one]) => [name, tensor(one)])));
    const [rows, columns] = result!.dims as [number, number];
    return { height: rows, width: columns, channels, samples: result!.data as Float32Array };
  };
}
