/**
 * A direction of a resampling as a kernel of tfjs's WebGL backend: one draw, by a shader that is told shapes and weights as it
 * runs. By stock kernels it takes five passes, and a shader for every size of each.
 */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { tapsOver } from "../../image/passes";
import { RESAMPLE, type ResampleAttributes } from "../../image/resample";
import { deviceOf } from "./device";
import { bindTensor } from "./programs";
import { newInfo, tensorTexture } from "./tensors";
import { weightsTexture } from "./weights";

/** `resample` of src/image/resample.ts takes the kernel where it is there. */
export function registerResample(): void {
  if (tf.getKernel(RESAMPLE, "webgl")) return;
  tf.registerKernel({
    kernelName: RESAMPLE,
    backendName: "webgl",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const x = inputs.x as tf.TensorInfo & { shape: [number, number, number, number] };
      return resampled(backend as MathBackendWebGL, x, attrs as unknown as ResampleAttributes);
    },
  });
}

function resampled(
  backend: MathBackendWebGL,
  x: tf.TensorInfo & { shape: [number, number, number, number] },
  { pass, across }: ResampleAttributes,
): tf.TensorInfo {
  const device = deviceOf(backend);
  const { gl, programs, maps } = device;
  const [, h, w, channels] = x.shape;
  const length = pass.end - pass.start;
  const [height, width] = across ? [h, length] : [length, w];
  const { taps, pairs } = tapsOver(pass);
  const source = tensorTexture(backend, x);
  const { info, texture, columns, rows } = newInfo(backend, [1, height, width, channels]);
  device.begin();
  const weights = weightsTexture(gl, pairs, 2);
  try {
    const program = programs.use({ kind: "resample", packed: source.packed });
    bindTensor(gl, program, source);
    gl.uniform1i(program.location("channels"), channels);
    gl.uniform2i(program.location("size"), w, h);
    gl.uniform1i(program.location("taps"), taps);
    gl.uniform2i(program.location("along"), across ? 1 : 0, across ? 0 : 1);
    gl.uniform1i(program.location("resultColumns"), columns);
    gl.uniform2i(program.location("resultSize"), width, height);
    maps.drawTexture(texture, columns, rows);
    return info;
  } finally {
    gl.deleteTexture(weights);
    device.end();
    source.dispose();
  }
}
