/** The way to an engine: to a worker of its own, or to one in the page. */
import * as Comlink from "comlink";
import type { CoreSettings } from "./options";
import type { Engine, EngineEvent } from "./protocol";

export type Listener = (event: EngineEvent) => void;

/** The engine where it runs, its events going to the one listener it was started with. */
export interface Link {
  readonly engine: Omit<Engine, "listen" | "close">;
  close(): void;
}

/** What a worker answers: see src/browser/worker.ts. */
export interface Remote extends Omit<Engine, "listen" | "close" | "cancel"> {
  open(lock?: string): Promise<boolean>;
  cancel(): void;
  start(settings: CoreSettings): Promise<void>;
}

/** A worker's message of an event. It comes the way that answers come: of two ports neither is in time for the other. */
export interface Told {
  readonly event: EngineEvent;
}

/** A worker that has been loaded. */
export interface OpenWorker {
  /** Starts the engine in it. `died` is called once if it ends by itself, fails outside any request, or says what cannot be read. */
  start(hear: Listener, died: () => void, settings: CoreSettings): Promise<Link>;
}

const newWorker = (url: string | undefined): Worker =>
  url === undefined
    ? new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "litegraph-sftgan" })
    : new Worker(url, { type: "module", name: "litegraph-sftgan" });

/**
 * Rejects where the worker cannot be loaded, as from another origin or under a strict Content-Security-Policy. Browsers do not
 * tell of every end of a worker, so it holds a lock for as long as it lives.
 */
export async function openWorker(url: string | undefined): Promise<OpenWorker> {
  const worker = newWorker(url);
  const remote = Comlink.wrap<Remote>(worker);
  const locks = (navigator as Partial<Navigator>).locks; // secure contexts only
  const lock = locks && `litegraph-sftgan ${crypto.randomUUID()}`; // there wherever locks are
  let isHeld: boolean;
  try {
    isHeld = await new Promise<boolean>((resolve, reject) => {
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error("the engine's worker could not be loaded"));
      };
      remote.open(lock).then(resolve, reject);
    });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  worker.onerror = null;
  return {
    async start(hear, died, settings) {
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
      for (const event of ["error", "messageerror"]) worker.addEventListener(event, fail);
      worker.addEventListener("message", ({ data }: MessageEvent<Partial<Told> | undefined>) => {
        if (data?.event && !life.signal.aborted) hear(data.event);
      });
      if (lock && isHeld) locks.request(lock, { signal: life.signal }, fail).catch(() => {}); // given once the worker is dead
      try {
        await remote.start(settings);
      } catch (error) {
        end();
        throw error;
      }
      return { engine: remote as unknown as Link["engine"], close: end };
    },
  };
}

/** The same engine, loaded into the page only where it is needed. */
export async function loadHere(hear: Listener, settings: CoreSettings): Promise<Link> {
  const { startCore } = await import("./start");
  const engine = await startCore(hear, settings);
  return { engine, close: () => void engine.close() };
}
