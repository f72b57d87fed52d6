/** litegraph's subgraphs taken out into the graph they are in: the same nodes, joined as they were. */
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { cleanGraph } from "../../src/graph/clean";
import { parseGraph } from "../../src/graph/parse";
import type { StoredNode } from "../../src/graph/stored";
import { findNode, flat, graphIn, inside, unpacked, withInside, withNode, withOwnIds } from "../../src/graph/subgraphs";
import ofPeople from "../cases/graphs/lg_subgraph.json";

/** Load LR (1) into a subgraph (2) of Bicubic Upscale and Crop, whose result Preview (3) and Preview (4) show. */
const file = (change: object = {}, inner: object = {}) =>
  cleanGraph({
    last_node_id: 4,
    last_link_id: 3,
    nodes: [
      { id: 1, type: "sftgan/load-lr", pos: [0, 0], outputs: [{ name: "image", type: "image", links: [1] }] },
      {
        id: 2,
        type: "graph/subgraph",
        title: "Enlarge",
        pos: [300, 100],
        size: [140, 60],
        inputs: [{ name: "photo", type: "image", link: 1 }],
        outputs: [{ name: "large", type: "image", links: [2, 3] }],
        subgraph: {
          nodes: [
            {
              id: 1,
              type: "graph/input",
              pos: [0, 0],
              properties: { name: "photo" },
              outputs: [{ name: "", type: "image", links: [1] }],
            },
            {
              id: 2,
              type: "sftgan/bicubic-upscale",
              pos: [200, 50],
              size: [210, 100],
              inputs: [{ name: "image", type: "image", link: 1 }],
              outputs: [{ name: "image", type: "image", links: [2] }],
            },
            {
              id: 3,
              type: "sftgan/crop",
              pos: [500, 50],
              size: [210, 100],
              properties: { left: 3 },
              inputs: [{ name: "image", type: "image", link: 2 }],
              outputs: [{ name: "image", type: "image", links: [3] }],
            },
            {
              id: 4,
              type: "graph/output",
              pos: [900, 0],
              properties: { name: "large" },
              inputs: [{ name: "", type: "image", link: 3 }],
            },
          ],
          links: [
            [1, 1, 0, 2, 0, "image"],
            [2, 2, 0, 3, 0, "image"],
            [3, 3, 0, 4, 0, "image"],
          ],
          groups: [{ title: "mine", bounding: [190, 0, 300, 200] }],
          ...inner,
        },
        ...change,
      },
      { id: 3, type: "sftgan/preview", pos: [600, 0], inputs: [{ name: "image", type: "image", link: 2 }] },
      { id: 4, type: "sftgan/preview", pos: [600, 300], inputs: [{ name: "image", type: "image", link: 3 }] },
    ],
    links: [
      [1, 1, 0, 2, 0, "image"],
      [2, 2, 0, 3, 0, "image"],
      [3, 2, 0, 4, 0, "image"],
    ],
  });
const wires = ({ links }: { readonly links: readonly (readonly unknown[])[] }) =>
  links.map(([, from, , to]) => `${from}>${to}`).sort();

describe("A graph with subgraphs, as it runs", () => {
  it("has what is in them in their places, however deep, and says in which each node was", () => {
    const inside = (file().nodes.find(({ id }) => id === 2) as unknown as { subgraph: { nodes: object[] } }).subgraph;
    const nested = { id: 5, type: "graph/subgraph", subgraph: { nodes: [{ id: 1, type: "sftgan/number" }], links: [] } };
    const { graph, owners } = flat(file({}, { ...inside, nodes: [...inside.nodes, nested] }));
    expect(graph.nodes.some((node) => graphIn(node))).toBe(false);
    const number = graph.nodes.find(({ type }) => type === "sftgan/number")!;
    const outer = owners.get(number.id)!;
    expect(owners.get(outer.id)!.id).toBe(2);
    expect(wires(graph)).toEqual(["1>6", "6>7", "7>3", "7>4"]);
  });

  it("hand on by their own inputs and outputs while they are bypassed, and nothing while they are muted, which is said of them", () => {
    const port = (id: number, type: string, name: string, more: object) => ({ id, type, properties: { name }, ...more });
    const held = (from: number) => ({
      nodes: [
        port(1, "graph/input", "photo", { outputs: [{ name: "", type: "image", links: from === 1 ? [1] : [] }] }),
        { id: 2, type: "sftgan/load-lr", outputs: [{ name: "image", type: "image", links: from === 2 ? [1] : [] }] },
        port(4, "graph/output", "large", { inputs: [{ name: "", type: "image", link: 1 }] }),
      ],
      links: [[1, from, 0, 4, 0, "image"]],
      groups: [],
    });
    const preview = (mode: number, from: number) => parseGraph(file({ mode }, held(from)), definitions).get("3")!;
    expect(preview(0, 2).inputs.image!.node).not.toBe("1");
    for (const from of [1, 2]) {
      expect(preview(4, from).inputs).toEqual({ image: { node: "1", output: "image" } });
      expect(preview(2, from).inputs).toEqual({});
      expect(preview(2, from).problems.join()).toContain('"Enlarge" (node 2), which is muted');
    }
    const check = parseGraph(file({ mode: 4 }, held(2)), definitions).get("2")!;
    expect([check.mode, check.notes]).toEqual(["bypassed", ["it is bypassed: it does not run and hands on what feeds it"]]);
  });

  it("leaves those that cannot be read, or that it is told to leave", () => {
    expect(flat(file(), () => false)).toEqual({ graph: file(), owners: new Map(), refused: new Map() });
    const unreadable = file({}, { nodes: [{ id: "x" }] });
    expect(flat(unreadable).graph).toEqual(unreadable);
    expect(flat(cleanGraph(ofPeople)).graph.nodes).toHaveLength(18);
  });
});

