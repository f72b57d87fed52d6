/** tfjs's WebAssembly backend, of which another one can be started when its memory, which only ever grows, has failed it. */
import * as tf from "@tensorflow/tfjs-core";

export interface Wasm {
  /**
   * Gives the backend up without calling it again; the next start makes a new one. Tensors it holds are lost, and are to be
   * disposed like any others.
   */
  abandon(): void;
}

/** Makes "wasm" tfjs's backend: the one that is there, or a new one. Undefined where it cannot be started. */
export async function startWasm(): Promise<Wasm | undefined> {
  if (!(await tf.setBackend("wasm"))) return undefined;
  const backend = tf.backend() as tf.KernelBackend;
  const free = backend.disposeData.bind(backend);
  let gone = false;
  // What frees memory must not throw, or tf.tidy ends half-way: a program that has aborted throws at every call.
  backend.disposeData = (id, force) => {
    if (gone) return true;
    try {
      return free(id, force);
    } catch {
      gone = true;
      return true;
    }
  };
  return {
    abandon() {
      gone = true;
      backend.dispose = () => {};
      if (tf.findBackend("wasm") !== backend) return;
      const factory = tf.findBackendFactory("wasm")!;
      tf.removeBackend("wasm");
      tf.registerBackend("wasm", factory);
    },
  };
}
