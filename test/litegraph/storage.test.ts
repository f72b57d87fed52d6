import { describe, expect, it } from "vitest";
import { load, save } from "../../src/litegraph";
import { graphOf, LGraph, LiteGraph, storedNode } from "./fake";

/** Load LR -> Everything -> Sink, as a file that says what its sockets were then. */
const file = (inputs: unknown[], slot: number, more: object = {}) => ({
  last_node_id: 3,
  last_link_id: 2,
  nodes: [
    { id: 1, type: "sftgan/load-lr", pos: [10, 20], outputs: [{ name: "image", type: "image", links: [1] }], properties: {} },
    {
      id: 2,
      type: "test/everything",
      pos: [300, 20],
      inputs,
      outputs: [{ name: "picture", type: "image", links: [2] }],
      properties: {},
    },
    { id: 3, type: "test/sink", pos: [600, 20], inputs: [{ name: "picture", type: "image", link: 2 }], properties: {} },
  ],
  links: [
    [1, 1, 0, 2, slot, "image"],
    [2, 2, 0, 3, 0, "image"],
  ],
  groups: [],
  config: {},
  version: 0.4,
  ...more,
});

const open = (json: unknown): LGraph => {
  const graph = new LGraph();
  load(graph, json);
  return graph;
};
const source = (graph: LGraph, id: number, input: string) => {
  const node = graph.getNodeById(id)!;
  return node.getInputNode(node.findInputSlot(input))?.id;
};

describe("Links of a stored graph", () => {
  it("follow the stored names where the sockets were in another order", () => {
    const graph = open(
      file(
        [
          { name: "words", type: "text", link: null },
          { name: "picture", type: "image", link: 1 },
        ],
        1,
      ),
    );
    expect(source(graph, 2, "picture")).toBe(1);
    expect(source(graph, 3, "picture")).toBe(2);
    expect(graph.links[1]!.target_slot).toBe(0);
  });

  it("survive sockets that did not exist then, which appear unconnected", () => {
    const graph = open(file([{ name: "picture", type: "image", link: 1 }], 0));
    const node = graph.getNodeById(2)!;
    expect(node.inputs.map(({ name }) => name)).toEqual(["picture", "prior", "words"]);
    expect(node.outputs.map(({ name }) => name)).toEqual(["picture", "count"]);
    expect(source(graph, 2, "picture")).toBe(1);
  });

  it("go with a socket that exists no more, at both ends", () => {
    const graph = open(file([{ name: "gone", type: "image", link: 1 }], 0));
    expect(graph.links[1]).toBeUndefined();
    expect(graph.getNodeById(1)!.outputs[0]!.links ?? []).toEqual([]);
    expect(save(graph).links.map(([id]) => id)).toEqual([2]);
  });

  it("lead into a parameter that was made an input", () => {
    const graph = open({
      ...file(
        [
          { name: "picture", type: "image", link: 1 },
          { name: "blocks", type: "number", link: 3 },
        ],
        0,
      ),
      nodes: [
        ...file(
          [
            { name: "blocks", type: "number", link: 3 },
            { name: "picture", type: "image", link: 1 },
          ],
          1,
        ).nodes,
        { id: 4, type: "sftgan/number", outputs: [{ name: "value", type: "number", links: [3] }], properties: { value: 8 } },
      ],
      links: [
        [1, 1, 0, 2, 1, "image"],
        [2, 2, 0, 3, 0, "image"],
        [3, 4, 0, 2, 0, "number"],
      ],
    });
    expect(source(graph, 2, "blocks")).toBe(4);
    expect(source(graph, 2, "picture")).toBe(1);
  });

  it("resolve by name also where the page configures the graph itself", () => {
    const graph = new LGraph();
    graph.configure(structuredClone(file([{ name: "words" }, { name: "picture", type: "image", link: 1 }], 1)));
    expect(source(graph, 2, "picture")).toBe(1);
  });

  it("are dropped where an end is missing", () => {
    const json = file([{ name: "picture", type: "image", link: 1 }], 0);
    const graph = open({ ...json, nodes: json.nodes.slice(1) });
    expect(save(graph).links.map(([id]) => id)).toEqual([2]);
    expect(graph.getNodeById(2)!.inputs[0]!.link).toBeNull();
  });
});

