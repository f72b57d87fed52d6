/**
 * A cast from integers to floats, as a kernel of the WebGPU backend. tfjs's own (4.22) hands the integers on under the name of
 * floats; kernels that copy values as they lie, such as that of `transpose`, then do not compile, and the device is given up.
 */
import * as tf from "@tensorflow/tfjs-core";

const NAME = "Cast";
const BACKEND = "webgpu";

/** Puts it in the place of tfjs's, once. */
export function registerCast(): void {
  const stock = tf.getKernel(NAME, BACKEND);
  if (stock.kernelFunc === cast) return;
  handOn = stock.kernelFunc;
  tf.unregisterKernel(NAME, BACKEND);
  tf.registerKernel({ ...stock, kernelFunc: cast });
}

let handOn: tf.KernelFunc;

const cast: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const same = handOn({ inputs, attrs, backend }) as tf.TensorInfo;
  const { x } = inputs as { x: tf.TensorInfo };
  if (same.dtype !== "float32" || (x.dtype !== "int32" && x.dtype !== "bool")) return same;
  const tensors = backend as tf.KernelBackend & {
    makeTensorInfo(shape: number[], dtype: string, values: Float32Array): tf.TensorInfo;
  };
  const zero = tensors.makeTensorInfo([], "float32", Float32Array.of(0));
  const sum = tf.getKernel("Add", BACKEND).kernelFunc({ inputs: { a: same, b: zero }, attrs: {}, backend });
  for (const { dataId } of [same, zero]) tensors.disposeData(dataId);
  return sum;
};
