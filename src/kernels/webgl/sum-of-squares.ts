/**
 * The sum of a tensor's squares as a kernel of tfjs's WebGL backend: two draws by two shaders, told all shapes as they run. By stock
 * kernels it takes five passes or more, and a shader for every size of each.
 */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import type * as tf from "@tensorflow/tfjs-core";
import { SUM_OF_SQUARES } from "../../image/sum-of-squares";
import type { Shape } from "../general";
import { type Device, deviceOf } from "./device";
import { bindTensor, unitOf } from "./programs";
import { SUM_SIDE as SIDE } from "./squares";
import { newInfo, type TensorTexture, tensorTexture } from "./tensors";

/** Input `x` `[1, h, w, c]`; result `[1, 1, 1, 1]`. `sumOfSquares` of src/image/sum-of-squares.ts takes it where it is there. */
export const sumOfSquaresKernel: tf.KernelConfig = {
  kernelName: SUM_OF_SQUARES,
  backendName: "webgl",
  kernelFunc: ({ inputs, backend }) => summed(backend as MathBackendWebGL, inputs.x!),
};

function summed(backend: MathBackendWebGL, x: tf.TensorInfo): tf.TensorInfo {
  const device = deviceOf(backend);
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const source = tensorTexture(backend, x);
  const { info, texture, columns, rows } = newInfo(backend, [1, 1, 1, 1]);
  try {
    drawSum(device, source, { height, width, channels }, () => device.maps.drawTexture(texture, columns, rows));
    return info;
  } finally {
    source.dispose();
  }
}

/** Has `draw` render the sum of the squares of what is in a texture, in red. */
export function drawSum(device: Device, source: TensorTexture, { height, width, channels }: Shape, draw: () => void): void {
  const { gl, programs, maps } = device;
  const parts = maps.takeLayers(SIDE, SIDE, 1, false);
  device.begin();
  try {
    const program = programs.use({ kind: "squares", of: "tensor" });
    const texels = source.packed ? height * Math.ceil(width / 2) * Math.ceil(channels / 2) : height * width * channels;
    bindTensor(gl, program, source);
    gl.uniform1i(program.location("texels"), texels);
    gl.uniform2i(program.location("last"), width, channels);
    maps.bindTarget({ stored: parts }, [0]);
    gl.viewport(0, 0, SIDE, SIDE);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    programs.use({ kind: "squares", of: "parts" });
    gl.activeTexture(gl.TEXTURE0 + unitOf("x"));
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, parts.texture);
    draw();
  } finally {
    device.end();
    maps.release({ stored: parts });
  }
}
