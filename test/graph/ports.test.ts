/** What comes into a subgraph and goes out, changed from inside. */
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { cleanGraph } from "../../src/graph/clean";
import { parseGraph } from "../../src/graph/parse";
import { withPort, withPortsOf } from "../../src/graph/ports";
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

describe("What becomes of a subgraph's ports inside becomes of its slots outside", () => {
  const slot = (name: string, link: number | null) => ({ name, type: "image", link });
  const port = (id: number, name: string) => ({ id, type: "graph/input", properties: { name } });
  /** Two wires into "a" and "b" of node 5, in which two nodes hand them on, and one out of its "c". */
  const whole = cleanGraph({
    nodes: [
      { id: 1, type: "x", outputs: [{ name: "o", type: "image", links: [1, 2] }] },
      {
        ...{ id: 5, type: "graph/subgraph", inputs: [slot("a", 1), slot("b", 2)], flags: { routes: { a: [1, 2], b: [3, 4] } } },
        outputs: [{ name: "c", type: "image", links: [3] }],
        subgraph: { nodes: [port(7, "a"), port(8, "b"), { id: 9, type: "graph/output", properties: { name: "c" } }], links: [] },
      },
      { id: 2, type: "y", inputs: [slot("i", 3)] },
    ],
    links: [
      [1, 1, 0, 5, 0, "image"],
      [2, 1, 0, 5, 1, "image"],
      [3, 5, 0, 2, 0, "image"],
    ],
  });
  const inner = inside(whole, [5])!;
  const after = (nodes: readonly object[]) => {
    const { nodes: all, links } = withPortsOf(whole, [5], cleanGraph({ ...inner, nodes }));
    const { inputs, outputs, flags } = all.find(({ id }) => id === 5)!;
    return { inputs, outputs, routes: flags!.routes, links, target: all.find(({ id }) => id === 2)!.inputs };
  };

  it("one that is deleted takes its slot and its wire with it, and the wires beside it keep theirs", () => {
    const { inputs, routes, links } = after(inner.nodes.filter(({ id }) => id !== 7));
    expect(inputs).toMatchObject([{ name: "b", link: 2 }]);
    expect(links).toEqual([
      [2, 1, 0, 5, 0, "image"],
      [3, 5, 0, 2, 0, "image"],
    ]);
    expect(routes).toEqual({ b: [3, 4] });
    const out = after(inner.nodes.filter(({ id }) => id !== 9));
    expect([out.outputs, out.target]).toMatchObject([[], [{ name: "i", link: null }]]);
  });

  it("one that is renamed keeps its wire; one of the same name is the same slot, and a new one is a new slot", () => {
    const renamed = after(inner.nodes.map((node) => (node.id === 7 ? port(7, "d") : node)));
    expect(renamed.inputs).toMatchObject([{ name: "d", link: 1 }, { name: "b" }]);
    expect(renamed.routes).toEqual({ d: [1, 2], b: [3, 4] });
    const twice = after([...inner.nodes, port(10, "a"), port(11, "e")]);
    expect(twice.inputs!.map(({ name }) => name)).toEqual(["a", "b", "e"]);
    expect(after([...inner.nodes.filter(({ id }) => id !== 7), port(10, "a")]).inputs).toMatchObject([{ link: 1 }, { link: 2 }]);
  });

  it("what a file says of them stays as it is where nothing is changed", () => {
    const odd = cleanGraph({ ...whole, nodes: whole.nodes.map((node) => (node.id === 5 ? { ...node, inputs: [] } : node)) });
    expect(withPortsOf(odd, [5], inner).nodes.find(({ id }) => id === 5)!.inputs).toEqual([]);
  });
});
