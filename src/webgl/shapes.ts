/**
 * Whether tfjs's shaders have shapes as constants, and are compiled for every size, or as uniforms, and do for all. Convolutions
 * keep them constant: measured on software, a network that runs by them takes three times as long otherwise.
 */
import * as tf from "@tensorflow/tfjs-core";

const FLAG = "WEBGL_USE_SHAPES_UNIFORMS";
const CONVOLUTIONS = ["Conv2D", "FusedConv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2D"];

/** From now on shapes are uniforms, or not. For where our kernels run the networks, and what is left to tfjs is small. */
export const useShapeUniforms = (used: boolean): void => tf.env().set(FLAG, used);

/** Has convolutions keep shapes constant, whatever else does. */
export function registerConvolutions(): void {
  useShapeUniforms(false);
  for (const name of CONVOLUTIONS) {
    const stock = tf.getKernel(name, "webgl");
    if (!stock || registered.has(stock)) continue;
    const kernelFunc: tf.KernelFunc = (given) => {
      const used = tf.env().getBool(FLAG);
      useShapeUniforms(false);
      try {
        return stock.kernelFunc(given);
      } finally {
        useShapeUniforms(used);
      }
    };
    const config = { ...stock, kernelFunc };
    tf.unregisterKernel(name, "webgl");
    tf.registerKernel(config);
    registered.add(config);
  }
}

const registered = new WeakSet<tf.KernelConfig>();
