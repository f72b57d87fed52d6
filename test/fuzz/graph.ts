/** Graph files: those that ship with values of any kind in them, and graphs of any nodes, wires and parameters. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { definitions } from "../../nodes";
import { cutOut, merge } from "../../src/editor/fragment";
import { allLayers, defaultNode, layersOf } from "../../src/editor/layers";
import { paintLayersOf } from "../../src/editor/painter/layers";
import { cleanGraph, readGraph } from "../../src/graph/clean";
import type { Param } from "../../src/graph/node";
import { parseGraph } from "../../src/graph/parse";
import { cutRecipe } from "../../src/graph/recipe";
import type { StoredGraph } from "../../src/graph/stored";
import { order } from "../../src/graph/traverse";
import { hostileName, type Json, json, jsonLike, number, readJson, text } from "./json";
import { checkRefusal, holds, type Kind, same } from "./kind";
import { mutated } from "./mutate";

const FOLDERS = ["graphs", "test/graphs/old"];
export const graphs: readonly Json[] = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => readJson(join(folder, name))),
).filter((graph) => JSON.stringify(graph).length < 2 ** 16);

const types = new Map(definitions.map((definition) => [definition.type, definition]));

/** A value that the parameter may have, and now and then any other. */
export function valueFor(param: Param): fc.Arbitrary<unknown> {
  const fits = {
    number: fc
      .double({ min: param.min ?? -10, max: param.max ?? 10, noNaN: true })
      .map((value) => (param.step === 1 ? Math.round(value) : value)),
    choice: fc.constantFrom(...(param.choices ?? [""])),
    flag: fc.boolean(),
    text: fc.oneof(fc.constant(param.default), text),
    file: fc.oneof(
      fc.constantFrom(null, "sample:scene.png", { name: "a.png" }),
      fc.record({ name: text, sha256: fc.constantFrom("0".repeat(64), "x"), data: fc.constantFrom("AAAA", "%", "") }),
    ),
  }[param.kind];
  return fc.oneof({ arbitrary: fits, weight: 5 }, { arbitrary: json, weight: 1 });
}

