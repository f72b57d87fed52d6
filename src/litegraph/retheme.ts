/** Other colours for nodes and wires that are there already. */
import { definitionOf, type LGraph, type LiteGraphHost, nodesOf, placeholderTypeOf } from "./host";
import type { AnyGraph, AnyLiteGraph } from "./page";
import { recolourSlots, wireType } from "./slots";
import { setTheme, slotColours, type Theme, themeOf } from "./theme";

/** Our nodes, and wires that have our colours, look so from now on: those of `graph` at once. */
export function retheme(LiteGraph: AnyLiteGraph, theme: Theme, graph: AnyGraph): void {
  const host = LiteGraph as unknown as LiteGraphHost;
  const before = themeOf(host).sockets;
  setTheme(host, theme);
  const colours = host.LGraphCanvas?.link_type_colors;
  for (const [type, colour] of Object.entries(theme.sockets))
    if (colours && colours[wireType(type)] === before[type]) colours[wireType(type)] = colour;
  for (const node of nodesOf(graph as LGraph)) {
    const def = definitionOf(node);
    if (def) recolourSlots(node, themeOf(host), def);
    else if (placeholderTypeOf(node) !== undefined)
      for (const slot of [...(node.inputs ?? []), ...(node.outputs ?? [])])
        Object.assign(slot, slotColours(themeOf(host), slot.type as string | number));
  }
  graph.setDirtyCanvas(true, true);
}
