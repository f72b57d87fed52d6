/** tfjs's WebGPU backend as we use it: a device of our own, given up whole when it is lost or anything goes wrong on it. */
import * as tf from "@tensorflow/tfjs-core";
import { nextTask } from "../next-task";
import { SharedBackend } from "../webgl/shared";
import { Buffers } from "./buffers";
import { registerCast } from "./cast";

export interface WebGPU {
  readonly device: GPUDevice;
  /**
   * Resolves once the device is lost, or, with an error, has failed at something: what is on it cannot be relied on then.
   */
  readonly lost: Promise<string | undefined>;
  /** True from that moment, and for ever. */
  isLost(): boolean;
  /**
   * Paces the GPU: each call waits until what was asked of it before the *previous* call is done, and lets messages in. Returns
   * at once on a lost device.
   */
  checkpoint(): Promise<void>;
  close(): void;
}

/** Bytes of free buffers that are kept for later ones. */
const KEPT_BYTES = 256 * 2 ** 20;
/** Results of a node, and what it works in, are no larger: see `budget` of an engine. */
const LEAST_BUFFER = 512 * 2 ** 20;
/** What every device has, llvmpipe no more. It does for most pictures; of others `Buffers` says that they are too large. */
const LEAST_ASKED = 128 * 2 ** 20;
/** What a GPU may have more of than every device has, and kernels may use. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
] as const;

const shared = new SharedBackend(open);

/** Makes "webgpu" tfjs's backend, as `startWebGL` does with WebGL. Throws an error where this browser has no WebGPU for it. */
export const startWebGPU = (): Promise<WebGPU> => shared.start();

/**
 * The browser's GPU, where it has WebGPU, that is no software, and its buffers are as large as an engine's results; where it is
 * `asked` for it may be any.
 */
export async function findAdapter(asked = false): Promise<GPUAdapter | undefined> {
  const adapter = await globalThis.navigator?.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter || (adapter.info.isFallbackAdapter && !asked)) return undefined;
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return Math.min(maxBufferSize, maxStorageBufferBindingSize) < (asked ? LEAST_ASKED : LEAST_BUFFER) ? undefined : adapter;
}

/** A device with all that its GPU has of what our kernels use. */
export const openDevice = (adapter: GPUAdapter): Promise<GPUDevice> =>
  adapter.requestDevice({ requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])) });

async function open(): Promise<WebGPU> {
  const adapter = await findAdapter(true);
  if (!adapter) throw new Error("this browser has no WebGPU");
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  registerCast();
  const device = await openDevice(adapter);
  unregister();
  const backend = new WebGPUBackend(device, adapter.info);
  (backend as { bufferManager: unknown }).bufferManager = new Buffers(device, KEPT_BYTES);
  let gone = false;
  const lost = new Promise<string | undefined>((resolve) => {
    const end = (error?: string) => {
      gone = true;
      resolve(error);
    };
    void device.lost.then(() => end());
    device.addEventListener("uncapturederror", ({ error }) => end(error.message));
  });
  tf.registerBackend("webgpu", () => backend, 3);
  if (!(await tf.setBackend("webgpu"))) {
    unregister();
    device.destroy();
    throw new Error("this browser's WebGPU could not be started");
  }
  let previous = Promise.resolve();
  return {
    device,
    lost,
    isLost: () => gone,
    async checkpoint() {
      const before = previous;
      if (!gone) {
        backend.ensureCommandEncoderReady();
        backend.endComputePassEncoder();
        backend.submitQueue();
        previous = device.queue.onSubmittedWorkDone().catch(() => {});
      }
      await nextTask();
      await Promise.race([before, lost]);
    },
    close() {
      if (tf.findBackend("webgpu") === backend) unregister();
      else backend.dispose();
      device.destroy();
    },
  };
}

function unregister(): void {
  if (tf.findBackendFactory("webgpu")) tf.removeBackend("webgpu");
}
