/** Where a picture goes into a graph, and where its result comes out. */
import loadLr from "../../nodes/load-lr";
import save from "../../nodes/save";
import { isOff } from "../graph/modes";
import { type GraphNode, parseGraph } from "../graph/parse";
import type { StoredGraph } from "../graph/stored";
import { order } from "../graph/traverse";
import { label } from "./address";
import { definitions } from "./catalog";

/** Ids of nodes. */
export interface Ends {
  /** The Load LR that is given the picture. */
  readonly picture: string;
  readonly save: string;
}

/**
 * The one Save, and of the Load LR nodes that its result is made from the one there is, or the one that has kept its title.
 * Throws an error where there is no such node, or more than one.
 */
export function endsOf(stored: StoredGraph): Ends {
  const graph = parseGraph(stored, definitions());
  const runs = [...graph.values()].filter(({ mode }) => !isOff(mode));
  const saves = runs.filter(({ type }) => type === save.type);
  if (saves.length !== 1)
    throw new Error(`it has ${counted(saves, "Save")}: a graph that enlarges pictures has one, which gives the result`);
  const before = new Set(order(graph, [saves[0]!.id]).ids);
  const loads = runs.filter(({ id, type }) => type === loadLr.type && before.has(id));
  const chosen = loads.length === 1 ? loads : loads.filter(({ title }) => title === loadLr.title);
  if (!saves[0]!.inputs.image || loads.length === 0)
    throw new Error("no Load LR leads to its Save: a graph that enlarges pictures has one, which is given the picture");
  if (chosen.length !== 1)
    throw new Error(
      `${counted(loads, "Load LR")} lead to its Save: give all but one another title than "${loadLr.title}", for that one is given the picture`,
    );
  const linked = Object.keys(saves[0]!.inputs).find((name) => name !== "image");
  if (linked)
    throw new Error(
      `${linked} of its Save is fed by a link: remove it, for the options of the command say how results are written`,
    );
  return { picture: chosen[0]!.id, save: saves[0]!.id };
}

const counted = (nodes: readonly GraphNode[], title: string) =>
  nodes.length === 0 ? `no ${title}` : `${nodes.length} ${title} nodes (${nodes.map(label).join(", ")})`;
