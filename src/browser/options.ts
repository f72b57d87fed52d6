/** What a page may choose of an engine: checked, and as plain values that cross threads. */
import { type EngineStatus, KERNEL_SETTINGS, type KernelSetting } from "./protocol";

export interface EngineOptions {
  /**
   * What computes. Absent: WebGPU or WebGL, whichever was faster when it was tried; WebAssembly where there is neither, the plain
   * CPU where there is none of them.
   */
  readonly backend?: EngineStatus["backend"] | undefined;
  /** What runs the networks on the GPU. Absent: "auto". */
  readonly kernels?: KernelSetting | undefined;
  /** Bytes of results to keep. Absent: 1 GiB. */
  readonly cacheBytes?: number | undefined;
  /** Bytes that a running node may use beside them. Absent: 512 MiB. */
  readonly budget?: number | undefined;
  /** Addresses of modules of nodes: see `loadNodes`. Absent: those that the page has loaded. */
  readonly nodes?: readonly (string | URL)[] | undefined;
  /**
   * The worker's script, of the page's own origin: the package's dist/worker.js, or a file that does nothing but import it from
   * elsewhere. Absent: where the page's bundler, or server, has it.
   */
  readonly workerUrl?: string | URL | undefined;
  /** The folder that holds weights, wasm and sample, as the package's dist does. Absent: where the page's bundler has them. */
  readonly assetBase?: string | URL | undefined;
  /** Computes in the page, which stands still meanwhile. Absent: only where a worker has no WebGL, and the page has. */
  readonly inPage?: boolean | undefined;
  /** Begins to load at once, so that its status is known and the first run waits less; not when it is first asked for something. */
  readonly preload?: boolean | undefined;
}

/** The options of what computes, in whatever thread. */
export interface CoreSettings {
  readonly backend?: EngineStatus["backend"];
  readonly kernels?: KernelSetting;
  readonly cacheBytes?: number;
  readonly budget?: number;
  readonly nodes: readonly string[];
  /** Ends in a slash. */
  readonly assetBase?: string;
}

const BACKENDS: readonly unknown[] = ["webgpu", "webgl", "wasm", "cpu"];

/** An address as the page sees it. Throws an error that names the option. */
export function addressOf(url: string | URL, option: string): string {
  try {
    return new URL(url, typeof document === "undefined" ? undefined : document.baseURI).href;
  } catch {
    throw new Error(`${option} is ${JSON.stringify(url)}: it must be an address, such as "/sftgan/"`);
  }
}

/** Throws an error that names an option, its value and what it may be. */
export function settingsOf({ backend, kernels, cacheBytes, budget, nodes = [], assetBase }: EngineOptions): CoreSettings {
  if (backend !== undefined && !BACKENDS.includes(backend))
    throw new Error(`backend is ${JSON.stringify(backend)}: it must be one of ${BACKENDS.join(", ")}`);
  if (kernels !== undefined && !KERNEL_SETTINGS.includes(kernels))
    throw new Error(`kernels is ${JSON.stringify(kernels)}: it must be one of ${KERNEL_SETTINGS.join(", ")}`);
  for (const [option, bytes] of Object.entries({ cacheBytes, budget }))
    if (bytes !== undefined && !(Number.isFinite(bytes) && bytes > 0))
      throw new Error(`${option} is ${bytes}: it must be a number of bytes above 0`);
  const base = assetBase === undefined ? undefined : addressOf(assetBase, "assetBase");
  return {
    ...(backend !== undefined && { backend }),
    ...(kernels !== undefined && { kernels }),
    ...(cacheBytes !== undefined && { cacheBytes }),
    ...(budget !== undefined && { budget }),
    nodes: nodes.map((url) => addressOf(url, "a module in nodes")),
    ...(base !== undefined && { assetBase: base.endsWith("/") ? base : `${base}/` }),
  };
}
