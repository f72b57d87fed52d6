/** What comes into a subgraph and goes out, changed from inside. */
import { expect, it } from "vitest";
import { definitions } from "../../nodes";
import { cleanGraph } from "../../src/graph/clean";
import { parseGraph } from "../../src/graph/parse";
import { withPort } from "../../src/graph/ports";
import { inside, withInside } from "../../src/graph/subgraphs";

const graph = () =>
  cleanGraph({
    nodes: [
      { id: 1, type: "sftgan/number" },
      { id: 2, type: "graph/subgraph", subgraph: { nodes: [], links: [] } },
    ],
    links: [],
  });

it("A subgraph gets inputs and outputs, a slot on it and a node inside, by which values flow", () => {
  const { graph: wide, id } = withPort(graph(), [2], "input", "value");
  const { graph: both, id: out } = withPort(wide, [2], "output", "value");
  expect([id, out]).toEqual([3, 4]);
  expect(both.nodes[1]).toMatchObject({ inputs: [{ name: "value", link: null }], outputs: [{ name: "value", links: null }] });
  const wired = withInside(both, [2], { ...inside(both, [2])!, links: [[1, 3, 0, 4, 0, 0]] });
  const note = { id: 9, type: "sftgan/text", inputs: [{ name: "value", type: 0, link: 2 }] };
  const run = parseGraph(
    cleanGraph({
      ...wired,
      nodes: [...wired.nodes, note],
      links: [
        [1, 1, 0, 2, 0, 0],
        [2, 2, 0, 9, 0, 0],
      ],
    }),
    definitions,
  );
  expect(run.get("9")!.inputs).toEqual({ value: { node: "1", output: "value" } });
});

it("Names are there once, and a path leads to a subgraph", () => {
  const { graph: wide } = withPort(graph(), [2], "input", "value");
  expect(() => withPort(wide, [2], "input", "value")).toThrow('the subgraph has an input "value" already: choose another name');
  expect(() => withPort(graph(), [1], "input", "value")).toThrow("there is no graph in this node");
  expect(() => withPort(graph(), [], "input", "value")).toThrow("there is no graph in this node");
});
