/** A large graph of ready nodes, for what must take time in proportion to its size: rows of the six stages of SFT-GAN. */
import { definitions } from "../../nodes";
import type { AnyNode, Socket } from "../../src/graph/node";
import { type StoredGraph, type StoredLink, type StoredNode, VERSION } from "../../src/graph/stored";

const types = new Map(definitions.map((def) => [def.type, def as AnyNode]));
const COLUMN = 280;
const ROW = 420;

/** One row: what each node is, and what feeds its inputs, by its place in the row. */
const STAGES: readonly (readonly [type: string, inputs: Readonly<Record<string, readonly [number, string]>>])[] = [
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
  const nodes: StoredNode[] = [];
  const links: StoredLink[] = [];
  for (let id = 1; id <= count; id++) {
    const [row, column] = [Math.floor((id - 1) / STAGES.length), (id - 1) % STAGES.length];
    const [name, inputs] = STAGES[column]!;
    const def = types.get(`sftgan/${name}`)!;
    const sockets = Object.entries(def.inputs as Record<string, Socket>);
    const outputs = Object.entries(def.outputs as Record<string, Socket>);
    nodes.push({
      id,
      type: def.type,
      title: def.title,
      pos: [COLUMN * (column + STAGES.length * (row % 4)), ROW * Math.floor(row / 4)],
      size: [220, 300],
      flags: {},
      mode: 0,
      inputs: sockets.map(([socket, { type }], slot) => {
        const from = inputs[socket];
        if (!from) return { name: socket, type, link: null };
        const origin = row * STAGES.length + from[0] + 1;
        const output = Object.keys(types.get(nodes[origin - 1]!.type)!.outputs).indexOf(from[1]);
        links.push([links.length + 1, origin, output, id, slot, type]);
        return { name: socket, type, link: links.length };
      }),
      outputs: outputs.map(([socket, { type }]) => ({ name: socket, type, links: [] })),
      properties: {},
    });
  }
  for (const [id, origin, output] of links) (nodes[origin - 1]!.outputs![output]!.links as number[]).push(id);
  return {
    last_node_id: count,
    last_link_id: links.length,
    nodes,
    links,
    groups: [],
    config: {},
    extra: { sftgan: { version: VERSION } },
    version: 0.4,
  };
}
