/** The package's own engine, loaded when it is first asked for something. */
import { Loading } from "../browser/loading";
import { CANCELLED, type Engine, type EngineEvent, SAVING_CANCELLED } from "../browser/protocol";

export function lazyEngine(create: () => Promise<Engine>): Engine {
  const listeners = new Set<(event: EngineEvent) => void>();
  let loaded: Engine | undefined;
  let closed = false;
  let loading: Promise<Engine> | undefined;
  const requests = new Loading();
  const engine = (): Promise<Engine> => {
    if (closed) return Promise.reject(new Error("the engine has been closed: attach the graph again"));
    loading ??= create().then((made) => {
      loaded = made;
      made.listen((event) => {
        for (const listener of [...listeners]) listener(event);
      });
      if (closed) made.close();
      return made;
    });
    return loading;
  };
  return {
    run: async (...args) => (await requests.orCancelled(engine()))?.run(...args) ?? CANCELLED,
    cancel() {
      requests.cancel();
      loaded?.cancel();
    },
    async encode(...args) {
      const made = await requests.orCancelled(engine());
      if (!made) throw new Error(SAVING_CANCELLED);
      return made.encode(...args);
    },
    view: async (...args) => (await engine()).view(...args),
    addFile: async (...args) => (await engine()).addFile(...args),
    readFile: async (...args) => (await engine()).readFile(...args),
    exportOnnx: async (...args) => (await engine()).exportOnnx(...args),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      closed = true;
      loaded?.close();
    },
  };
}
