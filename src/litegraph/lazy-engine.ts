/** The package's own engine, loaded when it is first asked for something. */
import type { Engine, EngineEvent } from "../browser/protocol";

export function lazyEngine(create: () => Promise<Engine>): Engine {
  const listeners = new Set<(event: EngineEvent) => void>();
  let loaded: Engine | undefined;
  let closed = false;
  let loading: Promise<Engine> | undefined;
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
    run: async (...args) => (await engine()).run(...args),
    cancel: () => loaded?.cancel(),
    encode: async (...args) => (await engine()).encode(...args),
    view: async (...args) => (await engine()).view(...args),
    addFile: async (...args) => (await engine()).addFile(...args),
    readFile: async (...args) => (await engine()).readFile(...args),
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
