/** Runs planned networks on a GPU device: maps in buffers as tfjs has them, passes recorded together, weights kept. */
import type { Size, Weights } from "../../types";
import { layerOf, type Network, outputOf } from "../network";
import { packConv, packSft } from "../pack";
import { besideOf, convolved, isSft, sizesOf, vectorsOf } from "../passes";
import { orderOf, tileOf } from "./conv";
import { Pipelines } from "./pipelines";
import type { ConvPass, Pass, Plan, SftPass } from "./plan";
import { blockOf, PIXELS } from "./sft";
import { type DeviceWeights, deviceWeights } from "./weights";

/** A map on the device: `height` × `width` pixels, channel by channel. */
export interface BufferMap extends Size {
  readonly buffer: GPUBuffer;
}

/** Where buffers come from: tfjs's manager is one. */
export interface Buffers {
  acquireBuffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer;
  /** Called when all that uses the buffer has been submitted. */
  releaseBuffer(buffer: GPUBuffer): void;
}

/** Bytes between the numbers of two passes: every device can bind there. */
const STEP = 256;
/** Multiply-adds that are submitted at once: a GPU that is busy for seconds is taken away. */
const MOST_WORK = 20e9;

export class Device {
  readonly pipelines: Pipelines;

  constructor(
    readonly device: GPUDevice,
    readonly buffers: Buffers,
  ) {
    this.pipelines = new Pipelines(device);
  }

  /** A buffer for a map of so many values. The caller releases it. */
  mapBuffer(values: number): GPUBuffer {
    // As tfjs has them, so that buffers are of use to both.
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.buffers.acquireBuffer(4 * values, usage);
  }

