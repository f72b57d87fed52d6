/** Runs networks by the general kernels on a WebGPU device, one dispatch for an operation, two for a mean. */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../image/raster";
import type { Model, Size, Weights } from "../../../types";
import type { Reader } from "../../execution";
import {
  GENERAL_KERNELS,
  type GeneralKernel,
  generalKernel,
  generalKernels,
  kernelShape,
  poolPadding,
  resultOf,
  type Shape,
} from "../../general";
import { type Conv, layerOf, type Network, type Operation, padding } from "../../network";
import { packConv, packDepthwise } from "../../pack";
import { vectorsOf } from "../../passes";
import type { Device } from "../device";
import { newTensor, submit, tensorBuffer } from "../tensors";
import { type DeviceWeights, deviceWeights } from "../weights";
import { ACTIVATION, type GeneralProgram, ROW, TOLD, type Told, WORKGROUP } from "./shaders";

/** A map in whole vectors. */
export interface VectorMap extends Shape {
  readonly buffer: GPUBuffer;
}

/** What a network is run with; undefined where the general kernels cannot run it. */
export function generalPrograms(model: Pick<Model, "weights">, network: Network): readonly GeneralProgram[] | undefined {
  const kernels = generalKernels(model, network);
  return kernels && programsOf(kernels);
}

/** What any network is run with. */
export const allPrograms = (): readonly GeneralProgram[] => programsOf(GENERAL_KERNELS);

const programsOf = (kernels: readonly GeneralKernel[]): GeneralProgram[] =>
  (["import", ...kernels, "export"] as const).map((name) => ({ kind: "general", name }));

/** Of tensors of tfjs's; undefined where the general kernels cannot run the network. */
export const generalReader = (
  device: Device,
  backend: WebGPUBackend,
  model: Pick<Model, "weights">,
  network: Network,
): Reader<VectorMap> | undefined => generalPrograms(model, network) && new TensorReader(device, model.weights, backend);

/** Maps of values in buffers, one after another as tfjs has them, and back. */
export class GeneralReader {
  constructor(
    protected readonly device: Device,
    private readonly weights: Weights,
  ) {}

  import(tensor: GPUBuffer, shape: Shape): VectorMap {
    const made = this.newMap(shape);
    this.dispatch("import", {}, made, [tensor, made.buffer], vectorsIn(made));
    return made;
  }

  export(x: VectorMap, tensor: GPUBuffer): void {
    this.dispatch("export", { vectors: vectorsOf(x.channels) }, x, [x.buffer, tensor], x.height * x.width * x.channels);
  }

  apply(operation: Operation, map: (name: string) => VectorMap): VectorMap {
    const x = map(operation.x);
    if (operation.op === "mean") return this.mean(x);
    const made = this.newMap(resultOf(this.weights, operation, map));
    const kernel = generalKernel(this.weights, operation)!;
    const { told, bound } = this.tell(operation, kernel, map, made);
    const items =
      operation.op === "conv" ? made.height * Math.ceil(made.width / ROW) * vectorsOf(made.channels) : vectorsIn(made);
    this.dispatch(kernel, { ...toldOf(x), ...told }, made, [x.buffer, made.buffer, ...bound], items);
    return made;
  }

  release({ buffer }: VectorMap): void {
    this.device.buffers.releaseBuffer(buffer);
  }

  /** Along the rows, then along what is left. */
  private mean(x: VectorMap): VectorMap {
    const along = (of: VectorMap, size: Size, count: number) => {
      const made = this.newMap({ ...size, channels: x.channels });
      this.dispatch("mean", { ...toldOf(of), count }, made, [of.buffer, made.buffer], vectorsIn(made));
      return made;
    };
    const rows = along(x, { height: x.height, width: 1 }, x.width);
    try {
      return along(rows, { height: 1, width: 1 }, x.height);
    } finally {
      this.release(rows);
    }
  }

  private newMap({ height, width, channels }: Shape): VectorMap {
    const shape = { height, width, channels };
    return { ...shape, buffer: this.device.mapBuffer(4 * vectorsIn(shape)) };
  }

