/** What one backend holds: an executor with its results, and the weights loaded for it. Replaced as a whole. */
import type { Host } from "../../nodes/sockets";
import { requireFinite } from "../engine/finite";
import { forecast } from "../engine/forecast";
import { createHost, type HostParts } from "../engine/host";
import type { Session as AnySession } from "../engine/runner";
import { Executor } from "../graph/executor";
import type { AnyNode } from "../graph/node";
import { assetsAt } from "./assets";
import { type Backend, startBackend } from "./backend";
import type { Kernels } from "./choices";
import { decode, encode } from "./codec";
import type { FileStore } from "./files";
import { gpuName, isSoftwareRenderer } from "./gpu-name";
import { gpuOf, KernelsOnWebGL, rendererOf } from "./kernels";
import type { KernelSetting } from "./protocol";
import { type KeptRates, openRates } from "./rates";
import { isGpuName, KernelsOnWebGPU, type OnWebGPU } from "./webgpu";

export interface SessionOptions {
  readonly backend?: Backend["name"];
  /** Default: "auto". */
  readonly kernels?: KernelSetting | undefined;
  /** Bytes of results to keep, and bytes a running node may use beside them. */
  readonly cacheBytes?: number;
  readonly budget?: number;
  readonly definitions: readonly AnyNode[];
  /** Where the files that ship with the package come from. */
  readonly asset?: HostParts["asset"];
  /** What the engine knows of WebGPU. */
  readonly webgpu: OnWebGPU;
  /** The folder they are in; absent: where the bundler has them. Ends in a slash. */
  readonly assetBase?: string;
}

export interface Session extends AnySession {
  readonly backend: Backend;
  readonly executor: Executor<Host>;
  readonly kernels: Kernels | undefined;
  /** The GPU's name, "no GPU" where WebGL is emulated; undefined where it is not known. */
  readonly gpu: string | undefined;
  /** Has weights that ship loaded, and what their networks run by compiled, beside what is done before they run. */
  foresee(shipped: string): void;
  /** The same ahead of any run, one program after another; stops where `turn` rejects. Rejects with an error. */
  ahead(shipped: string, turn: () => Promise<void>): Promise<void>;
  /** How fast it computes. */
  readonly pace: KeptRates;
  /** Bytes of tensors a running node may hold. */
  readonly budget: number;
}

/** `graphText` gives the JSON of the graph being run. Rejects with an error where no backend starts. */
export async function startSession(options: SessionOptions, files: FileStore, graphText: () => string): Promise<Session> {
  const assets = assetsAt(options.assetBase);
  const { webgpu, kernels: setting = "auto" } = options;
  const onWebGPU = await webgpu.wanted(options.backend, setting);
  const backend = await startBackend(onWebGPU ? "webgpu" : options.backend, assets.wasm);
  const { host, release } = createHost({
    definitions: options.definitions,
    decode,
    encode,
    asset: options.asset ?? assets.read,
    checkpoint: backend.checkpoint,
    graphText,
    file: (ref) => files.get(ref),
  });
  const kernels =
    backend.name === "webgpu"
      ? new KernelsOnWebGPU(onWebGPU!, backend.device!.adapterInfo, setting)
      : backend.gl && new KernelsOnWebGL(backend.gl, isGpuName(setting) ? "auto" : setting);
  void kernels?.open();
  const extended = {
    ...host,
    kernels,
    async shipped(name: string) {
      const model = await host.shipped(name);
      void kernels?.ready(model);
      return model;
    },
  };
  const budget = options.budget ?? 512 * 2 ** 20;
  const executor = new Executor<Host>({
    definitions: options.definitions,
    host: extended,
    check: requireFinite,
    forecast,
    cacheBytes: options.cacheBytes ?? 1024 * 2 ** 20,
    budget,
  });
  const device = [backend.name, ...(backend.gl ? [rendererOf(backend.gl)] : []), setting].join(", ");
  const renderer = backend.gl && gpuOf(backend.gl);
  const gpu = renderer && (isSoftwareRenderer(renderer) ? "no GPU" : gpuName(renderer));
  const pace = await openRates(device);
  const lost = new AbortController();
  let closed = false;
  void backend.lost.then((error) => {
    if (backend.name === "webgpu" && !closed) void webgpu.fail(error);
    lost.abort();
  });
  return {
    backend,
    executor,
    kernels,
    foresee: (name) => void extended.shipped(name).catch(() => {}), // the run says why
    async ahead(name, turn) {
      const model = await host.shipped(name);
      await turn();
      await kernels?.ahead(model, turn);
    },
    gpu,
    pace,
    budget,
    lost: lost.signal,
    isLost: backend.isLost,
    abandon() {
      backend.abandon();
      executor.discard();
      release();
      backend.close();
    },
    close() {
      closed = true;
      executor.clear();
      release();
      backend.close();
    },
  };
}