describe("Nodes inside of subgraphs", () => {
  const nested = () => {
    const inner = { id: 5, type: "graph/subgraph", subgraph: { nodes: [{ id: 1, type: "sftgan/number" }], links: [] } };
    const held = (file().nodes.find(({ id }) => id === 2) as unknown as { subgraph: { nodes: object[] } }).subgraph;
    return withOwnIds(file({}, { nodes: [...held.nodes, inner] }));
  };

  it("get ids of their own, by which they are found, changed and run", () => {
    const graph = nested();
    const all: number[] = [];
    const note = ({ nodes }: { readonly nodes: readonly StoredNode[] }): void => {
      for (const node of nodes) {
        all.push(node.id);
        note((graphIn(node) as never) ?? { nodes: [] });
      }
    };
    note(graph);
    expect(new Set(all).size).toBe(all.length);
    expect(cleanGraph(graph).last_node_id).toBe(Math.max(...all));
    expect(withOwnIds(graph)).toBe(graph);
    const number = flat(graph).graph.nodes.find(({ type }) => type === "sftgan/number")!;
    expect(findNode(graph, number.id)!.path).toHaveLength(2);
    const changed = withNode(graph, number.id, (node) => ({ ...node, properties: { value: 7 } }));
    expect(parseGraph(changed, definitions).get(String(number.id))!.params).toMatchObject({ value: 7 });
    expect(wires(flat(graph).graph)).toEqual(wires(flat(changed).graph));
    expect(withNode(graph, 999, () => expect.fail())).toBe(graph);
  });

  it("are those of the graph that a path leads to", () => {
    const graph = nested();
    const { path } = findNode(graph, flat(graph).graph.nodes.find(({ type }) => type === "sftgan/number")!.id)!;
    expect(inside(graph, [])).toBe(graph);
    expect(inside(graph, path)!.nodes.map(({ type }) => type)).toEqual(["sftgan/number"]);
    expect(inside(graph, [1])).toBeUndefined();
    const emptied = withInside(graph, path, { ...inside(graph, path)!, nodes: [] });
    expect(inside(emptied, path)!.nodes).toEqual([]);
    expect(inside(emptied, path.slice(0, 1))!.nodes).toHaveLength(5);
    expect(() => withInside(graph, [1], graph)).toThrow("node 1 holds no graph: choose a subgraph");
    const unreadable = file({}, { nodes: [{ id: "x" }] });
    expect(withOwnIds(unreadable)).toBe(unreadable);
  });
});

describe("A subgraph that is unpacked", () => {
  it("leaves its nodes joined to each other and to what it was joined to, and runs", () => {
    const { graph, ids } = unpacked(file(), 2);
    expect(ids).toEqual([5, 6]);
    expect(graph.nodes.map(({ type }) => type)).toEqual([
      "sftgan/load-lr",
      "sftgan/preview",
      "sftgan/preview",
      "sftgan/bicubic-upscale",
      "sftgan/crop",
    ]);
    expect(wires(graph)).toEqual(["1>5", "5>6", "6>3", "6>4"]);
    const parsed = parseGraph(cleanGraph(graph), definitions);
    expect([...parsed.values()].flatMap(({ problems }) => problems)).toEqual([]);
    expect(parsed.get("6")!.params).toMatchObject({ left: 3 });
  });

  it("stands where the node stood, in a frame with its title, and what is to its right makes room", () => {
    const { graph } = unpacked(file(), 2);
    const place = (id: number) => graph.nodes.find((node) => node.id === id)!.pos;
    expect([place(1), place(5), place(6)]).toEqual([
      [0, 0],
      [300, 100],
      [600, 100],
    ]);
    expect(place(3)![0]).toBeGreaterThan(600 + 210);
    expect(graph.groups.map((group) => (group as { title: string }).title)).toEqual(["Enlarge", "mine"]);
  });

  it("takes its mode along, leaves open what nothing feeds, and loses no nested one", () => {
    expect(
      unpacked(file({ mode: 4 }), 2)
        .graph.nodes.filter(({ mode }) => mode === 4)
        .map(({ id }) => id),
    ).toEqual([5, 6]);
    const open = unpacked(file({ inputs: [{ name: "other", type: "image", link: 1 }] }), 2);
    expect(wires(open.graph)).toEqual(["5>6", "6>3", "6>4"]);
    const nested = { id: 9, type: "graph/subgraph", subgraph: { nodes: [], links: [] } };
    const { graph, ids } = unpacked(file({}, { nodes: [nested], links: [] }), 2);
    expect(graphIn(graph.nodes.find(({ id }) => id === ids[0])!)).toEqual({ nodes: [], links: [] });
    expect(wires(graph)).toEqual([]);
  });

  it("may be anybody's, and is refused with a message where it is none", () => {
    const { graph, ids } = unpacked(cleanGraph(ofPeople), 78);
    expect(ids).toHaveLength(9);
    expect(graph.links).toHaveLength(24);
    expect(() => unpacked(file(), 1)).toThrow("node 1 holds no graph: choose a subgraph");
    expect(() => unpacked(file({}, { nodes: [{ id: "x" }] }), 2)).toThrow(/has the id/);
    expect(unpacked(file({}, { nodes: [], links: [] }), 2).graph.groups).toHaveLength(1);
  });
});
