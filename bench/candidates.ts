/** What the benchmark of kernels compares: each takes a picture and a prior from the host's memory, and gives a picture back. */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import type { Network } from "../src/kernels/network";
import { writeOnnx } from "../src/kernels/onnx/write";
import { runByTfjs } from "../src/kernels/tfjs/run";
import * as webgl from "../src/kernels/webgl/kernels";
import * as webgpu from "../src/kernels/webgpu/kernels";
import type { Model } from "../src/types";

/** Values of a map `[1, height, width, channels]`. */
export interface Sample {
  readonly data: Float32Array;
  readonly shape: [number, number, number, number];
}
export type Samples = Readonly<Record<string, Sample>>;

export interface Candidate {
  readonly name: string;
  /** Computes, and has the result read back. */
  picture(given: Samples): Promise<Float32Array>;
  /** Computes, and waits until the GPU is done with it; next to nothing is read back. */
  pixel(given: Samples): Promise<void>;
}

type Run = (given: Readonly<Record<string, tf.Tensor4D>>) => tf.Tensor4D;

/** `models`: one for each backend, whose weights are on it. */
export function candidatesOf(models: { readonly webgl: Model; readonly webgpu?: Model }, network: Network): Candidate[] {
  const stock = (direct: boolean) => (given: Readonly<Record<string, tf.Tensor4D>>) => {
    tf.env().set("WEBGL_EXP_CONV", direct);
    return runByTfjs(models.webgl, network, given);
  };
  const onWebGL = (name: string, run: Run) =>
    byTensors(name, "webgl", run, () => (tf.backend() as MathBackendWebGL).gpgpu.createAndWaitForFence());
  const onWebGPU = (name: string, run: Run) =>
    byTensors(name, "webgpu", run, () => (tf.backend() as WebGPUBackend).device.queue.onSubmittedWorkDone());
  const { webgpu: gpuModel } = models;
  return [
    onWebGL("tfjs EXP_CONV", stock(true)),
    onWebGL("tfjs default", stock(false)),
    ...Object.entries(webgl.BLOCKINGS).map(([name, blocking]) =>
      onWebGL(name, (given) => webgl.runBlocked(blocking, models.webgl, network, given)!),
    ),
    ...(gpuModel
      ? [
          onWebGPU("tfjs WebGPU", (given) => runByTfjs(gpuModel, network, given)),
          ...Object.entries(webgpu.BLOCKINGS).map(([name, blocking]) =>
            onWebGPU(name, (given) => webgpu.runBlocked(blocking, gpuModel, network, given)!),
          ),
        ]
      : []),
  ];
}

function byTensors(name: string, backend: string, run: Run, wait: () => Promise<unknown>): Candidate {
  const compute = async <T>(given: Samples, finish: (result: tf.Tensor4D) => Promise<T>): Promise<T> => {
    await tf.setBackend(backend);
    const tensors = Object.fromEntries(
      Object.entries(given).map(([input, { data, shape }]) => [input, tf.tensor4d(data, shape)]),
    );
    const result = run(tensors);
    try {
      return await finish(result);
    } finally {
      tf.dispose([result, ...Object.values(tensors)]);
    }
  };
  return {
    name,
    picture: (given) => compute(given, (result) => result.data<"float32">()),
    pixel: (given) =>
      compute(given, async (result) => {
        // What is recorded is submitted with this.
        const pixel = tf.tidy(() => tf.slice(result, [0, 0, 0, 0], [1, 1, 1, 1]));
        await pixel.data();
        pixel.dispose();
        await wait();
      }),
  };
}

/** As much of onnxruntime-web as is used here. */
interface Onnxruntime {
  readonly env: {
    readonly wasm: { wasmPaths: string; numThreads: number };
    readonly webgpu: { readonly device: Promise<GPUDevice> };
  };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
}
interface OrtTensor {
  getData(release?: boolean): Promise<Float32Array>;
  dispose(): void;
}
interface OrtSession {
  readonly outputNames: readonly string[];
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
}

/** By onnxruntime-web, whose files are at an address; the session is opened in the first run. */
export function byOnnxruntime(address: string, model: Model, network: Network, provider: "webgpu" | "wasm"): Candidate {
  const open = async () => {
    const ort: Onnxruntime = await import(/* @vite-ignore */ `${address}ort.webgpu.bundle.min.mjs`);
    ort.env.wasm.wasmPaths = address;
    const session = await ort.InferenceSession.create(writeOnnx(model, network, { purpose: "native" }), {
      executionProviders: [provider],
      ...(provider === "webgpu" && { preferredOutputLocation: "gpu-buffer" }),
    });
    return { ort, session };
  };
  let opened: ReturnType<typeof open> | undefined;
  const compute = async (given: Samples) => {
    opened ??= open();
    const { ort, session } = await opened;
    const feeds = Object.entries(given).map(([name, { data, shape }]) => [name, new ort.Tensor("float32", data, shape)] as const);
    return { ort, result: (await session.run(Object.fromEntries(feeds)))[session.outputNames[0]!]! };
  };
  return {
    name: `onnxruntime ${provider}`,
    async picture(given) {
      const { result } = await compute(given);
      const values = (await result.getData()).slice();
      result.dispose();
      return values;
    },
    async pixel(given) {
      const { ort, result } = await compute(given);
      if (provider === "webgpu") await (await ort.env.webgpu.device).queue.onSubmittedWorkDone();
      result.dispose();
    },
  };
}
