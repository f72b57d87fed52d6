/** A graph to run on the command line. */
import type { Host } from "../../nodes/sockets";
import type { Graph } from "../graph/parse";
import type { Services } from "../graph/running";
import type { StoredGraph } from "../graph/stored";

/** A graph to run: as stored, as checked, and where its files are. */
export interface Work {
  readonly stored: StoredGraph;
  readonly graph: Graph;
  readonly file: Services["file"];
  /** What is written into JPEG and WebP, to be known again. */
  readonly recipe?: string;
  /** In place of the codec: what has been decoded already. */
  readonly decode?: Host["decode"];
}
