/** Graphs saved by earlier versions: they load for ever. Files in old/ are never changed; a new format adds new ones. */
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { readGraph } from "../../src/graph/clean";
import { parseGraph } from "../../src/graph/parse";
import { graphOf } from "../../src/graph/recipe";
import { readTakes } from "../../src/graph/takes";

const OLD = import.meta.glob("./old/*.json", { query: "?raw", import: "default", eager: true }) as Record<string, string>;

it("There are some of the first version", () => {
  expect(Object.keys(OLD).filter((path) => path.startsWith("./old/v1-")).length).toBeGreaterThanOrEqual(11);
});

it("Takes of the first version are there", () => {
  const { takes, problems } = readTakes(readGraph(OLD["./old/v1-takes.json"]!));
  expect(takes.list.map(({ name }) => name)).toEqual(["Segment", "plant", "building"]);
  expect(problems).toEqual([]);
  const graph = parseGraph(
    graphOf(takes.nodes, (entry) => entry + 1),
    definitions,
  );
  expect([...graph.values()].flatMap(({ problems }) => problems)).toEqual([]);
  expect([...graph.values()].map(({ params }) => params.class).filter(Boolean)).toEqual(["plant", "building"]);
});

describe.each(Object.entries(OLD))("%s", (_, text) => {
  const stored = readGraph(text);
  const graph = parseGraph(stored, definitions);

  it("loads, and has nothing wrong with it", () => {
    expect([...graph.values()].flatMap(({ problems }) => problems)).toEqual([]);
    expect([...graph.keys()]).toEqual(stored.nodes.map(({ id }) => String(id)));
  });

  it("keeps every wire and every parameter", () => {
    const wires = [...graph.values()].flatMap(({ inputs }) => Object.values(inputs));
    expect(wires).toHaveLength(stored.links.length);
    for (const { id, properties } of stored.nodes)
      for (const [name, value] of Object.entries(properties ?? {}))
        expect(graph.get(String(id))!.params[name], `${name} of node ${id}`).toEqual(value);
  });
});