interface Made {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const ours: fc.Arbitrary<Made> = fc.constantFrom(...definitions).chain((definition) =>
  fc.record({
    type: fc.constant(definition.type),
    properties: fc.record(
      Object.fromEntries(
        Object.entries(definition.params as Record<string, Param>).map(([name, param]) => [name, valueFor(param)]),
      ),
      {
        requiredKeys: [],
        noNullPrototype: true,
      },
    ),
  }),
);
const theirs: fc.Arbitrary<Made> = fc.record({
  type: fc.oneof(fc.constantFrom("vendor/thing", "graph/subgraph", "basic/const"), hostileName, text),
  properties: fc.dictionary(text, json, { maxKeys: 3, noNullPrototype: true }),
});

/** What others' nodes store beside litegraph's fields, under names that litegraph's members have, too. */
const theirFields = fc.dictionary(
  fc.constantFrom("widgets_values", "subgraph", "note", "serialize", "onExecute", "graph", "constructor", "clone", "bgimage"),
  json,
  { maxKeys: 2, noNullPrototype: true },
);

const slots = (names: readonly string[], side: "link" | "links") => names.map((name) => ({ name, type: 0, [side]: null }));

/** A graph of these nodes; each wire takes the numbers of its two slots, most of which exist. */
export const madeGraph: fc.Arbitrary<Json> = fc
  .record({
    nodes: fc.array(fc.oneof({ arbitrary: ours, weight: 4 }, { arbitrary: theirs, weight: 1 }), { maxLength: 12 }),
    others: fc.array(theirFields, { minLength: 1, maxLength: 3 }),
    wires: fc.array(fc.tuple(fc.nat(12), fc.nat(3), fc.nat(12), fc.nat(5)), { maxLength: 24 }),
    listed: fc.boolean(),
    groups: fc.array(json, { maxLength: 2 }),
    extra: fc.oneof(fc.constant({}), json),
  })
  .map(({ nodes, others, wires, listed, groups, extra }) => {
    const stored = nodes.map(({ type, properties }, i) => {
      const { inputs = {}, params = {}, outputs = {} } = types.get(type) ?? {};
      return {
        ...others[i % others.length],
        ...{ id: i + 1, type, pos: [i * 40, 0], size: [200, 100], flags: {}, order: i, mode: 0, properties },
        ...(listed && {
          inputs: slots([...Object.keys(inputs), ...Object.keys(params)], "link"),
          outputs: slots(Object.keys(outputs), "links"),
        }),
      };
    });
    const links = wires.map(([from, output, to, input], i) => [i + 1, from, output, to, input, "image"]);
    return {
      last_node_id: nodes.length,
      last_link_id: links.length,
      nodes: stored,
      links,
      groups,
      extra,
      version: 0.4,
    } as unknown as Json;
  });

/** Two nodes in each of many rows, each fed by both of the row before: few wires, and very many ways through. */
const ladder: fc.Arbitrary<Json> = fc
  .tuple(fc.integer({ min: 2, max: 60 }), fc.constantFrom("mix-priors", "morph", "montage"))
  .map(([rows, type]) => {
    const { inputs = {} } = types.get(`sftgan/${type}`) ?? {};
    const nodes = Array.from({ length: 2 * rows }, (_, i) => ({
      id: i + 1,
      type: i < 2 ? "sftgan/paint-prior" : `sftgan/${type}`,
      inputs: slots(Object.keys(inputs), "link"),
    }));
    const links = nodes.slice(2).flatMap((_, i) => {
      const row = 2 * Math.floor(i / 2);
      return [0, 1].map((slot) => [2 * i + slot + 1, row + slot + 1, 0, i + 3, slot, "prior"]);
    });
    return { nodes, links } as unknown as Json;
  });

const SEEN = new Set(["__proto__", "constructor", "prototype"]);

/** Fails where an object has a name that reaches its prototype. */
export function checkNames(value: unknown): void {
  if (value === null || typeof value !== "object") return;
  for (const [name, inner] of Object.entries(value)) {
    holds(Array.isArray(value) || !SEEN.has(name), `something is called ${name}`);
    checkNames(inner);
  }
}

/** What people read must be as good as a refusal. */
export const checkMessages = (messages: Iterable<string>): void => {
  for (const message of messages) checkRefusal(new Error(message), undefined);
};

/** What the command line and the editor find out about a graph before anything is computed. */
export function look(graph: StoredGraph): void {
  const definition = (type: string) => types.get(type);
  const parsed = parseGraph(graph, definitions);
  for (const { problems } of parsed.values()) checkMessages(problems);
  const { ids, errors } = order(parsed, [...parsed.keys()]);
  holds(ids.length + errors.size >= parsed.size, `${ids.length} of ${parsed.size} nodes are in order`);
  checkMessages(errors.values());
  allLayers(graph, definition);
  defaultNode(graph, definition);
  for (const { id } of graph.nodes.slice(0, 12)) {
    layersOf(graph, id, definition);
    paintLayersOf(graph, id, definition);
    try {
      cutRecipe(graph, id, "image", definitions);
    } catch (error) {
      checkRefusal(error, undefined);
    }
  }
}

export const graphFile: Kind<string> = {
  name: "graph",
  ending: "json",
  inputs: fc.oneof(
    jsonLike(graphs).map((value) => JSON.stringify(value)),
    jsonLike(graphs).map((value) => JSON.stringify(value)),
    madeGraph.map((value) => JSON.stringify(value)),
    madeGraph.map((value) => JSON.stringify(value)),
    ladder.map((value) => JSON.stringify(value)),
    mutated(graphs.slice(0, 3).map((graph) => new TextEncoder().encode(JSON.stringify(graph)))).map((bytes) =>
      new TextDecoder().decode(bytes),
    ),
    fc.tuple(fc.constantFrom("[", '{"a":', '{"nodes":['), fc.nat(30_000)).map(([open, times]) => open.repeat(times)),
    fc.oneof(json, number).map((value) => JSON.stringify(value)),
  ),
  check(input) {
    const graph = readGraph(input);
    checkNames(graph);
    const text = JSON.stringify(graph);
    same(cleanGraph(JSON.parse(text)), graph, "a graph read twice differs");
    look(graph);
    const all = new Set(graph.nodes.map(({ id }) => id));
    if (graph.nodes.length > 0 && graph.nodes.length < 900) {
      const both = merge(graph, cutOut(graph, all), [0, 0]).graph;
      if (graph.last_node_id < 2 ** 30 && graph.last_link_id < 2 ** 30) cleanGraph(both);
    }
  },
};
