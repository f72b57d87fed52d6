/** What is known of one graph: the keys of its nodes' results, and by how little each differs from the one before. */
import { History } from "./history";
import { identityOf } from "./identity";
import type { Graph, GraphNode } from "./parse";

export class GraphState {
  readonly history = new History();
  private graph: Graph = new Map();
  private keys: ReadonlyMap<string, string> = new Map();
  /** Keys of results found since the last run, by a glance. */
  private readonly found = new Map<string, string>();
  /** Keys of what the last run was for: those results stay, whatever other graphs compute. */
  pinned: ReadonlySet<string> = new Set();

  key(id: string): string | undefined {
    return this.found.get(id) ?? this.keys.get(id);
  }

  /** A result of a node is there, without a run of all: it is the node's until the next run. */
  find(id: string, key: string): void {
    this.found.set(id, key);
  }

  /** Keys of all results that nodes may show. */
  get shown(): readonly string[] {
    return [...this.keys.values(), ...this.found.values()];
  }

  /**
   * Takes the keys of the nodes `ids`, which are in order. Others in `sorted`, the whole graph in order, keep theirs if neither
   * they nor what feeds them has changed.
   */
  know(graph: Graph, keys: ReadonlyMap<string, string>, ids: readonly string[], sorted: readonly string[]): void {
    const known = new Map(keys);
    const identity = ({ type, mode, params, inputs }: GraphNode) =>
      identityOf(
        type,
        [mode, params],
        Object.entries(inputs).map(([input, link]) => [input, link.node, link.output]),
      );
    for (const id of sorted) {
      const [node, before, key] = [graph.get(id)!, this.graph.get(id), this.keys.get(id)];
      if (ids.includes(id) || !before || key === undefined) continue;
      const isFedTheSame = Object.values(node.inputs).every((link) => known.get(link.node) === this.keys.get(link.node));
      if (isFedTheSame && identity(node) === identity(before)) known.set(id, key);
    }
    this.keys = known;
    this.found.clear();
    this.graph = graph;
  }
}
