/**
 * A part of a map put in its place, as a kernel of the WebGL backend: one pass. Cut and joined with stock kernels a shader is
 * compiled for every place, and the map copied several times. `splice` of src/image/raster.ts takes it where it is there.
 */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";

/** The name under which the kernel is found. Inputs `map`, `part` `[1, h, w, c]`; attributes `top`, `left`. */
const NAME = "Splice";

export function registerSplice(): void {
  if (tf.getKernel(NAME, "webgl")) return;
  tf.registerKernel({
    kernelName: NAME,
    backendName: "webgl",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { map, part } = inputs as { map: tf.TensorInfo; part: tf.TensorInfo };
      const { top, left } = attrs as unknown as { top: number; left: number };
      const program = new SpliceProgram(map.shape, part.shape);
      return (backend as MathBackendWebGL).compileAndRun(program, [map, part], "float32", [[top], [left]]);
    },
  });
}

class SpliceProgram {
  readonly variableNames = ["map", "part"];
  readonly customUniforms = [
    { name: "top", type: "int" as const },
    { name: "left", type: "int" as const },
  ];
  readonly userCode: string;

  constructor(
    readonly outputShape: number[],
    [, height, width]: number[],
  ) {
    this.userCode = `
      void main() {
        ivec4 at = getOutputCoords();
        int row = at.y - top;
        int column = at.z - left;
        bool inside = row >= 0 && row < ${height} && column >= 0 && column < ${width};
        if (inside) setOutput(getPart(at.x, row, column, at.w));
        else setOutput(getMap(at.x, at.y, at.z, at.w));
      }
    `;
  }
}
