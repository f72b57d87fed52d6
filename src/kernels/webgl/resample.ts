/**
 * A direction of a resampling as a kernel of tfjs's WebGL backend: one draw, by a shader that is told shapes and weights as it
 * runs. By stock kernels it takes five passes, and a shader for every size of each.
 */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import type * as tf from "@tensorflow/tfjs-core";
import { tapsOver } from "../../image/passes";
import { RESAMPLE, type ResampleAttributes } from "../../image/resample";
import type { Shape } from "../general";
import { type Device, deviceOf } from "./device";
import { bindTensor } from "./programs";
import { newInfo, type TensorTexture, tensorTexture } from "./tensors";
import { weightsTexture } from "./weights";

/** `resample` of src/image/resample.ts takes the kernel where it is there. */
export const resampleKernel: tf.KernelConfig = {
  kernelName: RESAMPLE,
  backendName: "webgl",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const x = inputs.x as tf.TensorInfo & { shape: [number, number, number, number] };
    return resampled(backend as MathBackendWebGL, x, attrs as unknown as ResampleAttributes);
  },
};

function resampled(
  backend: MathBackendWebGL,
  x: tf.TensorInfo & { shape: [number, number, number, number] },
  attributes: ResampleAttributes,
): tf.TensorInfo {
  const device = deviceOf(backend);
  const [, height, width, channels] = x.shape;
  const length = attributes.pass.end - attributes.pass.start;
  const source = tensorTexture(backend, x);
  const size = attributes.across ? ([height, length] as const) : ([length, width] as const);
  const { info, texture, columns, rows } = newInfo(backend, [1, ...size, channels]);
  try {
    const draw = () => device.maps.drawTexture(texture, columns, rows);
    drawResampled(device, source, { height, width, channels }, attributes, columns, draw);
    return info;
  } finally {
    source.dispose();
  }
}

/** Has `draw` render a direction of a resampling of what is in a texture to a packed one, of so many texels in a row. */
export function drawResampled(
  device: Device,
  source: TensorTexture,
  { height, width, channels }: Shape,
  { pass, across }: ResampleAttributes,
  columns: number,
  draw: () => void,
): void {
  const { gl, programs } = device;
  const length = pass.end - pass.start;
  const { taps, pairs } = tapsOver(pass);
  device.begin();
  const weights = weightsTexture(gl, pairs, 2);
  try {
    const program = programs.use({ kind: "resample" });
    bindTensor(gl, program, source);
    gl.uniform1i(program.location("channels"), channels);
    gl.uniform2i(program.location("size"), width, height);
    gl.uniform1i(program.location("taps"), taps);
    gl.uniform2i(program.location("along"), across ? 1 : 0, across ? 0 : 1);
    gl.uniform1i(program.location("resultColumns"), columns);
    gl.uniform2i(program.location("resultSize"), across ? length : width, across ? height : length);
    draw();
  } finally {
    gl.deleteTexture(weights);
    device.end();
  }
}
