/** tfjs tensors as buffers of its WebGPU backend. Checked against tfjs 4.22. */

import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../image/raster";
import type { BufferMap } from "./device";

/** The buffer that a tensor's values lie in, on loan. Uploads them if need be. */
export function tensorBuffer(backend: WebGPUBackend, x: tf.Tensor4D): BufferMap {
  backend.uploadToGPU(x.dataId);
  return { ...sizeOf(x), buffer: backend.tensorMap.get(x.dataId).resource as GPUBuffer };
}

/** A new tensor in the engine's books, its buffer still to be written. */
export function newTensor(backend: WebGPUBackend, shape: [number, number, number, number]) {
  const info = backend.makeTensorInfo(shape, "float32");
  backend.uploadToGPU(info.dataId);
  const tensor = tf.engine().makeTensorFromTensorInfo(info, backend) as tf.Tensor4D;
  return { tensor, buffer: backend.tensorMap.get(info.dataId).resource as GPUBuffer };
}

/** Has the GPU begin what tfjs has only recorded so far. */
export function submit(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}
