/** Which tfjs backend a page gets: WebGPU if that is wanted, else WebGL, WebAssembly where there is no usable WebGL, the plain CPU where there is neither. */
import * as tf from "@tensorflow/tfjs-core";
import { startWasm as startShared, type Wasm } from "../engine/wasm";
import { nextTask } from "../next-task";
import { startWebGL } from "../webgl/backend";
import { pacer } from "../webgl/fences";
import { startWebGPU } from "../webgpu/backend";
import { assetsAt } from "./assets";

export interface Backend {
  readonly name: "webgpu" | "webgl" | "wasm" | "cpu";
  /** Of "webgl". */
  readonly gl?: WebGL2RenderingContext;
  /** Of "webgpu". */
  readonly device?: GPUDevice;
  /** Why it is not what was wanted, or no GPU, as a message. */
  readonly reason?: string;
  /** Waits for the GPU, if there is one, and lets messages in. */
  checkpoint(): Promise<void>;
  /** Resolves if the GPU is taken away, or fails: with an error where it could not do what it was asked for. */
  readonly lost: Promise<string | undefined>;
  isLost(): boolean;
  /** Gives a backend that has failed up: its tensors are to be disposed, then it is to be closed. */
  abandon(): void;
  close(): void;
}

const NEVER = new Promise<undefined>(() => {});

/** Starts the best backend there is, or the one asked for. `wasm` are the addresses of WebAssembly's files: see `Assets`. */
export async function startBackend(wanted?: Backend["name"], wasm = assetsAt().wasm): Promise<Backend> {
  const onGpu = wanted === undefined || wanted === "webgpu" || wanted === "webgl";
  let reason = onGpu ? undefined : `${wanted} was asked for`;
  if (wanted === "webgpu") {
    try {
      return { name: "webgpu", abandon: () => {}, ...(await startWebGPU()) };
    } catch (error) {
      reason = `no WebGPU: ${(error as Error).message}`;
    }
  }
  if (onGpu) {
    try {
      const { gl, lost, isLost, close } = await startWebGL();
      return { name: "webgl", gl, ...(reason && { reason }), checkpoint: pacer(gl), lost, isLost, close, abandon: () => {} };
    } catch (error) {
      reason = `${reason ? `${reason}; ` : ""}no WebGL: ${(error as Error).message}`;
    }
  }
  const others = { checkpoint: nextTask, lost: NEVER, isLost: () => false, close: () => {}, abandon: () => {} };
  if (wanted !== "cpu") {
    try {
      return { name: "wasm", reason, ...others, ...(await startWasm(wasm)) };
    } catch (error) {
      reason = `${reason}; no WebAssembly: ${(error as Error).message}`;
    }
  }
  await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
  return { name: "cpu", reason, ...others };
}

async function startWasm(files: Readonly<Record<string, string>>): Promise<Wasm> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(files);
  const wasm = await startShared();
  if (!wasm) throw new Error("its files could not be loaded");
  return wasm;
}
