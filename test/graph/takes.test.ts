import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { cleanGraph, LIMITS, readGraph } from "../../src/graph/clean";
import { parseGraph } from "../../src/graph/parse";
import { cutRecipe, filesIn, graphOf as makeGraph, withoutData } from "../../src/graph/recipe";
import type { StoredGraph } from "../../src/graph/stored";
import {
  addTake,
  entriesOf,
  MOST_TAKES,
  NO_TAKES,
  type Recipe,
  type RecipeNode,
  readTakes,
  recipeOf,
  removeTake,
  renameTake,
  type Takes,
  withTakes,
} from "../../src/graph/takes";
import { graphOf } from "../graph-builder";
import { expectMessage } from "../message";

const graph = (name: string, file: unknown = { name: "sample:scene.png" }): StoredGraph =>
  graphOf([
    ["load-lr", { file }],
    ["constant-prior", { class: name }, { picture: [1, "image"] }],
    ["condition-net", {}, { prior: [2, "prior"] }],
    ["sft-resblocks", { blocks: 2 }, { image: [1, "image"], condition: [3, "condition"] }],
    ["upsample", {}, { features: [4, "features"], condition: [3, "condition"] }],
    ["preview", {}, { image: [5, "image"] }],
  ]);
const recipe = (name: string): Recipe => cutRecipe(graph(name), 5, "image", definitions);
const two = addTake(addTake(NO_TAKES, "one", recipe("plant")), "two", recipe("sky"));
const stored = (takes: unknown): StoredGraph => cleanGraph({ ...graph("sky"), extra: { sftgan: { version: 1, takes } } });
const read = (takes: unknown) => readTakes(stored(takes));

