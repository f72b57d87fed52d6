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
  async encode(...request: Parameters<Core["encode"]>) {
    const file = await core.encode(...request);
    return Comlink.transfer(file, [file.bytes.buffer as ArrayBuffer]);
  },
  async view(request: ViewRequest) {
    const view = await core.view(request);
    return view && Comlink.transfer(view, [view.bitmap]);
  },
  listen(listener: (event: EngineEvent) => void) {
    core.listen((event) => void listener(event));
  },
  close: core.close.bind(core),
});
