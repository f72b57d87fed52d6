/** Adds our nodes to a litegraph. */
import type { AnySchema, Param } from "../graph/node";
import { type Host, type LiteGraphModule, remember } from "./host";
import { nodeClass } from "./node";
import { wireType } from "./slots";
import { theme } from "./theme";

/**
 * Makes a node class of each definition and registers it under its type, such as "sftgan/load-lr". Nothing else of the page's
 * litegraph is changed but colours for our wires and file extensions for drops, where the page has set none. Call it once,
 * before graphs are loaded. Throws an error where `LiteGraph` is not litegraph.
 */
export function register(LiteGraph: LiteGraphModule, definitions: readonly AnySchema[]): void {
  const host = LiteGraph as Host;
  if (typeof host?.registerNodeType !== "function" || typeof host.LGraphNode !== "function")
    throw new Error("register takes the object LiteGraph that litegraph.js exports: pass that");
  for (const def of definitions) {
    const Class = nodeClass(host, def);
    host.registerNodeType(def.type, Class as never);
    for (const param of Object.values(def.params) as Param[]) claimExtensions(host, param, Class);
  }
  const colours = host.LGraphCanvas?.link_type_colors;
  for (const [type, colour] of Object.entries(theme.sockets))
    if (colours && !Object.hasOwn(colours, wireType(type))) colours[wireType(type)] = colour;
  remember({ host, definitions: new Map(definitions.map((def) => [def.type, def])) });
}

/** A file dropped on the empty canvas makes the first node that takes its kind; the page's own choices stay. */
function claimExtensions(host: Host, { kind, accept = "" }: Param, Class: unknown): void {
  if (kind !== "file") return;
  const byExtension = host.node_types_by_file_extension as unknown as Record<string, unknown>;
  for (const item of accept.split(",")) {
    const [, extension] = /^\s*(?:\.|image\/)([a-z0-9]+)\s*$/i.exec(item) ?? [];
    if (!extension) continue;
    for (const name of extension === "jpeg" ? ["jpeg", "jpg"] : [extension.toLowerCase()])
      if (!Object.hasOwn(byExtension, name)) byExtension[name] = Class;
  }
}