describe("save", () => {
  it("writes what load reads back unchanged, so that undo can compare texts", () => {
    const { graph, nodes } = graphOf("sftgan/load-lr", "test/everything", "test/sink", "test/source");
    nodes[0]!.connect(0, nodes[1]!, "picture");
    nodes[1]!.connect("picture", nodes[2]!, 0);
    nodes[1]!.setProperty("blocks", 4);
    nodes[1]!.pos = [12.5, 7];
    nodes[1]!.title = "Mine";
    const stored = save(graph);
    const text = JSON.stringify(stored);
    load(graph, stored);
    expect(JSON.parse(JSON.stringify(save(graph)))).toEqual(JSON.parse(text));
    load(graph, save(graph));
    expect(JSON.parse(JSON.stringify(save(graph)))).toEqual(JSON.parse(text));
  });

  it("numbers the format and writes places as lists", () => {
    const { graph, nodes } = graphOf("test/everything");
    nodes[0]!.pos = [10, 10];
    const stored = save(graph);
    expect(stored.extra).toEqual({ sftgan: { version: 1 } });
    expect(storedNode(stored, 1).pos).toEqual([10, 10]);
    expect(JSON.parse(JSON.stringify(graph.serialize())).nodes[0].pos).toEqual([10, 10]);
    expect(storedNode(stored, 1).inputs).toEqual([
      { name: "picture", type: "image", link: null },
      { name: "prior", type: "prior", link: null },
      { name: "words", type: "text", link: null },
    ]);
  });

  it("leaves what flows out of the page's own nodes where it is", () => {
    const { graph, nodes } = graphOf("test/source");
    nodes[0]!.setOutputData(0, 42);
    save(graph);
    expect((nodes[0]!.outputs[0] as { _data?: unknown })._data).toBe(42);
  });

  it("keeps the size a person gave a node", () => {
    const { graph, nodes } = graphOf("test/everything");
    nodes[0]!.setSize([500, 600]);
    nodes[0]!.addInput("blocks", "number");
    load(graph, save(graph));
    expect([...graph.getNodeById(1)!.size]).toEqual([500, 600]);
  });
});

describe("load", () => {
  it.each([
    ["text", "hello"],
    ["a list", []],
    ["nothing", null],
    ["nodes that are no list", { nodes: 3 }],
    ["a newer format", { nodes: [], extra: { sftgan: { version: 99 } } }],
  ])("refuses %s with a message and leaves the graph as it was", (_, json) => {
    const { graph } = graphOf("test/everything");
    const before = JSON.stringify(save(graph));
    expect(() => load(graph, json)).toThrow(/\w+ .*[:;]/);
    expect(JSON.stringify(save(graph))).toBe(before);
  });

  it("lets no stored key shadow a method", () => {
    const json = JSON.parse(`{
      "nodes": [{"id": 1, "type": "test/everything", "onExecute": "x", "serialize": 1, "computeSize": null,
                 "properties": {"__proto__": {"polluted": true}, "constructor": 1, "blocks": 3}}],
      "links": [], "add": "x", "serialize": "y", "_nodes": [], "__proto__": {"polluted": true}
    }`);
    const graph = open(json);
    const node = graph.getNodeById(1)!;
    expect(typeof graph.add).toBe("function");
    expect(typeof node.serialize).toBe("function");
    expect(typeof node.onExecute).toBe("function");
    expect((node.properties as { polluted?: boolean }).polluted).toBeUndefined();
    expect(node.properties.blocks).toBe(3);
    const direct = new LGraph();
    direct.configure({ nodes: structuredClone(json.nodes), links: [] });
    expect(typeof direct.getNodeById(1)!.onExecute).toBe("function");
  });

  it("refuses more nodes than litegraph holds before it touches the graph", () => {
    const { graph } = graphOf("test/everything");
    const nodes = Array.from({ length: 1001 }, (_, id) => ({ id, type: "test/sink" }));
    expect(() => load(graph, { nodes, links: [] })).toThrow("the graph has 1001 nodes; at most 1000 are read");
    expect(save(graph).nodes).toHaveLength(1);
  });

  it("puts the graph back where one of the page's own nodes cannot be configured", () => {
    class Fragile extends (LiteGraph as unknown as { LGraphNode: typeof import("litegraph.js").LGraphNode }).LGraphNode {
      override configure(): void {
        throw new Error("broken");
      }
    }
    LiteGraph.registerNodeType("test/fragile", Fragile);
    const { graph } = graphOf("test/everything");
    expect(() => load(graph, { nodes: [{ id: 7, type: "test/fragile" }], links: [] })).toThrow("broken");
    expect(save(graph).nodes.map(({ type }) => type)).toEqual(["test/everything"]);
  });

  it("keeps text where a number belongs, for the run to say so", () => {
    const graph = open({ nodes: [{ id: 1, type: "test/everything", properties: { blocks: "alert(1)" } }], links: [] });
    expect(graph.getNodeById(1)!.properties.blocks).toBe("alert(1)");
    expect(storedNode(save(graph), 1).properties!.blocks).toBe("alert(1)");
  });
});
