/** The engine for a page: in a worker, so that the page never waits, or in the page itself where only that has WebGL. */
import { unlessAborted } from "../abort";
import type { EncodedFile } from "../plain-types";
import { type Link, type Listener, loadHere, openWorker } from "./link";
import { addressOf, type EngineOptions, settingsOf } from "./options";
import { CANCELLED, DISPOSE, type Engine, type EngineEvent, type RunReport, SAVING_CANCELLED } from "./protocol";

const CLOSED = "the engine is closed: create another one";
const DIED = "the engine has stopped, perhaps for want of memory: run again, with a smaller picture if it stops again";
const NO_WORKER =
  "The engine's worker could not be loaded, so it computes in the page, which stands still at times: let the page's server and Content-Security-Policy allow workers of its own, or name its script by workerUrl.";

/**
 * An engine. It begins to load when it is first asked for something; to be listened to is nothing that it loads for. Throws an
 * error for an option that cannot be; what is wrong with a module of nodes is said by every request.
 */
export function createEngine(options: EngineOptions = {}): Engine & Disposable {
  let settings = settingsOf(options);
  const workerUrl = options.workerUrl === undefined ? undefined : addressOf(options.workerUrl, "workerUrl");
  const inPage = options.inPage ?? belongsInPage();
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
    const worker = inPage ? undefined : await openWorker(workerUrl).catch(() => hear({ kind: "notice", message: NO_WORKER }));
    return worker ? worker.start(hear, died, settings) : loadHere(hear, settings);
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
  if (options.preload) linked().catch(({ message }: Error) => hear({ kind: "notice", message }));

  const close = (): void => {
    closed = true;
    listeners.clear();
    for (const { close } of pending) close();
    pending.clear();
    void link?.then(
      (loaded) => loaded.close(),
      () => {},
    );
  };

  return {
    close,
    [DISPOSE]: close,
    run: (...args) =>
      ask(
        (engine) => engine.run(...args),
        refuse as () => RunReport,
        () => CANCELLED,
        () => CANCELLED,
      ),
    forecast: (...args) =>
      ask(
        (engine) => engine.forecast(...args),
        refuse as () => undefined,
        () => undefined,
        () => undefined,
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
    sample: (request) =>
      ask(
        (engine) => engine.sample(request),
        () => undefined,
      ),
    addFile: (...file) => ask((engine) => engine.addFile(...file), refuse),
    readFile: (ref) =>
      ask(
        (engine) => engine.readFile(ref),
        () => undefined,
      ),
    async addNodes(urls) {
      const more = urls.filter((url) => !settings.nodes.includes(url));
      if (more.length > 0) await ask((engine) => engine.addNodes(more), refuse);
      settings = { ...settings, nodes: [...settings.nodes, ...more] };
    },
    nodes: () => ask((engine) => engine.nodes(), refuse),
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

/** What a listener throws is its own fault and no run's. */
function tell(listener: Listener, event: EngineEvent): void {
  try {
    listener(event);
  } catch (error) {
    reportError(error);
  }
}
