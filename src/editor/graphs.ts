/** The ready graphs of graphs/, read when picked. */
import type { StoredGraph } from "../graph/stored";
import { about, DEFAULT_TITLE } from "./about";

export interface ReadyGraph {
  /** The file's name without its ending. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly graph: StoredGraph;
}

/** The graph a new user sees. */
const FIRST = "sft-gan";

const files = import.meta.glob<StoredGraph>("../../graphs/*.json", { import: "default", eager: true });

/** All ready graphs, the first one first and the rest by title. */
export const readyGraphs: readonly ReadyGraph[] = Object.entries(files)
  .map(([path, graph]) => {
    const name = path.replace(/^.*\/|\.json$/g, "");
    const { title, description } = about(graph);
    return { name, title: title === DEFAULT_TITLE ? name : title, description, graph };
  })
  .sort((a, b) => Number(b.name === FIRST) - Number(a.name === FIRST) || a.title.localeCompare(b.title));
