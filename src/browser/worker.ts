/** The worker's entry: the engine behind Comlink. */
import * as Comlink from "comlink";
import type { Core } from "./core";
import type { Remote, Told } from "./link";
import type { CoreSettings } from "./options";
import type { EngineEvent, SampleRequest, ViewRequest } from "./protocol";
import { startCore } from "./start";

let core: Core;

/** The bitmaps that an event hands over. */
function bitmapsOf(event: EngineEvent): ImageBitmap[] {
  if (event.kind === "preview") return [event.view.bitmap];
  return event.kind === "finished" || event.kind === "cached" || event.kind === "kept"
    ? (event.views ?? []).map(({ view }) => view.bitmap)
    : [];
}

Comlink.expose({
  /**
   * To be called first. Resolves with true once the worker holds `lock`, which it does until it ends; with false where it gets
   * none.
   */
  async open(lock?: string) {
    if (lock === undefined) return false;
    return new Promise<boolean>((resolve) => {
      const hold = () => {
        resolve(true);
        return new Promise<never>(() => {});
      };
      navigator.locks.request(lock, hold).catch(() => resolve(false));
    });
  },
  /** To be called second, and once. Rejects with an error that names a module of nodes that cannot be used. */
  async start(settings: CoreSettings) {
    core = await startCore((event) => postMessage({ event } satisfies Told, { transfer: bitmapsOf(event) }), settings);
  },
  addNodes: (urls: readonly string[]) => core.addNodes(urls),
  nodes: () => core.nodes(),
  run: (...request: Parameters<Core["run"]>) => core.run(...request),
  forecast: (...request: Parameters<Core["forecast"]>) => core.forecast(...request),
  sample: (request: SampleRequest) => core.sample(request),
  cancel: () => core.cancel(),
  addFile: (...request: Parameters<Core["addFile"]>) => core.addFile(...request),
  readFile: (...request: Parameters<Core["readFile"]>) => core.readFile(...request),
  async exportOnnx(...request: Parameters<Core["exportOnnx"]>) {
    const bytes = await core.exportOnnx(...request);
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
  },
  async encode(...request: Parameters<Core["encode"]>) {
    const file = await core.encode(...request);
    return Comlink.transfer(file, [file.bytes.buffer as ArrayBuffer]);
  },
  async view(request: ViewRequest) {
    const view = await core.view(request);
    return view && Comlink.transfer(view, [view.bitmap]);
  },
} satisfies Remote);
