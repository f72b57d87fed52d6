/**
 * A small network of the operations that ours have, opened and run while nobody waits: the first network of a process takes
 * several times as long to open as the next, for all that opens and runs one is read from the disk bit by bit.
 */
import type { Network } from "../../kernels/network";
import { writeOnnx } from "../../kernels/onnx/write";
import type { HostTensor } from "../../types";
import { type Onnx, type OpenOptions, openModel } from "./open";

/** Channels: as many as onnxruntime takes together. */
const C = 16;
const SIDE = 8;

const NETWORK: Network = {
  inputs: { image: { channels: 3, scale: 1 } },
  operations: [
    { op: "normalise", name: "picture", x: "image", mean: [0, 0, 0], deviation: [1, 1, 1] },
    { op: "conv", name: "first", x: "picture", activation: "relu6" },
    { op: "conv", name: "halves", layer: "depthwise", x: "first", stride: 2, pad: "same", activation: "relu" },
    { op: "sft", name: "steered", layer: "sft", x: "halves", condition: "halves", slope: 0.1, unitScale: true },
    { op: "conv", name: "added", layer: "wide", x: "steered", residual: "halves" },
    { op: "resizeLike", name: "larger", x: "added", like: "first" },
    { op: "conv", name: "result", layer: "wide", x: "larger", residual: "first", activation: "relu" },
    { op: "pixelShuffle", name: "shuffled", x: "result", factor: 2 },
    { op: "softmax", name: "parts", x: "shuffled" },
  ],
};

const zeros = (...shape: number[]): HostTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, n) => product * n, 1)),
});

const layer = (name: string, ...shape: [out: number, of: number, height: number, width: number]) => ({
  [`${name}.weight`]: zeros(...shape),
  [`${name}.bias`]: zeros(shape[0]),
});

const TENSORS = {
  ...layer("first", C, 3, 3, 3),
  ...layer("depthwise", C, 1, 3, 3),
  ...layer("wide", C, C, 3, 3),
  ...layer("sft.SFT_scale_conv0", C, C, 1, 1),
  ...layer("sft.SFT_scale_conv1", C, C, 1, 1),
  ...layer("sft.SFT_shift_conv0", C, C, 1, 1),
  ...layer("sft.SFT_shift_conv1", C, C, 1, 1),
};

/** Rejects where onnxruntime cannot compute, or not on the device. */
export async function warmUp(onnx: Onnx, options: OpenOptions): Promise<void> {
  const file = writeOnnx({ name: "warm-up", weights: { tensors: TENSORS } }, NETWORK, {
    purpose: "native",
    inBlocks: true,
  });
  const session = await openModel(onnx, file, options);
  await session.run({ image: new onnx.Tensor("float32", new Float32Array(SIDE * SIDE * 3), [1, SIDE, SIDE, 3]) });
  await session.release();
}
