/** Whether this device's driver computes our general kernels as they are written: each of something tiny. */
import { applyAll, whatIsWrong } from "../check";
import type { Device } from "./device";
import { allPrograms, GeneralReader, type VectorMap } from "./general/reader";
import { PipelineError } from "./pipelines";

/**
 * What is wrong with the general kernels on the device; undefined where nothing is. Their shaders are compiled together. Rejects
 * with an error where the device is lost.
 */
export async function checkGeneral(device: Device, turn: () => Promise<void>): Promise<string | undefined> {
  try {
    await device.pipelines.prepare(allPrograms());
  } catch (error) {
    if (error instanceof PipelineError) return error.message;
    throw error;
  }
  return whatIsWrong(async (weights, network, x) => {
    const reader = new GeneralReader(device, weights);
    const maps = new Map<string, VectorMap>();
    const tensor = device.mapBuffer(x.data.length);
    let result: GPUBuffer | undefined;
    try {
      device.device.queue.writeBuffer(tensor, 0, Float32Array.from(x.data));
      maps.set("x", reader.import(tensor, x));
      const last = applyAll(reader, network, maps);
      const values = last.height * last.width * last.channels;
      result = device.mapBuffer(values);
      reader.export(last, result);
      return (await device.read(result)).subarray(0, values);
    } finally {
      for (const map of maps.values()) reader.release(map);
      for (const buffer of [tensor, result]) if (buffer) device.buffers.releaseBuffer(buffer);
    }
  }, turn);
}
