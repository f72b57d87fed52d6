/** The engine for a page: in a worker, so that the page never waits, or in the page itself where a worker has no WebGL. */
import * as Comlink from "comlink";
import type { Engine, EngineEvent } from "./protocol";

type Remote = Omit<Engine, "listen"> & { listen(listener: (event: EngineEvent) => void): void };

/** tfjs refuses OffscreenCanvas on Safari, and where there is none a worker has no WebGL. */
const workerHasWebGL = () => {
  if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined") return false;
  const safari = /^((?!chrome|android).)*safari/i.test(navigator.userAgent);
  return !safari && new OffscreenCanvas(1, 1).getContext("webgl2") !== null;
};

/** Starts an engine. It begins to load when it is first asked for something. */
export function createEngine({ inPage = !workerHasWebGL() }: { readonly inPage?: boolean } = {}): Engine {
  return inPage ? inThisPage() : inWorker();
}

function inWorker(): Engine {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "litegraph-sftgan" });
  const remote = Comlink.wrap<Remote>(worker);
  const listeners = new Set<(event: EngineEvent) => void>();
  void remote.listen(
    Comlink.proxy((event: EngineEvent) => {
      for (const listener of listeners) listener(event);
    }),
  );
  return {
    run: (graph, targets) => remote.run(graph, targets),
    encode: (graph, node) => remote.encode(graph, node),
    view: (request) => remote.view(request),
    addFile: (bytes, name) => remote.addFile(bytes, name),
    readFile: (ref) => remote.readFile(ref),
    cancel: () => void remote.cancel(),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => worker.terminate(),
  };
}

/** The same engine, loaded into the page only where it is needed. */
function inThisPage(): Engine {
  const core = import("./core").then(({ Core }) => new Core());
  return {
    run: async (...request) => (await core).run(...request),
    encode: async (...request) => (await core).encode(...request),
    view: async (request) => (await core).view(request),
    addFile: async (...file) => (await core).addFile(...file),
    readFile: async (ref) => (await core).readFile(ref),
    cancel: () => void core.then((engine) => engine.cancel()),
    listen: (listener) => {
      const stop = core.then((engine) => engine.listen(listener));
      return () => void stop.then((end) => end());
    },
    close: () => void core.then((engine) => engine.close()),
  };
}
