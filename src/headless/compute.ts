/** What networks are computed on: the options `--device`, `--threads` and `--memory`, which every command that computes has. */
import { availableParallelism, totalmem } from "node:os";
import { EngineError, UsageError } from "./failure";
import { NativeRuntime } from "./native/runtime";
import { printNote } from "./terminal";
import { numberOf, type Options } from "./usage";

export interface Compute {
  /** Absent: the processor by onnxruntime, or WebAssembly where that is not there. */
  readonly device?: string;
  readonly threads: number;
  /** Bytes. */
  readonly memory: number;
}

const DEVICES = ["cpu", "webgpu", "cuda", "dml", "coreml", "wasm"] as const;

const GIGABYTE = 2 ** 30;
/** The least that a tile of the largest network and its weights find room in. */
const LEAST_GIGABYTES = 0.5;

export const COMPUTE_OPTIONS = {
  device: { value: "NAME", help: `${DEVICES.join(", ")}; cpu where nothing is given, wasm where that is not there` },
  threads: { value: "N", help: "threads on the processor; all of its cores where nothing is given" },
  memory: { value: "GB", help: "what computing may take; half of what the machine has where nothing is given" },
} as const satisfies Options;

const defaults = (): Compute => ({ threads: availableParallelism(), memory: totalmem() / 2 });

/** The options' values, checked. Throws UsageError. */
export function computeOf(
  values: { readonly device?: string; readonly threads?: string; readonly memory?: string } = {},
): Compute {
  const { device, threads, memory } = values;
  const { threads: all, memory: half } = defaults();
  if (device !== undefined && !(DEVICES as readonly string[]).includes(device))
    throw new UsageError(`--device is "${device}": it must be one of ${DEVICES.join(", ")}`);
  const count = threads === undefined ? all : numberOf("threads", threads, 1, 1024);
  const gigabytes = memory === undefined ? half / GIGABYTE : Number(memory);
  if (!(memory?.trim() !== "" && gigabytes >= (memory === undefined ? 0 : LEAST_GIGABYTES) && gigabytes <= 4096))
    throw new UsageError(`--memory is "${memory}": it must be a number of gigabytes from ${LEAST_GIGABYTES} to 4096`);
  return { ...(device !== undefined && { device }), threads: count, memory: gigabytes * GIGABYTE };
}

let said = false;

/** What is being started: the runtime, which can be prepared, and what it is found to be. */
export interface Starting {
  readonly runtime: NativeRuntime | undefined;
  /**
   * Undefined for WebAssembly: asked for, or all there is, which is said once. Rejects where a device is asked for that is not
   * there.
   */
  readonly ready: Promise<NativeRuntime | undefined>;
}

export function startRuntime(compute: Compute): Starting {
  const { device = "cpu", threads, memory } = compute;
  if (device === "wasm") return { runtime: undefined, ready: Promise.resolve(undefined) };
  const runtime = new NativeRuntime({ device, threads, memory });
  const ready = found(runtime, compute);
  ready.catch(() => {}); // whoever waits for it says so
  return { runtime, ready };
}

async function found(runtime: NativeRuntime, { device }: Compute): Promise<NativeRuntime | undefined> {
  const hello = await runtime.hello;
  if ("devices" in hello) {
    if (device === undefined || hello.devices.includes(device)) {
      await runtime.requireDevice().catch((error: Error) => {
        runtime.close();
        throw new EngineError(error.message, { cause: error });
      });
      return runtime;
    }
    const there = [...hello.devices, "wasm"].filter((name) => (DEVICES as readonly string[]).includes(name));
    runtime.close();
    throw new EngineError(`--device ${device} is not there: this machine's onnxruntime has ${there.join(", ")}`);
  }
  if (device !== undefined)
    throw new EngineError(`--device ${device} is not there, as onnxruntime is not (${hello.missing}): give --device wasm`);
  if (!said) printNote(`onnxruntime is not there (${hello.missing}): computing on WebAssembly, which takes many times as long`);
  said = true;
  return undefined;
}
