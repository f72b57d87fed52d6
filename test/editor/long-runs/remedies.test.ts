import { describe, expect, it } from "vitest";
import ready from "../../../graphs/sft-gan.json";
import { definitions } from "../../../nodes";
import { withCrop, withLite } from "../../../src/editor/long-runs/remedies";
import { parseGraph } from "../../../src/graph/parse";
import type { StoredGraph } from "../../../src/graph/stored";
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

  it("leaves the wires that it moves as litegraph draws them, and the graph that there was as it was", () => {
    const routes = found.graph.nodes.flatMap(({ flags }) => Object.keys((flags?.routes ?? {}) as object));
    expect(routes).not.toContain("image");
    expect(graph.nodes).toHaveLength(9);
    expect(found.isNew).toBe(true);
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
    expect(found).toMatchObject({ node: 1, isNew: false });
    expect(found.graph.nodes[0]!.properties).toEqual({ file: { name: "weights:lite.safetensors" } });
    for (const name of ["weights:lite.safetensors", "weights:depth.safetensors", "mine.pth"])
      expect(withLite(load(name), definition)).toBeUndefined();
  });
});