  /** Submitted at once, so that what it looks at may be released. Buffers are bound from 1 on. */
  private dispatch(name: GeneralProgram["name"], told: Told, made: Shape, buffers: readonly GPUBuffer[], items: number): void {
    const { device, pipelines, buffers: pool } = this.device;
    const groups = Math.ceil(items / WORKGROUP);
    const across = Math.min(groups, device.limits.maxComputeWorkgroupsPerDimension);
    const { height, width, channels } = made;
    const out = { outHeight: height, outWidth: width, outVectors: vectorsOf(channels), outChannels: channels };
    const numbers = numbersOf({ ...told, ...out, groups: across });
    const uniform = pool.acquireBuffer(numbers.byteLength, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    try {
      device.queue.writeBuffer(uniform, 0, numbers);
      const pipeline = pipelines.use({ kind: "general", name });
      const encoder = device.createCommandEncoder();
      const recorder = encoder.beginComputePass();
      recorder.setPipeline(pipeline);
      const entries = [uniform, ...buffers].map((buffer, binding) => ({ binding, resource: { buffer } }));
      recorder.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
      recorder.dispatchWorkgroups(across, Math.ceil(groups / across));
      recorder.end();
      device.queue.submit([encoder.finish()]);
    } finally {
      pool.releaseBuffer(uniform);
    }
  }

  /** What a shader is told beside its maps' shapes, and which buffers it has beside them. */
  private tell(
    operation: Operation,
    kernel: GeneralKernel,
    map: (name: string) => VectorMap,
    made: Shape,
  ): { readonly told: Told; readonly bound: readonly GPUBuffer[] } {
    const x = map(operation.x);
    switch (operation.op) {
      case "conv": {
        const { stride = 1, dilation = 1, activation = "none" } = operation;
        const [, , side] = kernelShape(this.weights, operation) as [number, number, number];
        const beside = operation.residual === undefined ? undefined : map(operation.residual);
        const { buffer, bias } = this.kernel(operation, kernel, made);
        return {
          told: {
            ...{ side, stride, dilation, pad: padding(side, operation)[0], bias },
            ...(beside && { besideHeight: beside.height, besideWidth: beside.width }),
            activation: ACTIVATION[typeof activation === "object" ? "leaky" : activation],
            ...(typeof activation === "object" && { slope: activation.leaky }),
          },
          bound: [buffer, (beside ?? x).buffer],
        };
      }
      case "upConv": {
        const { buffer } = this.depthwise(layerOf(operation));
        return { told: { stride: operation.stride }, bound: [buffer] };
      }
      case "maxPool":
        return {
          told: { top: poolPadding(x.height), left: poolPadding(x.width), least: Number.NEGATIVE_INFINITY },
          bound: [],
        };
      case "normalise": {
        const [mean0, mean1, mean2] = operation.mean;
        const [deviation0, deviation1, deviation2] = operation.deviation;
        const told = { mean0, mean1, mean2, deviation0, deviation1, deviation2, reversed: operation.bgr ? 1 : 0 };
        return { told, bound: [] };
      }
      default:
        return { told: { deviation0: 1, deviation1: 1, deviation2: 1 }, bound: [] };
    }
  }

  private kernel(operation: Conv, kernel: GeneralKernel, { channels }: Shape): DeviceWeights {
    const layer = layerOf(operation);
    if (kernel === "depthwise") return this.depthwise(layer);
    return this.weightsOf(layer, () => {
      const [outputs, inputs, side] = kernelShape(this.weights, operation) as [number, number, number];
      const [vectors, out] = [vectorsOf(inputs), vectorsOf(channels)];
      const { matrices, bias } = packConv(
        this.weights,
        { operation, inputs, outputs, side, shuffle: false },
        // Invocations side by side compute vectors side by side.
        { out: 1, matrices: side * side * vectors * out, at: (draw, tap, input) => (tap * vectors + input) * out + draw },
      );
      return [matrices, bias];
    });
  }

  private depthwise(layer: string): DeviceWeights {
    return this.weightsOf(layer, () => {
      const { kernel, bias } = packDepthwise(this.weights, layer);
      return [kernel, bias];
    });
  }

  private weightsOf(layer: string, pack: () => readonly [Float32Array, Float32Array]): DeviceWeights {
    return deviceWeights(this.device.device, this.weights, `general ${layer}`, pack);
  }
}

/** The same with tensors of tfjs's at the ends. */
class TensorReader extends GeneralReader implements Reader<VectorMap> {
  constructor(
    device: Device,
    weights: Weights,
    private readonly backend: WebGPUBackend,
  ) {
    super(device, weights);
  }

  take(x: tf.Tensor4D): VectorMap {
    const { buffer } = tensorBuffer(this.backend, x);
    submit(this.backend);
    return this.import(buffer, { ...sizeOf(x), channels: x.shape[3] });
  }

  give(x: VectorMap): tf.Tensor4D {
    const { tensor, buffer } = newTensor(this.backend, [1, x.height, x.width, x.channels]);
    this.export(x, buffer);
    this.release(x);
    return tensor;
  }
}

const vectorsIn = ({ height, width, channels }: Shape): number => height * width * vectorsOf(channels);

const toldOf = ({ height, width, channels }: Shape): Told => ({ height, width, vectors: vectorsOf(channels) });

/** As a shader's `Told` has them. */
function numbersOf(told: Told): Uint8Array<ArrayBuffer> {
  const names = Object.keys(TOLD) as (keyof Told)[];
  const bytes = new Uint8Array(16 * Math.ceil(names.length / 4));
  const view = new DataView(bytes.buffer);
  for (const [i, name] of names.entries()) {
    const value = told[name] ?? 0;
    if (TOLD[name] === "i32") view.setInt32(4 * i, value, true);
    else view.setFloat32(4 * i, value, true);
  }
  return bytes;
}
