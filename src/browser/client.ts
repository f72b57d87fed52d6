/** The engine for a page: in a worker, so that the page never waits, or in the page itself where only that has WebGL. */
import * as Comlink from "comlink";
import type { Engine, EngineEvent, RunReport } from "./protocol";

type Listener = (event: EngineEvent) => void;
/** The engine where it runs, its events going to the one listener it was started with. */
type Link = Omit<Engine, "listen">;

const CANCELLED: RunReport = { cancelled: true, errors: {}, values: {} };
const CLOSED = "the engine is closed: create another one";

/** Starts an engine. It begins to load when it is first asked for something. */
export function createEngine({ inPage = belongsInPage() }: { readonly inPage?: boolean } = {}): Engine {
  const listeners = new Set<Listener>();
  let status: EngineEvent | undefined;
  let link: Promise<Link> | undefined;
  let closed = false;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });

  const hear: Listener = (event) => {
    if (event.kind === "status") status = event;
    for (const listener of [...listeners]) tell(listener, event);
  };
  const linked = (): Promise<Link> => {
    link ??= inPage ? loadHere(hear) : startWorker(hear).catch(() => loadHere(hear));
    link.catch(() => {
      link = undefined; // so that the next request tries again
    });
    return link;
  };
  /** What the engine answers, or what is said once it is closed: a worker that has ended answers nothing. */
  const ask = async <T>(request: (link: Link) => Promise<T>, whenClosed: () => T, underWay = whenClosed): Promise<T> => {
    if (closed) return whenClosed();
    return Promise.race([linked().then(request), ended.then(underWay)]);
  };
  const refuse = (): never => {
    throw new Error(CLOSED);
  };

  return {
    run: (graph, targets) =>
      ask(
        (engine) => engine.run(graph, targets),
        refuse as () => RunReport,
        () => CANCELLED,
      ),
    encode: (graph, node) => ask((engine) => engine.encode(graph, node), refuse),
    view: (request) =>
      ask(
        (engine) => engine.view(request),
        () => undefined,
      ),
    addFile: (...file) => ask((engine) => engine.addFile(...file), refuse),
    readFile: (ref) =>
      ask(
        (engine) => engine.readFile(ref),
        () => undefined,
      ),
    cancel() {
      void link?.then(
        (engine) => engine.cancel(),
        () => {},
      );
    },
    listen(listener) {
      if (closed) return () => {};
      listeners.add(listener);
      if (status) {
        const known = status;
        queueMicrotask(() => listeners.has(listener) && tell(listener, known));
      }
      linked().catch((error: Error) => tell(listener, { kind: "notice", message: error.message }));
      return () => void listeners.delete(listener);
    },
    close() {
      closed = true;
      listeners.clear();
      end();
      void link?.then(
        (engine) => engine.close(),
        () => {},
      );
    },
  };
}

/** tfjs uses no OffscreenCanvas on Safari; where there is none a worker has no WebGL. Without any WebGL a worker is better. */
function belongsInPage(): boolean {
  if (typeof Worker === "undefined") return true;
  const safari = /^((?!chrome|android).)*safari/i.test(navigator.userAgent);
  if (typeof OffscreenCanvas !== "undefined" && !safari) return false;
  const gl = document.createElement("canvas").getContext("webgl2");
  gl?.getExtension("WEBGL_lose_context")?.loseContext(); // pages may have few contexts
  return gl !== null;
}

/** Rejects where the worker cannot be loaded, as from another origin or under a strict Content-Security-Policy. */
async function startWorker(hear: Listener): Promise<Link> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "litegraph-sftgan" });
  const remote = Comlink.wrap<Link & { listen(listener: Listener): void }>(worker);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error("the engine's worker could not be loaded"));
      };
      remote.listen(Comlink.proxy(hear)).then(resolve, reject);
    });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  worker.onerror = null;
  return {
    run: (graph, targets) => remote.run(graph, targets),
    encode: (graph, node) => remote.encode(graph, node),
    view: (request) => remote.view(request),
    addFile: (...file) => remote.addFile(...file),
    readFile: (ref) => remote.readFile(ref),
    cancel: () => void remote.cancel(),
    close: () => worker.terminate(),
  };
}

/** The same engine, loaded into the page only where it is needed. */
async function loadHere(hear: Listener): Promise<Link> {
  const { Core } = await import("./core");
  const core = new Core();
  core.listen(hear);
  return core;
}

/** What a listener throws is its own fault and no run's. */
function tell(listener: Listener, event: EngineEvent): void {
  try {
    listener(event);
  } catch (error) {
    reportError(error);
  }
}
