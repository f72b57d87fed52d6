/** tfjs tensors as textures: where a tensor's values lie, and a new one to render to. Checked against tfjs 4.22. */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";

/** A tensor's texture, on loan until `dispose`. */
export interface TensorTexture {
  readonly texture: WebGLTexture;
  /** Two pixels of a row by two channels to a texel; otherwise one value, in red. */
  readonly packed: boolean;
  /** Texels in a row. */
  readonly columns: number;
  /** Values before the tensor's first, where it is a part of another. */
  readonly offset: number;
  dispose(): void;
}

/** Uploads the tensor if need be. */
export function tensorTexture(backend: MathBackendWebGL, x: Pick<tf.TensorInfo, "dataId" | "shape" | "dtype">): TensorTexture {
  backend.uploadToGPU(x.dataId);
  const { texture, isPacked = false, shape, slice } = backend.texData.get(x.dataId);
  const found = { texture: texture!.texture, columns: texture!.texShape[1], offset: slice?.flatOffset ?? 0, dispose: () => {} };
  if (!isPacked) return { ...found, packed: false };
  const [rows, columns] = shape.slice(-2);
  if (!slice && shape.length > 1 && rows === x.shape[2] && columns === x.shape[3]) return { ...found, packed: true };
  // A texture that was packed as another shape.
  const unpacked = backend.unpackTensor({ dataId: x.dataId, shape, dtype: x.dtype });
  const own = backend.texData.get(unpacked.dataId).texture!;
  const dispose = () => backend.disposeIntermediateTensorInfo(unpacked);
  return { texture: own.texture, packed: false, columns: own.texShape[1], offset: 0, dispose };
}

/** What is to become a tensor: packed, its texture still to be rendered. */
export function newInfo(backend: MathBackendWebGL, shape: [number, number, number, number]) {
  const info = backend.makeTensorInfo(shape, "float32");
  backend.texData.get(info.dataId).isPacked = true;
  backend.uploadToGPU(info.dataId);
  const { texture, texShape } = backend.texData.get(info.dataId).texture!;
  return { info, texture, rows: texShape[0], columns: texShape[1] };
}

/** The same as a tensor in the engine's books. */
export function newTensor(backend: MathBackendWebGL, shape: [number, number, number, number]) {
  const { info, ...rest } = newInfo(backend, shape);
  return { tensor: tf.engine().makeTensorFromTensorInfo(info, backend) as tf.Tensor4D, ...rest };
}
