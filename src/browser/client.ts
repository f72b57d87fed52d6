/** The engine for a page: in a worker, so that the page never waits, or in the page itself where only that has WebGL. */
import * as Comlink from "comlink";
import { unlessAborted } from "../engine/abort";
import type { EncodedFile } from "../types";
import { CANCELLED, type Engine, type EngineEvent, type RunReport, SAVING_CANCELLED } from "./protocol";

type Listener = (event: EngineEvent) => void;
/** The engine where it runs, its events going to the one listener it was started with. */
interface Link {
  readonly engine: Omit<Engine, "listen" | "close">;
  close(): void;
}

const CLOSED = "the engine is closed: create another one";
const DIED = "the engine has stopped, perhaps for want of memory: run again, with a smaller picture if it stops again";
const NO_WORKER =
  "The engine's worker could not be loaded, so it computes in the page, which stands still at times: let the page's server and Content-Security-Policy allow workers of its own.";

export interface EngineOptions {
  /** Computes in the page, not in a worker; where that is left open, only if a worker has no WebGL and the page has. */
  readonly inPage?: boolean;
  /**
   * Begins to load at once, so that its status is known and the first run waits less; not when it is first asked for something.
   */
  readonly preload?: boolean;
}

export function createEngine({ inPage = belongsInPage(), preload = false }: EngineOptions = {}): Engine {
  const listeners = new Set<Listener>();
  let status: EngineEvent | undefined;
  let link: Promise<Link> | undefined;
  let closed = false;
  /** Aborted, and replaced, by `cancel`: what was asked for and waits for the engine to load is not done then. */
  let loading = new AbortController();
  /** How each request under way ends when no answer can come any more. */
  const pending = new Set<{ readonly close: () => void; readonly fail: (error: Error) => void }>();

  const hear: Listener = (event) => {
    if (event.kind === "status") status = event;
    for (const listener of [...listeners]) tell(listener, event);
  };
  /** A worker that has ended answers nothing: requests under way fail, the next one starts another. */
  const died = (): void => {
    link = undefined;
    for (const { fail } of pending) fail(new Error(DIED));
    pending.clear();
    if (status?.kind === "status") hear({ ...status, tensors: 0, bytes: 0, busy: false });
    status = undefined;
    hear({ kind: "notice", message: DIED });
  };
  const load = async (): Promise<Link> => {
    if (inPage) return loadHere(hear);
    try {
      return await startWorker(hear, died);
    } catch {
      hear({ kind: "notice", message: NO_WORKER });
      return loadHere(hear);
    }
  };
  const linked = (): Promise<Link> => {
    link ??= load();
    link.catch(() => {
      link = undefined; // so that the next request tries again
    });
    return link;
  };
  /** What the engine answers, or what is said once it is closed, or cancelled before it is loaded. */
  const ask = async <T>(
    request: (engine: Link["engine"]) => Promise<T>,
    whenClosed: () => T,
    underWay = whenClosed,
    whenCancelled?: () => T,
  ): Promise<T> => {
    if (closed) return whenClosed();
    return new Promise<T>((resolve, reject) => {
      const ends = { close: () => resolve(Promise.resolve().then(underWay)), fail: reject };
      pending.add(ends);
      const { signal } = loading;
      const answered = async (): Promise<T> => {
        if (!whenCancelled) return request((await linked()).engine);
        const loaded = await unlessAborted(linked(), signal);
        return loaded && !signal.aborted ? request(loaded.engine) : whenCancelled();
      };
      answered()
        .then(resolve, reject)
        .finally(() => pending.delete(ends));
    });
  };
  const refuse = (): never => {
    throw new Error(CLOSED);
  };
  if (preload) linked().catch(({ message }: Error) => hear({ kind: "notice", message }));

  return {
    run: (...args) =>
      ask(
        (engine) => engine.run(...args),
        refuse as () => RunReport,
        () => CANCELLED,
        () => CANCELLED,
      ),
    encode: (...args) =>
      ask(
        (engine) => engine.encode(...args),
        refuse as () => EncodedFile,
        refuse,
        () => {
          throw new Error(SAVING_CANCELLED);
        },
      ),
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
    exportOnnx: (ref) => ask((engine) => engine.exportOnnx(ref), refuse),
    cancel() {
      loading.abort();
      loading = new AbortController();
      void link?.then(
        ({ engine }) => engine.cancel(),
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
      return () => void listeners.delete(listener);
    },
    close() {
      closed = true;
      listeners.clear();
      for (const { close } of pending) close();
      pending.clear();
      void link?.then(
        (loaded) => loaded.close(),
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

/**
 * Rejects where the worker cannot be loaded, as from another origin or under a strict Content-Security-Policy. `died` is called
 * once if it ends by itself, fails outside any request, or says what cannot be read. Browsers do not tell of every such end,
 * so the worker holds a lock for as long as it lives.
 */
async function startWorker(hear: Listener, died: () => void): Promise<Link> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "litegraph-sftgan" });
  const remote = Comlink.wrap<Link["engine"] & { start(listener: Listener, lock?: string): boolean }>(worker);
  const locks = (navigator as Partial<Navigator>).locks; // secure contexts only
  const lock = locks && `litegraph-sftgan ${crypto.randomUUID()}`; // there wherever locks are
  let isHeld: boolean;
  try {
    isHeld = await new Promise<boolean>((resolve, reject) => {
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error("the engine's worker could not be loaded"));
      };
      remote.start(Comlink.proxy(hear), lock).then(resolve, reject);
    });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  const life = new AbortController();
  const end = () => {
    life.abort();
    worker.terminate();
  };
  const fail = () => {
    if (life.signal.aborted) return;
    end();
    died();
  };
  worker.onerror = null;
  for (const event of ["error", "messageerror"]) worker.addEventListener(event, fail);
  if (lock && isHeld) locks.request(lock, { signal: life.signal }, fail).catch(() => {}); // given once the worker is dead
  return { engine: remote as unknown as Link["engine"], close: end };
}

/** The same engine, loaded into the page only where it is needed. */
async function loadHere(hear: Listener): Promise<Link> {
  const { Core } = await import("./core");
  const engine = new Core(hear);
  return { engine, close: () => void engine.close() };
}

/** What a listener throws is its own fault and no run's. */
function tell(listener: Listener, event: EngineEvent): void {
  try {
    listener(event);
  } catch (error) {
    reportError(error);
  }
}