describe("takes", () => {
  it("hold what a result is made by and nothing that comes after it, files by name", () => {
    expect(two.nodes.map(({ id, type }) => [id, type.slice(7)]).slice(0, 5)).toEqual([
      [1, "load-lr"],
      [2, "constant-prior"],
      [3, "condition-net"],
      [4, "sft-resblocks"],
      [5, "upsample"],
    ]);
    expect(two.nodes[1]).toEqual({
      id: 2,
      type: "sftgan/constant-prior",
      properties: { class: "plant" },
      inputs: { picture: [0, "image"] },
    });
  });

  it("share the nodes that are equal", () => {
    expect(two.nodes.filter(({ type }) => type === "sftgan/load-lr")).toHaveLength(1);
    expect(two.nodes).toHaveLength(9);
    expect(entriesOf(two.nodes, two.list[1]!.result)).toEqual([0, 5, 6, 7, 8]);
    expect(addTake(two, "three", recipe("sky")).nodes).toHaveLength(9);
  });

  it("come back from a file as they were", () => {
    const text = JSON.stringify({ ...graph("sky"), extra: { sftgan: withTakes({ version: 1, title: "T" }, two) } });
    const { extra } = readGraph(text);
    expect(readTakes({ extra })).toEqual({ takes: two, problems: [] });
    expect(extra.sftgan).toMatchObject({ version: 1, title: "T" });
  });

  it("are none in a graph that has none, and leave none of theirs behind", () => {
    expect(readTakes(graph("sky"))).toEqual({ takes: NO_TAKES, problems: [] });
    expect(readTakes({ extra: {} })).toEqual({ takes: NO_TAKES, problems: [] });
    expect(withTakes({ version: 1, takes: two }, NO_TAKES)).toEqual({ version: 1 });
  });

  it("are renamed and removed with the nodes that no other needs", () => {
    expect(renameTake(two, 1, "  a\nb ").list.map(({ name }) => name)).toEqual(["one", "a b"]);
    expect(renameTake(two, 0, " ").list[0]!.name).toBe("Take");
    expect(removeTake(two, 0)).toEqual(addTake(NO_TAKES, "two", recipe("sky")));
  });

  it("are bounded in number and in size, and say so", () => {
    let full: Takes = NO_TAKES;
    for (let i = 0; i < MOST_TAKES; i++) full = addTake(full, `take ${i}`, recipe("sky"));
    expect(() => addTake(full, "more", recipe("sky"))).toThrow(`a graph keeps at most ${MOST_TAKES}: delete one`);
    const long: Recipe = {
      nodes: [{ id: 1, type: "x", properties: { text: "x".repeat(2 ** 21) }, inputs: {} }],
      result: [0, "y"],
    };
    expect(() => addTake(NO_TAKES, "long", long)).toThrow(/characters and a graph keeps at most 2097152 of them: delete one/);
  });

  it.each([
    ["no list", [1, 2], "list of nodes"],
    ["text", "takes", "list of nodes"],
    ["a node that is none", { nodes: [7], list: [{ name: "a", result: [0, "image"] }] }, "one of its nodes is 7"],
    ["an id that is none", { nodes: [{ id: -1, type: "a" }], list: [{ name: "a", result: [0, "image"] }] }, "has the id -1"],
    ["a type that is none", { nodes: [{ id: 1, type: 9 }], list: [{ name: "a", result: [0, "image"] }] }, "has the type 9"],
    ["a take that is none", { nodes: [], list: [null] }, "it is null"],
    ["a take of a node that is not there", { nodes: [], list: [{ name: "a", result: [0, "image"] }] }, 'it names [0,"image"]'],
    [
      "a node fed by itself",
      { nodes: [{ id: 1, type: "a", inputs: { x: [0, "y"] } }], list: [{ name: "a", result: [0, "image"] }] },
      'it names [0,"y"], which is no output of an earlier node',
    ],
    [
      "nodes in a circle",
      {
        nodes: [
          { id: 1, type: "a", inputs: { x: [1, "y"] } },
          { id: 2, type: "a", inputs: { x: [0, "y"] } },
        ],
        list: [{ name: "a", result: [1, "image"] }],
      },
      "which is no output of an earlier node",
    ],
    ["an index that is a fraction", { nodes: [{ id: 1, type: "a" }], list: [{ name: "a", result: [0.5, "y"] }] }, "it names"],
    ["an index that is text", { nodes: [{ id: 1, type: "a" }], list: [{ name: "a", result: ["length", "y"] }] }, "it names"],
  ])("with %s are left out with a message", (_, takes, words) => {
    const { takes: found, problems } = read(takes);
    expect(found).toEqual(NO_TAKES);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(words);
    expectMessage(problems[0]!);
  });

  it("keep the good ones beside bad ones", () => {
    const { takes, problems } = read({
      nodes: [...two.nodes, 3],
      list: [null, ...two.list, { name: "x", result: [9, "image"] }],
    });
    expect(takes).toEqual(two);
    expect(problems).toHaveLength(2);
  });

  it("too many in a file are cut off with a message", () => {
    const { takes, problems } = read({ nodes: two.nodes, list: Array.from({ length: 60 }, () => two.list[0]) });
    expect(takes.list).toHaveLength(MOST_TAKES);
    expect(problems).toEqual(["the graph has 60 takes and at most 50 are kept: the rest are left out"]);
  });

  it("reach no prototype", () => {
    const takes = JSON.parse(
      '{"nodes":[{"id":1,"type":"__proto__","properties":{"__proto__":{"hit":1},"constructor":2},"inputs":{"__proto__":[0,"y"]}}],' +
        '"list":[{"name":"__proto__","result":[0,"constructor"]}]}',
    );
    const { takes: found } = readTakes({ extra: { sftgan: { takes } } });
    expect(found.nodes[0]).toEqual({ id: 1, type: "__proto__", properties: {}, inputs: {} });
    expect(({} as { hit?: number }).hit).toBeUndefined();
    expect(() =>
      parseGraph(
        makeGraph(found.nodes, (i) => i + 1),
        definitions,
      ),
    ).not.toThrow();
  });
});

