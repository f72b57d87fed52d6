import { describe, expect, it } from "vitest";
import { load, placeholderTypeOf, save } from "../../src/litegraph";
import { LGraph, LiteGraph, storedNode } from "./fake";

const graphWith = (type: string) => ({
  nodes: [
    { id: 1, type: "sftgan/load-lr", outputs: [{ name: "image", type: "image", links: [1] }], properties: {} },
    {
      id: 2,
      type,
      title: "Theirs",
      pos: [100, 50],
      size: [333, 222],
      mode: 0,
      flags: {},
      inputs: [
        { name: "a", type: "image", link: 1 },
        { name: "b", type: "<img src=x onerror=alert(1)>", link: null },
      ],
      outputs: [{ name: "out", type: "image", links: [2] }],
      properties: { deep: { list: [1, "two"] }, "<i>": "<b>" },
    },
    { id: 3, type: "test/sink", inputs: [{ name: "picture", type: "image", link: 2 }], properties: {} },
  ],
  links: [
    [1, 1, 0, 2, 0, "image"],
    [2, 2, 0, 3, 0, "image"],
  ],
});
const open = (json: unknown): LGraph => {
  const graph = new LGraph();
  load(graph, json);
  return graph;
};

describe("A node of an unknown type", () => {
  it.each(["vendor/thing", "__proto__", "constructor", "<img src=x onerror=alert(1)>", "toString"])(
    "of %j keeps its data, title, place, size and wires through load and save",
    (type) => {
      const graph = open(graphWith(type));
      const stored = storedNode(save(graph), 2);
      expect(stored).toMatchObject({ ...graphWith(type).nodes[1], order: expect.anything() });
      expect(save(graph).links).toHaveLength(2);
      const again = open(save(graph));
      expect(JSON.parse(JSON.stringify(save(again)))).toEqual(JSON.parse(JSON.stringify(save(graph))));
    },
  );

  it("can be moved, renamed and rewired, and is stored as it is then", () => {
    const graph = open(graphWith("vendor/thing"));
    const [first, theirs] = [graph.getNodeById(1)!, graph.getNodeById(2)!];
    expect(placeholderTypeOf(theirs)).toBe("vendor/thing");
    theirs.pos = [7, 8];
    theirs.title = "Moved";
    theirs.disconnectInput(0);
    first.connect(0, theirs, 1); // a wildcard could; the type is no image
    theirs.disconnectOutput(0);
    const stored = storedNode(save(graph), 2);
    expect(stored.pos).toEqual([7, 8]);
    expect(stored.title).toBe("Moved");
    expect(stored.inputs![0]!.link).toBeNull();
    expect(stored.outputs![0]!.links).toBeNull();
    expect(stored.properties).toEqual(graphWith("").nodes[1]!.properties);
    first.connect(0, theirs, 0);
    expect(storedNode(save(graph), 2).inputs![0]!.link).not.toBeNull();
  });

  it("keeps wires to slots that its file did not list", () => {
    const json = graphWith("vendor/bare");
    const { inputs: _, outputs: __, ...bare } = json.nodes[1] as Record<string, unknown>;
    const stored = save(open({ ...json, nodes: [json.nodes[0], bare, json.nodes[2]] }));
    expect(stored.links).toHaveLength(2);
    expect(storedNode(stored, 2).inputs).toBeUndefined();
  });

  it("is offered in no menu and hands litegraph's menus no HTML", () => {
    const type = "<img src=x onerror=alert(2)>/evil";
    const graph = open(graphWith(type));
    const node = graph.getNodeById(2)!;
    const Class = node.constructor as unknown as { skip_list: boolean; title: string; desc: string };
    expect(Class.skip_list).toBe(true);
    for (const text of [node.type!, Class.title, Class.desc, ...node.inputs.map((slot) => String(slot.type))])
      expect(text).not.toMatch(/[<>]/);
    expect(Object.keys(node.properties)).toEqual([]);
    expect(Object.keys(LiteGraph.registered_node_types).join()).not.toContain("<");
  });

  it("becomes itself again once its plugin is there", () => {
    const graph = open(graphWith("vendor/late"));
    class Late extends (LiteGraph as unknown as { LGraphNode: typeof import("litegraph.js").LGraphNode }).LGraphNode {}
    const stored = save(graph);
    LiteGraph.registerNodeType("vendor/late", Late);
    expect(open(stored).getNodeById(2)).toBeInstanceOf(Late);
  });
});
