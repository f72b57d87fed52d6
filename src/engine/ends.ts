/** Where a photo goes into a graph, and where its result comes out: for whoever runs a graph for many photos. */
import { isOff } from "../graph/modes";
import type { Graph, GraphNode } from "../graph/parse";
import { order } from "../graph/traverse";

/** Ids of nodes. */
export interface Ends {
  /** The Load LR or Load Folder that is given the photo, as its parameter `file`. */
  readonly picture: string;
  readonly save: string;
}

const LOAD_FOLDER = "sftgan/load-folder";
const LOAD_LR = "sftgan/load-lr";
const SAVE = "sftgan/save";
/** The title of a Load LR that nobody has given another. */
const TITLE = "Load LR";

/** Types of the nodes that are given photos. */
export const PHOTO_LOADERS: readonly string[] = [LOAD_LR, LOAD_FOLDER];

/** Of the nodes that are given photos, the one that the photo is for: the only one, or the only one that has kept its title. */
export function photoPlace<Node>(loaders: readonly Node[], keptTitle: (node: Node) => boolean): Node | undefined {
  const some = loaders.length > 1 ? loaders.filter(keptTitle) : loaders;
  return some.length === 1 ? some[0] : undefined;
}

/**
 * The Save (`selected` where there are several), and of the nodes that its result is made from the Load Folder; without one the
 * Load LR there is, or the one that has kept its title. Throws an error where there is no such node, or more than one.
 */
export function endsOf(graph: Graph, selected: readonly string[] = []): Ends {
  const runs = [...graph.values()].filter(({ mode }) => !isOff(mode));
  const all = runs.filter(({ type }) => type === SAVE);
  const saves = all.length > 1 && selected.length > 0 ? all.filter(({ id }) => selected.includes(id)) : all;
  const [save] = saves;
  if (!save || saves.length > 1)
    throw new Error(`it has ${counted(all, "Save")}: a graph that enlarges pictures has one, which gives the result`);
  const before = new Set(order(graph, [save.id]).ids);
  const ofType = (type: string) => runs.filter((node) => node.type === type && before.has(node.id));
  const [folders, loads] = [ofType(LOAD_FOLDER), ofType(LOAD_LR)];
  if (folders.length > 1)
    throw new Error(`${counted(folders, "Load Folder")} lead to its Save: keep one, which is given the pictures`);
  if (!save.inputs.image || folders.length + loads.length === 0)
    throw new Error("no Load LR leads to its Save: a graph that enlarges pictures has one, which is given the picture");
  const place = folders[0] ?? photoPlace(loads, ({ title }) => title === TITLE);
  if (!place)
    throw new Error(
      `${counted(loads, "Load LR")} lead to its Save: give all but one another title than "${TITLE}", for that one is given the picture, or put a Load Folder in its place`,
    );
  return { picture: place.id, save: save.id };
}

const counted = (nodes: readonly GraphNode[], title: string) =>
  nodes.length === 0
    ? `no ${title}`
    : `${nodes.length} ${title} nodes (${nodes.map((node) => `${node.title} (${node.id})`).join(", ")})`;
