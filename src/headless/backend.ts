/** The WebAssembly backend under Node. */
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { startWasm as startShared, type Wasm } from "../engine/wasm";

export interface Backend extends Wasm {
  readonly name: "wasm";
  readonly simd: boolean;
}

/** Starts it. Its program is compiled by Emscripten, which takes every uncaught error for its own: those listeners are removed. */
export async function startWasm(): Promise<Backend> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as "uncaughtException")));
  tf.enableProdMode();
  const wasm = await startShared();
  if (!wasm) throw new Error("WebAssembly could not be started: update Node to 20.19 or later");
  for (const [i, event] of events.entries())
    for (const listener of process.listeners(event as "uncaughtException"))
      if (!before[i]!.has(listener)) process.off(event, listener);
  return { ...wasm, name: "wasm", simd: Boolean(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) };
}

/** A turn of the event loop: signals come in. */
export const checkpoint = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
