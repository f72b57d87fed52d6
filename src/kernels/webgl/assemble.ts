/**
 * A map made of parts of others as a kernel of tfjs's WebGL backend: a region cut out, tiles joined, a part put in its place. One
 * shader, which is told shapes and places as it runs. By stock kernels there is one for every size and place.
 */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import type * as tf from "@tensorflow/tfjs-core";
import { ASSEMBLE, type AssembleAttributes } from "../../image/raster";
import type { Size } from "../../types";
import type { Shape } from "../general";
import { type Device, deviceOf } from "./device";
import { bindTensor } from "./programs";
import { newInfo, type TensorTexture, tensorTexture } from "./tensors";

type Place = AssembleAttributes["places"][number];

/** `read`, `splice` and `joined` of src/image/raster.ts take the kernel where it is there. */
export const assembleKernel: tf.KernelConfig = {
  kernelName: ASSEMBLE,
  backendName: "webgl",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const attributes = attrs as unknown as AssembleAttributes;
    const parts = attributes.places.map((_, i) => inputs[i]!);
    return assembled(backend as MathBackendWebGL, parts, attributes);
  },
};

function assembled(
  backend: MathBackendWebGL,
  parts: readonly tf.TensorInfo[],
  { size, places }: AssembleAttributes,
): tf.TensorInfo {
  const device = deviceOf(backend);
  const channels = parts[0]!.shape[3]!;
  const sources = parts.map((part) => tensorTexture(backend, part));
  const { info, texture, columns, rows } = newInfo(backend, [1, size.height, size.width, channels]);
  const texelsInRow = Math.ceil(size.width / 2) * Math.ceil(channels / 2);
  try {
    for (const [i, source] of sources.entries()) {
      const [, height, width] = parts[i]!.shape as [number, number, number];
      const place = places[i]!;
      // What the part may lie in of the texture's rows.
      const first = Math.floor((Math.max(place.top, 0) * texelsInRow) / columns);
      const end = Math.min(rows, Math.ceil((Math.min(place.top + height, size.height) * texelsInRow) / columns));
      const draw = () => device.maps.drawTexture(texture, columns, end - first, first);
      drawPlaced(device, source, { height, width, channels }, place, size, columns, draw);
    }
    return info;
  } finally {
    for (const { dispose } of sources) dispose();
  }
}

/**
 * Has `draw` render a part in its place to the packed texture of a map of this size, of so many texels in a row; what lies beside
 * it stays as it is. A texel has two pixels of a row, of which a part may have one.
 */
export function drawPlaced(
  device: Device,
  source: TensorTexture,
  { height, width, channels }: Shape,
  { top, left }: Place,
  size: Size,
  columns: number,
  draw: () => void,
): void {
  const { gl, programs } = device;
  const inPairs = left % 2 === 0 && (width % 2 === 0 || left + width >= size.width);
  device.begin();
  try {
    const program = programs.use({ kind: "assemble" });
    bindTensor(gl, program, source);
    gl.uniform1i(program.location("channels"), channels);
    gl.uniform2i(program.location("size"), width, height);
    gl.uniform2i(program.location("place"), left, top);
    gl.uniform1i(program.location("resultColumns"), columns);
    gl.uniform2i(program.location("resultSize"), size.width, size.height);
    for (const lane of inPairs ? [0] : [0, 1]) {
      gl.uniform1i(program.location("lane"), lane);
      if (!inPairs) gl.colorMask(lane === 0, lane === 0, lane === 1, lane === 1);
      draw();
    }
  } finally {
    gl.colorMask(true, true, true, true);
    device.end();
  }
}