  /** The values of a map. Rejects with an error where the device is lost. */
  async read(map: GPUBuffer): Promise<Float32Array> {
    const copy = this.device.createBuffer({ size: map.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(map, 0, copy, 0, map.size);
    this.device.queue.submit([encoder.finish()]);
    try {
      await copy.mapAsync(GPUMapMode.READ);
      return new Float32Array(copy.getMappedRange().slice(0));
    } finally {
      copy.destroy();
    }
  }

  /**
   * Computes the network's result of maps that stay the caller's, into the buffer that `result` gives for its size. What it is
   * given has to be submitted already.
   */
  run(
    weights: Weights,
    network: Network,
    { passes }: Plan,
    given: Readonly<Record<string, BufferMap>>,
    result: (size: Size) => GPUBuffer,
  ): void {
    const sizes = sizesOf(passes, given);
    const buffers = new Map(Object.entries(given).map(([name, { buffer }]) => [name, buffer]));
    /** Made here: all of them, and those that are free again. */
    const own = new Set<GPUBuffer>();
    const free: GPUBuffer[] = [];
    /** For so many values of 32 bits. */
    const take = (values: number): GPUBuffer => {
      const index = free.findIndex(({ size }) => size === 4 * values);
      if (index >= 0) return free.splice(index, 1)[0]!;
      const made = this.mapBuffer(values);
      own.add(made);
      return made;
    };
    const numbers = this.buffers.acquireBuffer(STEP * passes.length, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    try {
      const values = new Int32Array((STEP / 4) * passes.length);
      for (const [i, pass] of passes.entries())
        values.set(this.numbersOf(pass, sizes, this.weightsOf(weights, pass).bias), (i * STEP) / 4);
      this.device.queue.writeBuffer(numbers, 0, values);
      let work = 0;
      let encoder = this.device.createCommandEncoder();
      for (const [i, pass] of passes.entries()) {
        const size = sizes.get(pass.name)!;
        const isLast = pass.name === outputOf(network);
        const words = (size.height * size.width * channelsOf(pass)) / (pass.program.halves.result ? 2 : 1);
        const made = isLast ? result(size) : take(words);
        buffers.set(pass.name, made);
        const beside = besideOf(pass);
        const bound = [
          { buffer: numbers, offset: STEP * i, size: STEP },
          { buffer: buffers.get(pass.x)! },
          { buffer: this.weightsOf(weights, pass).buffer },
          { buffer: made },
          ...(beside === undefined ? [] : [{ buffer: buffers.get(beside)! }]),
        ];
        this.record(encoder, pass, sizes, bound);
        for (const name of pass.last) {
          const buffer = buffers.get(name)!;
          if (own.has(buffer)) free.push(buffer);
        }
        work += workOf(pass, size);
        if (work < MOST_WORK && i + 1 < passes.length) continue;
        this.device.queue.submit([encoder.finish()]);
        encoder = this.device.createCommandEncoder();
        work = 0;
      }
    } finally {
      for (const buffer of own) this.buffers.releaseBuffer(buffer);
      this.buffers.releaseBuffer(numbers);
    }
  }

  private record(encoder: GPUCommandEncoder, pass: Pass, sizes: ReadonlyMap<string, Size>, bound: GPUBufferBinding[]): void {
    const pipeline = this.pipelines.use(pass.program);
    const layout = pipeline.getBindGroupLayout(0);
    const entries = bound.map((resource, binding) => ({ binding, resource }));
    const recorder = encoder.beginComputePass();
    recorder.setPipeline(pipeline);
    recorder.setBindGroup(0, this.device.createBindGroup({ layout, entries }));
    recorder.dispatchWorkgroups(...this.workgroupsOf(pass, sizes));
    recorder.end();
  }

  private workgroupsOf(pass: Pass, sizes: ReadonlyMap<string, Size>): [number, number, number] {
    const { height, width } = sizes.get(pass.x)!;
    if (isSft(pass)) {
      const groups = Math.ceil((height * width) / PIXELS);
      const across = Math.min(groups, this.device.limits.maxComputeWorkgroupsPerDimension);
      return [across, Math.ceil(groups / across), 1];
    }
    const tile = tileOf(pass.program);
    const units = (pass.shuffle ? 4 : 1) * vectorsOf(channelsOf(pass));
    const [down, across] = [convolved(pass, height), convolved(pass, width)];
    return [Math.ceil(across / tile.width), Math.ceil(down / tile.height), Math.ceil(units / pass.program.units)];
  }

  /** What a shader is told beside its maps: see `Sizes` in it. */
  private numbersOf(pass: Pass, sizes: ReadonlyMap<string, Size>, bias: number): number[] {
    const { height, width } = sizes.get(pass.x)!;
    if (isSft(pass)) return [height * width, this.workgroupsOf(pass, sizes)[0], bias];
    return [height, width, convolved(pass, height), convolved(pass, width), bias];
  }

  private weightsOf(weights: Weights, pass: Pass): DeviceWeights {
    const key = `${layerOf(pass.operation)} ${JSON.stringify(pass.program)}`;
    return deviceWeights(this.device, weights, key, () => (isSft(pass) ? packedSft(weights, pass) : packedConv(weights, pass)));
  }
}

/** Channels of the map that a pass makes. */
const channelsOf = (pass: Pass): number => (isSft(pass) ? pass.outputs : pass.program.channels);

function packedConv(weights: Weights, pass: ConvPass): [Float32Array, Float32Array] {
  const { matrices, bias } = packConv(weights, pass, orderOf(pass, pass.program));
  return [matrices, bias];
}

/** Biases of the hidden units, then of γ and β. */
function packedSft(weights: Weights, pass: SftPass): [Float32Array, Float32Array, Float32Array] {
  const { matrices, bias, hiddenBias } = packSft(weights, pass, pass.program.out, blockOf(pass.program));
  return [matrices, hiddenBias, bias];
}

/** Multiply-adds, for a map of this size. */
function workOf(pass: Pass, { height, width }: Size): number {
  const each = isSft(pass)
    ? 2 * pass.hidden * (pass.inputs + pass.outputs)
    : (pass.side ** 2 * pass.inputs * pass.outputs) / (pass.shuffle ? 4 : 1);
  return each * height * width;
}
