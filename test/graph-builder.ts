/** The graphs of tests: stored ones as a file has them, and parsed ones as the executor takes them. */
import { definitions } from "../nodes";
import type { AnyNode, Param, Socket } from "../src/graph/node";
import { paramType } from "../src/graph/param";
import type { Graph, GraphNode } from "../src/graph/parse";
import { type StoredGraph, type StoredLink, type StoredNode, VERSION } from "../src/graph/stored";

/** Each node: its type, without "sftgan/" where it has that, its parameters, and what feeds its sockets and parameters. */
export type Sketch = readonly (readonly [
  type: string,
  params?: Readonly<Record<string, unknown>>,
  inputs?: Readonly<Record<string, readonly [node: number, output: string]>>,
])[];

/** A stored graph; ids count from 1 in the order given. Throws where the sketch names what the types do not have. */
export function graphOf(sketch: Sketch, types: readonly AnyNode[] = definitions): StoredGraph {
  const links: StoredLink[] = [];
  const find = (node: number): AnyNode => {
    const type = sketch[node - 1]?.[0];
    const def = types.find((def) => def.type === type || def.type === `sftgan/${type}`);
    if (!def) throw new Error(`node ${node} of the sketch is of no known type: ${type}`);
    return def;
  };
  const nodes = sketch.map(([, properties = {}, inputs = {}], index): StoredNode => {
    const def = find(index + 1);
    const sockets = Object.entries(def.inputs as Record<string, Socket>).map(([name, { type }]) => ({ name, type }));
    const fed = Object.keys(inputs).filter((name) => !Object.hasOwn(def.inputs, name));
    const params = fed.map((name) => ({ name, type: paramType(def.params[name] as Param)! }));
    const slots = [...sockets, ...params].map(({ name, type }, slot) => {
      const from = inputs[name];
      if (!from) return { name, type, link: null };
      const output = Object.keys(find(from[0]).outputs).indexOf(from[1]);
      if (output < 0) throw new Error(`node ${from[0]} of the sketch has no output ${from[1]}`);
      links.push([links.length + 1, from[0], output, index + 1, slot, type]);
      return { name, type, link: links.length };
    });
    const outputs = Object.entries(def.outputs as Record<string, Socket>).map(([name, { type }]) => ({ name, type }));
    return { id: index + 1, type: def.type, inputs: slots, outputs, properties };
  });
  const extra = { sftgan: { version: VERSION } };
  return { last_node_id: nodes.length, last_link_id: links.length, nodes, links, groups: [], config: {}, extra, version: 0.4 };
}

/** A parsed node, titled as its id; an input comes from "node.output", or from the output "out" of "node". */
export const parsedNode = (id: string, type: string, inputs: Readonly<Record<string, string>> = {}, params = {}): GraphNode => ({
  id,
  type,
  title: id,
  mode: "always",
  params,
  inputs: Object.fromEntries(
    Object.entries(inputs).map(([socket, from]) => {
      const [node = "", output = "out"] = from.split(".");
      return [socket, { node, output }];
    }),
  ),
  problems: [],
  notes: [],
});

export const parsedGraph = (...nodes: readonly GraphNode[]): Graph => new Map(nodes.map((node) => [node.id, node]));
