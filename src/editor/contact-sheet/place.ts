/** Where the page finds what a contact sheet shows: the node's own outputs, and the photo it is given. */
import type { StoredGraph } from "../../graph/stored";
import { asRun } from "../../graph/wires";
import { paramEntries } from "../catalog";
import type { Definitions } from "../layers";

/** One picture the engine can draw. */
export interface Source {
  readonly node: string;
  readonly output: string;
}

export interface SheetPlace {
  readonly label: string;
  readonly sheet: Source;
  readonly regions: Source;
  /** What is connected to `picture`, if anything is. */
  readonly photo?: Source | undefined;
  /** Something is connected to `yours`. */
  readonly hasYours: boolean;
}

/** Undefined for a node that is no contact sheet. */
export function sheetPlaceOf(stored: StoredGraph, id: number, definitions: Definitions): SheetPlace | undefined {
  const graph = asRun(stored, definitions);
  const node = graph.nodes.find((node) => node.id === id);
  const definition = node && definitions(node.type);
  if (!node || !paramEntries(definition?.params ?? {}).some(([, { editor }]) => editor === "regions")) return undefined;
  const fed = (name: string): Source | undefined => {
    const index = (node.inputs ?? []).findIndex((slot) => slot.name === name);
    const link = graph.links.find(([, , , to, input]) => to === id && input === index);
    const origin = link && graph.nodes.find((other) => other.id === link[1]);
    const output = link && origin?.outputs?.[link[2]]?.name;
    return origin && output !== undefined ? { node: String(origin.id), output } : undefined;
  };
  return {
    label: node.title || definition?.title || node.type,
    sheet: { node: String(id), output: "sheet" },
    regions: { node: String(id), output: "regions" },
    photo: fed("picture"),
    hasYours: fed("yours") !== undefined,
  };
}
