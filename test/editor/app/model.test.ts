import { describe, expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { appOf, obstacleOf, withoutPhoto } from "../../../src/editor/app/model";
import type { AppMarks } from "../../../src/graph/app";
import { cleanGraph } from "../../../src/graph/clean";
import { parseGraph } from "../../../src/graph/parse";
import type { StoredGraph } from "../../../src/graph/stored";
import { withValues } from "../../../src/graph/subgraphs";
import { graphOf, type Sketch } from "../../graph-builder";

const READY = import.meta.glob("../../../graphs/*.json", { import: "default", eager: true }) as Record<string, StoredGraph>;

const NETWORK: Sketch = [
  ["load-lr", { file: { name: "mine.jpg", sha256: "a".repeat(64) } }],
  ["segment", {}, { image: [1, "image"] }],
  ["paint-prior", { strokes: "" }, { prior: [2, "prior"], picture: [1, "image"] }],
  ["condition-net", {}, { prior: [3, "prior"] }],
  ["blend-models", { amount: 0.25 }],
  ["sft-resblocks", {}, { image: [1, "image"], condition: [4, "condition"], model: [5, "model"] }],
  ["upsample", {}, { features: [6, "features"], condition: [4, "condition"], model: [5, "model"] }],
  ["bicubic-upscale", {}, { image: [1, "image"] }],
];
const withApp = (sketch: Sketch, app?: AppMarks): StoredGraph =>
  cleanGraph({
    ...graphOf(sketch),
    extra: { sftgan: { version: 1, title: "Mine", description: "A line.", ...(app && { app }) } },
  });
const paramsOf = ({ groups }: ReturnType<typeof appOf>) => groups.map(({ title, params }) => [title, ...params]);

describe("An app", () => {
  it("has what is marked, in order and by node, the photo's place, and the result compared with the photo", () => {
    const controls = [
      { node: 5, param: "amount" },
      { node: 3, param: "strokes" },
      { node: 2, param: "limit" },
      { node: 5, param: "nothing" },
      { node: 77, param: "gone" },
    ];
    const app = appOf(withApp(NETWORK, { controls, result: 7 }), definitions);
    expect([app.title, app.description]).toEqual(["Mine", "A line."]);
    expect(app.photo).toMatchObject({ node: 1, param: "file" });
    expect(paramsOf(app)).toEqual([
      ["Blend Models", "amount"],
      ["Paint Prior", "strokes"],
      ["Segment", "limit"],
    ]);
    expect(app.result).toBe("7");
    expect(app.layers).toMatchObject({ after: [{ node: "7", label: "Result" }], before: [{ node: "1", label: "Photo" }] });
    expect(app.first).toMatchObject({ after: [{ node: "1" }] });
  });

  it("saves the result by a Save of its own where the graph has none for it", () => {
    const graph = withApp(NETWORK, { controls: [], result: 7 });
    const { saving } = appOf(graph, definitions);
    const saved = parseGraph(saving!.graph, definitions);
    expect(saved.get(saving!.node)).toMatchObject({
      type: "sftgan/save",
      inputs: { image: { node: "7", output: "image" } },
      problems: [],
    });
    expect(cleanGraph(saving!.graph)).toEqual(saving!.graph);
    expect(graph.nodes).toHaveLength(NETWORK.length);
  });

  it("saves by the graph's own Save where that is given the result, or what the result compares", () => {
    const more: Sketch = [
      ...NETWORK,
      ["save", { format: "JPEG" }, { image: [8, "image"] }],
      ["save", {}, { image: [7, "image"] }],
      ["compare", {}, { before: [8, "image"], after: [7, "image"] }],
    ];
    for (const result of [7, 10, 11]) expect(appOf(withApp(more, { controls: [], result }), definitions).saving!.node).toBe("10");
    expect(appOf(withApp(more, { controls: [], result: 8 }), definitions).saving!.node).toBe("9");
    expect(appOf(withApp(more, { controls: [], result: 10 }), definitions).result).toBe("7");
  });

  it("has of a graph without marks the photo, what is painted and the fine sliders before the result", () => {
    const app = appOf(withApp([...NETWORK, ["save", {}, { image: [7, "image"] }]]), definitions);
    expect(app.photo).toMatchObject({ node: 1 });
    expect(paramsOf(app)).toEqual([
      ["Blend Models", "amount"],
      ["Paint Prior", "strokes"],
    ]);
    expect(app.result).toBe("7");
  });

  it("leaves out what another node sets, and what it has no editor for", () => {
    const graph: Sketch = [
      ...NETWORK,
      ["number", { value: 0.5 }],
      ["blend-models", {}, { amount: [9, "value"] }],
      ["contact-sheet", {}],
    ];
    const controls = [
      { node: 10, param: "amount" },
      { node: 11, param: "regions" },
      { node: 9, param: "value" },
    ];
    expect(paramsOf(appOf(withApp(graph, { controls }), definitions))).toEqual([["Number", "value"]]);
  });

  it("takes the photo where its file is marked, if several are read", () => {
    const two: Sketch = [["load-lr"], ["load-lr"], ["difference", {}, { a: [1, "image"], b: [2, "image"] }]];
    expect(appOf(withApp(two), definitions).photo).toBeUndefined();
    const app = appOf(withApp(two, { controls: [{ node: 2, param: "file" }], result: 3 }), definitions);
    expect(app.photo).toMatchObject({ node: 2 });
    expect(app.groups).toEqual([]);
  });

  it("is not more than its name where the graph gives no picture, or is empty", () => {
    for (const sketch of [[], [["number"]]] as Sketch[])
      expect(appOf(withApp(sketch), definitions)).toMatchObject({
        title: "Mine",
        groups: [],
        result: undefined,
        saving: undefined,
      });
  });

  it("is made of every ready graph, with a photo and a picture to save", () => {
    for (const [path, graph] of Object.entries(READY)) {
      const app = appOf(graph, definitions);
      expect(app.saving, path).toBeDefined();
      expect(app.photo ?? /depth/.test(path), path).toBeTruthy();
    }
  });
});

it("A graph is given values without being changed itself; for others it goes without this person's photo", () => {
  const graph = withApp(NETWORK);
  const after = withValues(graph, 5, { amount: 1 });
  expect([graph, after].map(({ nodes }) => nodes[4]!.properties!.amount)).toEqual([0.25, 1]);
  expect(withoutPhoto(graph, definitions).nodes[0]!.properties!.file).toEqual({ name: "sample:scene.png" });
  const shipped = withValues(graph, 1, { file: { name: "sample:alps.jpg" } });
  expect(withoutPhoto(shipped, definitions)).toBe(shipped);
});

it("A graph that gives no picture, or needs nodes that are not here, is no app: the message says which and what to do", () => {
  const strange = (types: readonly string[]) =>
    cleanGraph({
      nodes: types.map((type, i) => ({
        id: i + 1,
        type,
        inputs: [{ name: "image", type: "image", link: i || null }],
        outputs: [{ name: "image", type: "image", links: [i + 1] }],
      })),
      links: types.slice(1).map((_, i) => [i + 1, i + 1, 0, i + 2, 0, "image"]),
    });
  expect(obstacleOf(graphOf(NETWORK), definitions)).toBeUndefined();
  expect(obstacleOf(graphOf([["number", {}]]), definitions)).toMatch(/gives no picture: connect one/);
  expect(obstacleOf(strange(["other/blur", "sftgan/bicubic-upscale"]), definitions)).toMatch(
    /nodes that are not here: “other\/blur”/,
  );
  expect(obstacleOf(strange(["__proto__", "constructor"]), definitions)).toMatch(/“__proto__”, “constructor”/);
  expect(obstacleOf(strange(Array.from({ length: 8 }, (_, i) => `x/${i}`)), definitions)).toMatch(/“x\/4”, 3 more/);
});