describe("a recipe", () => {
  it("refuses what cannot be computed, with a message", () => {
    const loose = graphOf([["upsample", {}, {}]]);
    expect(() => cutRecipe(loose, 1, "image", definitions)).toThrow(
      /^Upsample cannot be kept: its input "features" is not connected/,
    );
    const unknown = { ...loose, nodes: [{ ...loose.nodes[0]!, type: "other/thing" }] };
    expect(() => cutRecipe(unknown, 1, "image", definitions)).toThrow('there is no node type "other/thing"');
    const circle = graphOf([
      ["crop", {}, { image: [2, "image"] }],
      ["crop", {}, { image: [1, "image"] }],
    ]);
    expect(() => cutRecipe(circle, 1, "image", definitions)).toThrow(/Crop cannot be kept: it depends on itself/);
    expect(() => cutRecipe(loose, 9, "image", definitions)).toThrow(/^node 9 cannot be kept: the graph has no node 9/);
  });

  it("names the files that the graph carries by their content, and finds them there again", async () => {
    const data = btoa("a picture");
    const from = graph("sky", { name: "a.png", data });
    const { nodes, result } = await withoutData(cutRecipe(from, 5, "image", definitions));
    const { file } = nodes[0]!.properties as { file: { sha256: string } };
    expect(file).toEqual({ name: "a.png", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const files = await filesIn(from);
    expect([...files]).toEqual([[file.sha256, data]]);
    const made = makeGraph(nodes, (i) => i + 1, files);
    expect(made.nodes[0]!.properties).toMatchObject({ file: { ...file, data } });
    expect(result).toEqual([4, "image"]);
  });

  it("leaves out a file that is not base64, which its own node tells of", async () => {
    expect(await filesIn(graph("sky", { name: "a.png", data: "%" }))).toEqual(new Map());
  });

  it("is a graph again that computes the same", () => {
    const made = cleanGraph(makeGraph(two.nodes, (i) => 10 + i));
    const again = parseGraph(made, definitions);
    expect([...again.values()].flatMap(({ problems }) => problems)).toEqual([]);
    const original = parseGraph(graph("sky"), definitions);
    const [last] = two.list.slice(-1);
    const upsample = again.get(String(10 + last!.result[0]))!;
    expect(upsample.type).toBe("sftgan/upsample");
    const prior = again.get(again.get(upsample.inputs.condition!.node)!.inputs.prior!.node)!;
    expect(prior.params).toEqual(original.get("2")!.params);
    expect(made.links).toHaveLength(again.size + 3);
  });

  it("with entries of one id is one node of them", () => {
    const made = makeGraph(
      [two.nodes[0]!, two.nodes[0]!, { ...two.nodes[1]!, inputs: { picture: [1, "image"] } }],
      (i) => [1, 1, 2][i]!,
    );
    expect(made.nodes).toHaveLength(2);
    expect(parseGraph(made, definitions).get("2")!.inputs).toEqual({ picture: { node: "1", output: "image" } });
  });

  it("is made, read and cut out in time as its links grow, up to the most there may be", () => {
    const count = LIMITS.takes;
    const nodes = Array.from({ length: count }, (_, id): RecipeNode => {
      const inputs = Object.fromEntries(Array.from({ length: id ? 10 : 0 }, (_, i) => [`i${i}`, [id - 1, `o${i}`] as const]));
      return { id, type: "other/thing", properties: {}, inputs };
    });
    const list = [{ name: "all", result: [count - 1, "o0"] as const }];
    const { takes } = readTakes(cleanGraph({ nodes: [], extra: { sftgan: { takes: { nodes, list } } } }));
    expect(takes.nodes).toEqual(nodes);
    expect(recipeOf(takes, list[0]!).nodes).toEqual(nodes);
    const made = makeGraph(takes.nodes, (i) => i + 1);
    expect(made.links).toHaveLength(10 * (count - 1));
    expect(made.nodes[0]!.outputs).toHaveLength(10);
    expect(made.nodes[7]!.inputs![3]).toEqual({ name: "i3", type: 0, link: 64 });
    expect(made.links[63]).toEqual([64, 7, 3, 8, 3, 0]);
  });

  it("is refused with its graph where all takes together have too many nodes or links", () => {
    const takes = (count: number, each: number) => ({
      nodes: Array.from({ length: count }, (_, id) => ({
        id,
        type: "a",
        inputs: id ? Object.fromEntries(Array.from({ length: each }, (_, i) => [`i${i}`, [0, `o${i}`]])) : {},
      })),
      list: [],
    });
    const open = (count: number, each: number) => cleanGraph({ nodes: [], extra: { sftgan: { takes: takes(count, each) } } });
    expect(() => open(2001, 1)).toThrow("the graph's takes have 2001 nodes; at most 2000 are read: delete takes");
    expect(() => open(1000, 100)).toThrow("the graph's takes have 99900 links; at most 20000 are read: delete takes");
    expect(() => open(201, 100)).not.toThrow();
  });
});
