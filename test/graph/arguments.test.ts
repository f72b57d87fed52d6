import { describe, expect, it } from "vitest";
import { argumentsOf, isFileReader } from "../../src/graph/arguments";
import { type AnyNode, file, number } from "../../src/graph/node";
import type { GraphNode } from "../../src/graph/parse";

const definition = {
  inputs: { image: { type: "image", help: "" }, model: { type: "model", help: "", shipped: "weights:a" } },
  params: { amount: number({ default: 1, min: 0, max: 2, help: "" }), picture: file({ default: null, help: "" }) },
} as unknown as AnyNode;
const node = (inputs: GraphNode["inputs"], params: GraphNode["params"] = { amount: 1 }) =>
  ({ id: "2", inputs, params }) as GraphNode;
const given = (inputs: GraphNode["inputs"], outputs: Record<string, unknown>) =>
  argumentsOf(definition, node(inputs), () => outputs, { shipped: async (name) => `what ships as ${name}` });

describe("What a node is given", () => {
  it("is what is connected, what ships where nothing is, and its parameters", async () => {
    expect(await given({ image: { node: "1", output: "out" } }, { out: 7 })).toEqual({
      inputs: { image: 7, model: "what ships as weights:a" },
      params: { amount: 1 },
    });
    const { inputs } = await given({ model: { node: "1", output: "out" } }, { out: 7 });
    expect(inputs).toEqual({ model: 7 });
  });

  it("has the value of a link that feeds a parameter, where that fits it", async () => {
    const link = { amount: { node: "1", output: "out" } };
    expect((await given(link, { out: 2 })).params).toEqual({ amount: 2 });
    await expect(given(link, { out: 3 })).rejects.toThrow(/^the value that feeds it does not fit: .*amount/);
  });
});

it("A node reads a file by itself where it holds one and nothing feeds it", () => {
  const picture = { name: "a.png" };
  expect(isFileReader(node({}, { picture }), definition.params)).toBe(true);
  expect(isFileReader(node({}, { picture: null }), definition.params)).toBe(false);
  expect(isFileReader(node({ image: { node: "1", output: "out" } }, { picture }), definition.params)).toBe(false);
});
