/** Where the files that ship with the package are, for a browser. */
import wasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import wasmSimd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import wasmThreaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import firstVisit from "../../graphs/sample/first-visit.json?url";
import { SHIPPED_WEIGHTS } from "../samples";
import type { ShippedResults } from "./kept-results";
import { PICTURES } from "./sample-pictures";

const WEIGHTS = import.meta.glob<string>("../../weights/*.safetensors", { query: "?url", import: "default", eager: true });

const URLS: Readonly<Record<string, string>> = {
  ...PICTURES,
  ...Object.fromEntries(SHIPPED_WEIGHTS.map((name) => [name, WEIGHTS[name.replace("weights:", "../../weights/")]!])),
};

const WASM = {
  "tfjs-backend-wasm.wasm": wasm,
  "tfjs-backend-wasm-simd.wasm": wasmSimd,
  "tfjs-backend-wasm-threaded-simd.wasm": wasmThreaded,
};

export interface Assets {
  /** The bytes of a shipped file. Throws an error for a name that does not ship, or where it cannot be fetched. */
  read(name: string): Promise<Uint8Array>;
  /** Results that ship: see scripts/first-visit.mjs. Throws an error where they cannot be fetched. */
  results(): Promise<ShippedResults>;
  /** Changes with the weights, where they are named by content. */
  readonly edition: string;
  /** For tfjs's `setWasmPaths`. */
  readonly wasm: Readonly<Record<string, string>>;
}

/** The shipped files in a folder as the package's dist is, whose address ends in a slash; absent: where the bundler has them. */
export function assetsAt(base?: string): Assets {
  const placed = (url: string, path: string) => (base === undefined ? url : base + path);
  return {
    async read(name) {
      const url = Object.hasOwn(URLS, name) ? URLS[name] : undefined;
      if (url === undefined)
        throw new Error(`no file "${name}" ships with the package: choose one of ${Object.keys(URLS).join(", ")}`);
      return fetched(name, placed(url, name.replace(":", "/")));
    },
    async results() {
      const bytes = await fetched("first-visit.json", placed(firstVisit, "sample/first-visit.json"));
      return JSON.parse(new TextDecoder().decode(bytes)) as ShippedResults;
    },
    edition: Object.values(WEIGHTS)
      .map((url) => url.split("/").at(-1))
      .join(" "),
    wasm: Object.fromEntries(Object.entries(WASM).map(([file, url]) => [file, placed(url, `wasm/${file}`)])),
  };
}

/** Servers of single pages answer with the page for whatever they do not have. */
async function fetched(name: string, url: string): Promise<Uint8Array> {
  const missing = (why: unknown) =>
    new Error(
      `"${name}", which ships with the package, could not be fetched from ${url} (${why}): serve the package's folder dist, and name it by assetBase where the page's bundler has left its files behind`,
    );
  const response = await fetch(url).catch((error: Error) => {
    throw missing(error.message);
  });
  if (!response.ok) throw missing(response.status);
  if (/^text\/html\b/i.test(response.headers.get("content-type") ?? "")) throw missing("a web page came in its place");
  return new Uint8Array(await response.arrayBuffer());
}
