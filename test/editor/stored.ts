/** A small stored graph for the editor's tests: Load LR, then Segment, then Save. */
import type { StoredGraph, StoredNode } from "../../src/graph/stored";

export function graph(change: Partial<StoredGraph> = {}): StoredGraph {
  return {
    last_node_id: 3,
    last_link_id: 2,
    nodes: [
      {
        id: 1,
        type: "load",
        title: "Load LR",
        pos: [0, 0],
        size: [200, 100],
        outputs: [{ name: "image", type: "image", links: [1, 2] }],
      },
      {
        id: 2,
        type: "segment",
        pos: [300, 0],
        size: [200, 100],
        inputs: [{ name: "image", type: "image", link: 1 }],
        outputs: [{ name: "prior", type: "prior", links: [] }],
        properties: { limit: 768 },
      },
      { id: 3, type: "save", title: "Save", pos: [600, 0], inputs: [{ name: "image", type: "image", link: 2 }] },
    ],
    links: [
      [1, 1, 0, 2, 0, "image"],
      [2, 1, 0, 3, 0, "image"],
    ],
    groups: [],
    config: {},
    extra: {},
    version: 0.4,
    ...change,
  };
}

/** The graph with one node changed. */
export const withNode = (of: StoredGraph, id: number, change: Partial<StoredNode>): StoredGraph => ({
  ...of,
  nodes: of.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)),
});
