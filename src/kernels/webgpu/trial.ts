/** Our WebGPU kernels on trial, on a device beside whatever tfjs runs on: see `tryAll`. */
import type * as tf from "@tensorflow/tfjs-core";
import type { Candidate, Trial } from "../choose";
import { shapesOf } from "../cost";
import { outputOf } from "../network";
import type { BufferMap, Device } from "./device";
import { BLOCKINGS, type BlockingName } from "./kernels";
import { type Blocking, planOf } from "./plan";

type Given = Readonly<Record<string, tf.Tensor4D>>;

export function candidatesFor({ model, stages }: Trial, device: Device): Candidate<BlockingName>[] {
  const uploads = new WeakMap<Given, Promise<Record<string, BufferMap>>>();
  const upload = (given: Given) => {
    const found = uploads.get(given) ?? copied(given, device);
    uploads.set(given, found);
    return found;
  };
  return Object.entries<Blocking>(BLOCKINGS)
    .filter(([, blocking]) => !blocking.half && stages.every(({ network }) => planOf(model, network, blocking)))
    .map(([name, blocking]) => ({
      choice: name as BlockingName,
      async compute(trial, given) {
        const maps = { ...(await upload(given)) };
        const kinds = stages.flatMap(({ network }) => planOf(model, network, blocking)!.passes.map(({ program }) => program));
        await device.pipelines.prepare(kinds);
        return compute(trial, maps, device, blocking);
      },
    }));
}

/** Copies of tensors on the device. */
async function copied(given: Given, device: Device): Promise<Record<string, BufferMap>> {
  const maps: Record<string, BufferMap> = {};
  for (const [name, x] of Object.entries(given)) {
    const values = await x.data<"float32">();
    const [, height, width] = x.shape;
    maps[name] = { height, width, buffer: device.mapBuffer(values.length) };
    device.device.queue.writeBuffer(maps[name].buffer, 0, values);
  }
  return maps;
}

async function compute(
  { model, stages }: Trial,
  maps: Record<string, BufferMap>,
  device: Device,
  blocking: Blocking,
): Promise<Float32Array> {
  const made: GPUBuffer[] = [];
  for (const { name, network, inputs } of stages) {
    const own = Object.fromEntries(Object.keys(network.inputs).map((input) => [input, maps[inputs[input] ?? input]!]));
    const { channels } = shapesOf(model, network).get(outputOf(network))!;
    device.run(model.weights, network, planOf(model, network, blocking)!, own, (size) => {
      const buffer = device.mapBuffer(size.height * size.width * channels);
      made.push(buffer);
      maps[name] = { ...size, buffer };
      return buffer;
    });
  }
  try {
    return await device.read(made.at(-1)!);
  } finally {
    for (const buffer of made) device.buffers.releaseBuffer(buffer);
  }
}
