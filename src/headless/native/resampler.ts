/** Resizes maps by onnxruntime, in the process that computes. */
import type { Tensor } from "onnxruntime-node";
import { type Axis, type Passes, passOver } from "../../image/passes";
import { type Fed, resampling, writeResampling } from "../../kernels/onnx/resampling";
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

/** Four times as large, each way. */
const SMALL: Axis = { source: 8, output: 32, scale: 4, kernel: "cubic", border: "mirror", stretch: 1 };

/** The first run takes several times as long as others do; it has been done when this resolves. */
export async function openResampler(onnx: Onnx, threads: number): Promise<Resampler> {
  const session = await openModel(onnx, writeResampling(), { threads });
  const tensor = ({ data, shape }: Fed): Tensor =>
    data instanceof Float32Array ? new onnx.Tensor("float32", data, shape) : new onnx.Tensor("int64", data, shape);
  const resample: Resampler = async (map, passes, clip) => {
    const { channels } = map;
    const { feeds, height, width, start } = resampling(passes, channels, clip);
    const fed = { map: { data: map.samples, shape: [map.height, map.width, channels] }, ...feeds };
    const { result } = await session.run(Object.fromEntries(Object.entries(fed).map(([name, one]) => [name, tensor(one)])));
    const samples = (result!.data as Float32Array).subarray(start, start + height * width * channels);
    return { height, width, channels, samples };
  };
  const pass = passOver(SMALL, 0, SMALL.output);
  const { source: side } = SMALL;
  const map = { height: side, width: side, channels: 3, samples: new Float32Array(3 * side * side) };
  await resample(map, { vertical: pass, horizontal: pass }, true);
  return resample;
}
