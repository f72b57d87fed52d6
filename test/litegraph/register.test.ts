import { describe, expect, it } from "vitest";
import { type AnyLiteGraph, defaultTheme, load, register, retheme, save, stateOf, unregister } from "../../src/litegraph";
import { themeOfNode } from "../../src/litegraph/theme";
import { toolkit } from "../../src/toolkit/toolkit";
import { definitions, everything, LGraph, type LGraphNode, LiteGraph } from "./fake";

const { defineNode, image, number } = toolkit;

/** A node that is not registered until a test does it. */
const late = defineNode({
  type: "late/gamma",
  title: "Gamma",
  description: "Raises every sample to a power.",
  inputs: { image: image("a picture") },
  params: { power: number({ default: 1, min: 0.1, max: 5, help: "how much" }) },
  outputs: { image: image("a picture") },
  run: ({ image }) => ({ image }),
});

const stored = {
  nodes: [
    { id: 1, type: "sftgan/load-lr", outputs: [{ name: "image", type: "image", links: [1] }] },
    { id: 2, type: "late/gamma", pos: [400, 50], inputs: [{ name: "image", type: "image", link: 1 }], properties: { power: 2 } },
  ],
  links: [[1, 1, 0, 2, 0, "image"]],
};

describe("register", () => {
  it("refuses what is not litegraph, and says which are", () => {
    const tsCore = { registerNodeType: () => {}, LGraph: undefined }; // @litegraph-ts/core keeps its classes elsewhere
    for (const other of [undefined, {}, tsCore])
      expect(() => register(other as unknown as AnyLiteGraph, definitions)).toThrow(
        "register takes the object LiteGraph that litegraph.js 0.7, or @comfyorg/litegraph 0.17 exports",
      );
  });

  it("makes the nodes of placeholders when it is called again, with wires, values and places as they were", () => {
    const graph = new LGraph();
    load(graph, stored);
    expect((graph.getNodeById(2) as LGraphNode).title).toBe("late/gamma");
    register(LiteGraph, [...definitions, late]);
    const node = graph.getNodeById(2) as LGraphNode;
    expect([node.title, node.properties.power, [...node.pos.slice(0, 2)]]).toEqual(["Gamma", 2, [400, 50]]);
    expect(node.getInputNode(0)?.id).toBe(1);
    expect(stateOf(node).phase).toBe("idle");
    expect(save(graph).nodes[1]).toMatchObject({ type: "late/gamma", properties: { power: 2 } });
  });

  it("gives nodes the page's colours where it has some, and ours for the rest", () => {
    register(LiteGraph, definitions, { theme: { accent: "#123456", sockets: { prior: "#654321" } } });
    const theme = { ...themeOfNode(LiteGraph.createNode("sftgan/segment") as LGraphNode) };
    register(LiteGraph, definitions);
    expect(theme).toMatchObject({ accent: "#123456", bad: "#ff6b70", sockets: { prior: "#654321", image: "#5b9dff" } });
    expect(themeOfNode(LiteGraph.createNode("sftgan/segment") as LGraphNode).accent).toBe("#5b9dff");
  });
});

describe("retheme", () => {
  it("gives nodes that are there other colours, with their slots and wires, and the page's own keep theirs", () => {
    register(LiteGraph, definitions);
    const graph = new LGraph();
    load(graph, stored);
    const node = graph.getNodeById(1) as LGraphNode;
    const { link_type_colors: wires } = (LiteGraph as unknown as { LGraphCanvas: { link_type_colors: Record<string, string> } })
      .LGraphCanvas;
    const own = wires.number;
    wires.number = "#010203";
    const colour = () => (node.constructor as unknown as { bgcolor: string }).bgcolor;
    const slot = () => (node.outputs[0] as unknown as { color_on: string }).color_on;
    const sockets = { ...defaultTheme.sockets, image: "#abcdef", number: "#fedcba" };
    retheme(LiteGraph, { ...defaultTheme, node: "#ffffff", sockets }, graph);
    expect([colour(), slot(), wires.image, wires.number]).toEqual(["#ffffff", "#abcdef", "#abcdef", "#010203"]);
    retheme(LiteGraph, defaultTheme, graph);
    expect([colour(), slot(), wires.image]).toEqual([defaultTheme.node, "#5b9dff", "#5b9dff"]);
    if (own) wires.number = own;
  });
});

describe("unregister", () => {
  it("takes the types, the wires' colours and the dropped files' endings away, and leaves the page's own", () => {
    const { LGraphCanvas } = LiteGraph as unknown as { LGraphCanvas?: { link_type_colors: Record<string, string> } };
    const endings = LiteGraph.node_types_by_file_extension as unknown as Record<string, unknown>;
    const types = Object.keys(LiteGraph.registered_node_types);
    const own = Object.entries(endings).filter(([, Class]) => !(Class as { definition?: unknown }).definition);
    expect(endings).toHaveProperty("test");
    unregister(LiteGraph);
    const left = Object.keys(LiteGraph.registered_node_types);
    expect(types.filter((type) => !left.includes(type)).sort()).toEqual(definitions.map(({ type }) => type).sort());
    expect(Object.entries(endings)).toEqual(own);
    expect(own.length).toBeGreaterThan(0);
    if (LGraphCanvas) expect(LGraphCanvas.link_type_colors).not.toHaveProperty("prior");
    expect(() => load(new LGraph(), stored)).toThrow("call register(LiteGraph) first");
    unregister(LiteGraph);
    register(LiteGraph, definitions);
    expect((LiteGraph.createNode(everything.type) as LGraphNode).title).toBe("Everything");
  });
});
