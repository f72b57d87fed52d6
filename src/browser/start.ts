/** Makes the engine's core where it is to run, with the nodes of the page's modules among its own. */
import { definitions } from "../../nodes";
import { Core } from "./core";
import { importNodes } from "./node-modules";
import type { CoreSettings } from "./options";
import type { EngineEvent } from "./protocol";

/** Rejects with an error that names a module that cannot be used. `emit`: see `Core`. */
export async function startCore(emit: (event: EngineEvent) => void, { nodes, ...settings }: CoreSettings): Promise<Core> {
  const added = await importNodes(
    nodes,
    definitions.map(({ type }) => type),
  );
  return new Core(emit, { ...settings, definitions: [...definitions, ...added] });
}
