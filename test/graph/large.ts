/** A large graph of ready nodes, for what must take time in proportion to its size: rows of the six stages of SFT-GAN. */
import type { StoredGraph } from "../../src/graph/stored";
import { graphOf, type Sketch } from "../graph-builder";

const COLUMN = 280;
const ROW = 420;

/** One row: what each node is, and what feeds its inputs, by its place in the row. */
const STAGES: readonly (readonly [type: string, inputs: Readonly<Record<string, readonly [place: number, output: string]>>])[] = [
  ["load-lr", {}],
  ["segment", { image: [0, "image"] }],
  ["condition-net", { prior: [1, "prior"] }],
  ["sft-resblocks", { image: [0, "image"], condition: [2, "condition"] }],
  ["upsample", { features: [3, "features"], condition: [2, "condition"] }],
  ["preview", { image: [4, "image"] }],
  ["view-prior", { prior: [1, "prior"], picture: [0, "image"] }],
  ["compare", { before: [0, "image"], after: [4, "image"] }],
];

/** `count` nodes in rows of eight. */
export function largeGraph(count: number): StoredGraph {
  const sketch: Sketch = Array.from({ length: count }, (_, index) => {
    const column = index % STAGES.length;
    const first = index - column + 1;
    const [type, inputs] = STAGES[column]!;
    return [type, {}, Object.fromEntries(Object.entries(inputs).map(([name, [place, out]]) => [name, [first + place, out]]))];
  });
  const graph = graphOf(sketch);
  const place = (index: number) => {
    const [row, column] = [Math.floor(index / STAGES.length), index % STAGES.length];
    return [COLUMN * (column + STAGES.length * (row % 4)), ROW * Math.floor(row / 4)] as const;
  };
  const nodes = graph.nodes.map((node, index) => ({ ...node, pos: place(index), size: [220, 300] as const, flags: {}, mode: 0 }));
  return { ...graph, nodes };
}
