/** A graph to run on the command line. */
import type { Host } from "../../nodes/sockets";
import type { Graph } from "../graph/parse";
import type { Services } from "../graph/running";
import type { StoredGraph } from "../graph/stored";
import type { Metadata } from "./metadata";

/** A graph to run: as stored, as checked, and where its files are. */
export interface Work {
  readonly stored: StoredGraph;
  readonly graph: Graph;
  readonly file: Services["file"];
  /** What is written into a picture, to be known again. */
  readonly recipe?: string;
  /** What is copied from the picture that it is made of. */
  readonly metadata?: Metadata;
  /** In place of the codec: what has been decoded already. */
  readonly decode?: Host["decode"];
}
