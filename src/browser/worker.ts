/** The worker's entry: the engine behind Comlink. */
import * as Comlink from "comlink";
import { Core } from "./core";
import type { EngineEvent, ViewRequest } from "./protocol";

const core = new Core();

Comlink.expose({
  run: core.run.bind(core),
  cancel: core.cancel.bind(core),
  addFile: core.addFile.bind(core),
  readFile: core.readFile.bind(core),
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
  /** Resolves with true once the worker holds `lock`, which it does until it ends; with false where it gets none. */
  async listen(listener: (event: EngineEvent) => void, lock?: string) {
    core.listen((event) => void listener(event.kind === "preview" ? Comlink.transfer(event, [event.view.bitmap]) : event));
    if (lock === undefined) return false;
    return new Promise<boolean>((resolve) => {
      const hold = () => {
        resolve(true);
        return new Promise<never>(() => {});
      };
      navigator.locks.request(lock, hold).catch(() => resolve(false));
    });
  },
  close: core.close.bind(core),
});
