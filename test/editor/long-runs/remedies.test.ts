import { describe, expect, it } from "vitest";
import ready from "../../../graphs/sft-gan.json";
import { definitions } from "../../../nodes";
import { withCrop, withLite } from "../../../src/editor/long-runs/remedies";
import { parseGraph } from "../../../src/graph/parse";
import type { StoredGraph } from "../../../src/graph/stored";
import { findNode, inside, withInside, withOwnIds } from "../../../src/graph/subgraphs";
import { graphOf } from "../../graph-builder";

const definition = (type: string) => definitions.find((def) => def.type === type);
const graph = ready as unknown as StoredGraph;
const problems = (stored: StoredGraph) => [...parseGraph(stored, definitions).values()].flatMap((node) => node.problems);
const size = { width: 400, height: 300 };

describe("A crop that makes a run short", () => {
  const found = withCrop(graph, definition, 1, size, { width: 96, height: 64 })!;
  const parsed = parseGraph(found.graph, definitions);

  it("cuts the middle out of the photo for all that takes it", () => {
    expect(parsed.get(String(found.node))).toMatchObject({
      type: "sftgan/crop",
      params: { left: 152, top: 118, width: 96, height: 64 },
      inputs: { image: { node: "1", output: "image" } },
    });
    const taking = [...parsed.values()].filter(({ inputs }) => Object.values(inputs).some(({ node }) => node === "1"));
    expect(taking.map(({ id }) => id)).toEqual([String(found.node)]);
    expect(problems(found.graph)).toEqual([]);
  });

  it("leads the wires that it moves as they were, and leaves the graph that there was alone", () => {
    const routes = ({ nodes }: StoredGraph) => nodes.slice(0, 9).map(({ flags }) => flags?.routes);
    expect(routes(found.graph)).toEqual(routes(graph));
    expect(graph.nodes).toHaveLength(9);
    expect(found.added).toEqual([found.node]);
  });

  it("is none where nothing takes the photo, or the node is gone", () => {
    expect(withCrop(graphOf([["load-lr"]]), definition, 1, size, size)).toBeUndefined();
    expect(withCrop(graph, definition, 99, size, size)).toBeUndefined();
  });
});

describe("The weights lite that make a run short", () => {
  it("are given to every node that would take the large ones that ship", () => {
    const found = withLite(graph, definition)!;
    const parsed = parseGraph(found.graph, definitions);
    const given = [...parsed.values()].filter(({ inputs }) => inputs.model?.node === String(found.node));
    expect(given.map(({ type }) => type)).toEqual(["sftgan/condition-net", "sftgan/sft-resblocks", "sftgan/upsample"]);
    expect(parsed.get("4")!.params.blocks).toBe(8); // lite has no more
    expect(parsed.get(String(found.node))!.params.file).toEqual({ name: "weights:lite.safetensors" });
    expect(problems(found.graph)).toEqual([]);
  });

  it("take the place of those in a Load Model, and of no others", () => {
    const load = (name: string) =>
      graphOf([
        ["load-model", { file: { name } }],
        ["sft-resblocks", {}, { model: [1, "model"] }],
      ]);
    const found = withLite(load("weights:psnr.safetensors"), definition)!;
    expect(found).toMatchObject({ node: 1, added: [] });
    expect(found.graph.nodes[0]!.properties).toEqual({ file: { name: "weights:lite.safetensors" } });
    for (const name of ["weights:lite.safetensors", "weights:depth.safetensors", "mine.pth"])
      expect(withLite(load(name), definition)).toBeUndefined();
  });
});

describe("In a graph whose photo and networks are in subgraphs", () => {
  /** All of the ready graph inside of node 50, and beside it blocks whose model would come by an input to which nothing is wired. */
  const whole = withOwnIds({
    ...graph,
    last_node_id: 51,
    nodes: [
      { id: 50, type: "graph/subgraph", subgraph: graph } as never,
      {
        ...{ id: 51, type: "graph/subgraph", inputs: [{ name: "model", type: "model", link: null }] },
        subgraph: {
          ...graphOf([["sft-resblocks", { blocks: 16 }]]),
          nodes: [
            ...graphOf([["sft-resblocks", { blocks: 16 }]]).nodes.map((node) => ({ ...node, id: 60 })),
            { id: 61, type: "graph/input", outputs: [{ name: "", type: 0, links: [1] }], properties: { name: "model" } },
          ],
          links: [[1, 61, 0, 60, 3, "model"]],
        },
      } as never,
    ],
    links: [],
  });

  it("the crop is put where the photo is", () => {
    const found = withCrop(whole, definition, 1, size, { width: 96, height: 64 })!;
    expect(found.node).toBeGreaterThan(61);
    expect(findNode(found.graph, found.node)!.path).toEqual([50]);
    const parsed = parseGraph(found.graph, definitions);
    expect(parsed.get("2")!.inputs.image).toEqual({ node: String(found.node), output: "image" });
    expect(found.graph.last_node_id).toBe(found.node);
    const again = withCrop(found.graph, definition, 1, size, { width: 64, height: 64 });
    expect(again).toBeUndefined();
  });

  it("lite is given in each of them, also in the place of an input to which nothing is wired", () => {
    const found = withLite(whole, definition)!;
    expect(found.added.map((id) => findNode(found.graph, id)!.path)).toEqual([[50], [51]]);
    const parsed = parseGraph(found.graph, definitions);
    const given = [...parsed.values()].flatMap(({ id, inputs }) => (inputs.model ? [[id, inputs.model.node]] : []));
    const [one, other] = found.added.map(String);
    expect(given).toEqual(
      expect.arrayContaining([
        ["4", one],
        ["60", other],
      ]),
    );
    expect([parsed.get("4")!.params.blocks, parsed.get("60")!.params.blocks]).toEqual([8, 8]);
    expect(new Set(found.added).size).toBe(2);
    const loaded = withLite(found.graph, definition);
    expect(loaded).toBeUndefined();
    const old = withInside(whole, [50], { ...inside(whole, [50])!, nodes: [], links: [] });
    expect(withLite(old, definition)!.added).toHaveLength(1);
  });
});
