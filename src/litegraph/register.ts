/** Adds our nodes to a litegraph, and takes them away again. */
import type { AnySchema, Param } from "../graph/node";
import { forget, graphsLoaded, type LiteGraphHost, nodesOf, placeholderTypeOf, remember } from "./host";
import { nodeClass } from "./node";
import { setOverrides } from "./overrides";
import type { AnyLiteGraph, Overrides } from "./page";
import { wireType } from "./slots";
import { load, save } from "./storage";
import { defaultTheme, setTheme, type Theme } from "./theme";

export interface RegisterOptions extends Overrides {
  /** How our nodes look, where that is not `defaultTheme`. */
  readonly theme?: Partial<Theme>;
}

const SUPPORTED = "litegraph.js 0.7, or @comfyorg/litegraph 0.17";

/**
 * Makes a node class of each definition and registers it under its type, such as "sftgan/load-lr". Nothing else of the page's
 * litegraph is changed but colours for our wires and file extensions for drops, where the page has set none. Call it before
 * graphs are loaded. A further call takes the place of the one before; it makes real nodes of the placeholders of types that were
 * not known. Throws an error where `LiteGraph` is not litegraph.
 */
export function register(LiteGraph: AnyLiteGraph, definitions: readonly AnySchema[], options: RegisterOptions = {}): void {
  const host = LiteGraph as unknown as LiteGraphHost;
  const members = [host?.LGraphNode, host?.LGraph, host?.registerNodeType];
  if (!members.every((member) => typeof member === "function"))
    throw new Error(
      `register takes the object LiteGraph that ${SUPPORTED} exports, with LGraph and LGraphNode in it: pass that; other libraries, such as @litegraph-ts/core, differ too much`,
    );
  unregister(LiteGraph);
  const theme = { ...defaultTheme, ...options.theme, sockets: { ...defaultTheme.sockets, ...options.theme?.sockets } };
  setTheme(host, theme);
  setOverrides(host, options);
  const undo: (() => void)[] = [];
  for (const def of definitions) {
    const Class = nodeClass(host, def);
    removeType(host, def.type);
    host.registerNodeType(def.type, Class as never);
    undo.push(() => removeType(host, def.type));
    for (const param of Object.values(def.params) as Param[]) claimExtensions(host, param, Class, undo);
  }
  const colours = host.LGraphCanvas?.link_type_colors;
  for (const [type, colour] of Object.entries(theme.sockets)) if (colours) claim(colours, wireType(type), colour, undo);
  remember({ host, definitions: new Map(definitions.map((def) => [def.type, def])), undo });
  for (const graph of graphsLoaded(host)) {
    const isKnown = (type: string | undefined) => type !== undefined && definitions.some((def) => def.type === type);
    if (nodesOf(graph).some((node) => isKnown(placeholderTypeOf(node)))) load(graph, save(graph));
  }
}

/**
 * Takes away what `register` added. Detach its graphs before: nodes that are in graphs stay there, and nothing runs them any
 * more. Does nothing where nothing is registered.
 */
export function unregister(LiteGraph: AnyLiteGraph): void {
  for (const step of forget(LiteGraph as unknown as LiteGraphHost)?.undo ?? []) step();
}

function removeType(host: LiteGraphHost, type: string): void {
  if (Object.hasOwn(host.registered_node_types, type)) host.unregisterNodeType(type);
}

/** A file dropped on the empty canvas makes the first node that takes its kind; the page's own choices stay. */
function claimExtensions(host: LiteGraphHost, { kind, accept = "" }: Param, Class: unknown, undo: (() => void)[]): void {
  if (kind !== "file") return;
  const byExtension = host.node_types_by_file_extension as unknown as Record<string, unknown>;
  for (const item of accept.split(",")) {
    const [, extension] = /^\s*(?:\.|image\/)([a-z0-9]+)\s*$/i.exec(item) ?? [];
    if (!extension) continue;
    for (const name of extension === "jpeg" ? ["jpeg", "jpg"] : [extension.toLowerCase()]) claim(byExtension, name, Class, undo);
  }
}

/** Sets what nobody has set. */
function claim(all: Record<string, unknown>, name: string, value: unknown, undo: (() => void)[]): void {
  if (Object.hasOwn(all, name)) return;
  all[name] = value;
  undo.push(() => void (all[name] === value && delete all[name]));
}
