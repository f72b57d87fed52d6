/** What other people's nodes, groups and pages store comes back as it was, and none of it takes the place of a member. */
import { afterEach, describe, expect, it } from "vitest";
import { type Attachment, attach, load, save, stateOf } from "../../src/litegraph";
import comfySubgraph from "../cases/graphs/comfy_subgraph.json";
import comfyWorkflow from "../cases/graphs/comfy_workflow.json";
import groups from "../cases/graphs/groups.json";
import litegraphSubgraph from "../cases/graphs/lg_subgraph.json";
import widgetsValues from "../cases/graphs/widgets_values.json";
import { FakeEngine, LGraph, type LGraphNode, LiteGraph, storedNode } from "./fake";

type Json = Record<string, unknown>;
const Base = (LiteGraph as unknown as { LGraphNode: typeof LGraphNode }).LGraphNode;

/** A node with state that only it knows, and widgets that litegraph stores by their place. */
class Knob extends Base {
  override serialize_widgets = true;
  secret = 0;
  table: unknown;
  got: Json = {};
  configured: Json = {};
  handle = (): string => "mine";
  constructor() {
    super("Knob");
    this.addOutput("v", "number");
    this.addWidget("number", "gain", 1, () => {});
    this.addWidget("text", "label", "hi", () => {});
  }
  override onSerialize(out: object): void {
    Object.assign(out, { myState: this.table, secret: this.secret });
  }
  override onConfigure(info: object): void {
    this.got = info as Json;
    this.table = (info as Json).myState;
  }
}
LiteGraph.registerNodeType("mine/knob", Knob);

const widgetsOf = (node: unknown) => (node as { widgets: { value: unknown }[] }).widgets;
const open = (json: unknown): LGraph => {
  const graph = new LGraph();
  load(graph, json);
  return graph;
};
/** The graph as it is stored after it was opened, stored, opened, moved about, and stored. */
function edited(json: unknown): Json {
  const graph = open(save(open(json)));
  const [first] = (graph as unknown as { _nodes: LGraphNode[] })._nodes;
  const { pos } = first!;
  const [x, y] = [pos[0]!, pos[1]!];
  first!.pos = [x + 50, y];
  first!.pos = [x, y];
  return JSON.parse(JSON.stringify(save(graph))) as Json;
}
/** Without what litegraph works out anew, and with what our nodes and litegraph add. */
const settled = (json: unknown): unknown =>
  JSON.parse(
    JSON.stringify(json, (key, value) =>
      ["order", "size", "links", "link", "last_node_id", "last_link_id"].includes(key) ? undefined : value,
    ),
  );
const ofOthers = (json: unknown) => settled({ ...(json as Json), nodes: undefined, extra: undefined });

describe("A stored graph of other people's", () => {
  it.each([
    ["a workflow of ComfyUI", comfyWorkflow],
    ["one with a subgraph of ComfyUI", comfySubgraph],
    ["one with a subgraph of litegraph", litegraphSubgraph],
    ["one with groups that have sizes and flags", groups],
    ["one with values of widgets on our nodes", widgetsValues],
  ] as const)("comes back from load, edit and save as it was: %s", (_, json) => {
    const after = edited(json);
    expect(after).toMatchObject({ ...(ofOthers(json) as Json), extra: json.extra });
    expect((after.links as unknown[]).length).toBe(json.links.length);
    for (const node of json.nodes as unknown as Json[]) {
      const { inputs, outputs, properties, pos, ...rest } = settled(node) as Json;
      const now = (after.nodes as Json[]).find(({ id }) => id === node.id)!;
      expect(now).toMatchObject(rest);
      if (pos) expect(now.pos).toEqual(Object.values(pos));
      if (properties) expect(now.properties).toMatchObject(properties);
      const isOurs = String(node.type).startsWith("sftgan/");
      for (const [list, slots] of [
        [now.inputs, inputs],
        [now.outputs, outputs],
      ])
        if (slots && !isOurs) expect(list).toMatchObject(slots);
    }
  });

  it("is the same again, text for text, however often it is opened and stored", () => {
    for (const json of [comfyWorkflow, comfySubgraph, litegraphSubgraph, groups, widgetsValues]) {
      const once = JSON.stringify(save(open(json)));
      expect(JSON.stringify(save(open(JSON.parse(once))))).toBe(once);
    }
  });

  it("keeps what the page stores at the top, and hands it to the page's own hook", () => {
    const graph = new LGraph();
    let seen: unknown;
    Object.assign(graph, { onConfigure: (data: Json) => (seen = data.mine) });
    load(graph, { nodes: [], links: [], mine: { a: 1 }, config: { align_to_grid: true }, add: "x", status: 77 });
    expect(seen).toEqual({ a: 1 });
    expect(save(graph)).toMatchObject({ mine: { a: 1 }, config: { align_to_grid: true }, add: "x", status: 77 });
    expect([typeof graph.add, graph.status]).not.toContain(77);
    expect(typeof graph.add).toBe("function");
    load(graph, { nodes: [], links: [] });
    expect(save(graph)).not.toHaveProperty("mine");
  });

  it("keeps a group's fields with the group, wherever it goes in the list", () => {
    const graph = open(groups);
    const own = graph as unknown as { _groups: { title: string }[] };
    own._groups.reverse();
    expect(save(graph).groups.map((group) => (group as Json).id)).toEqual([1, undefined]);
    graph.remove(own._groups[0] as never);
    expect(save(graph).groups).toEqual([
      { title: "<b>A</b>", bounding: [0, 0, 900, 900], color: "#3f789e", font_size: 24, flags: {} },
    ]);
  });
});

describe("A node of the page's own", () => {
  const file = (more: Json) => ({ nodes: [{ id: 1, type: "mine/knob", pos: [10, 10], ...more }], links: [] });
  const knob = (json: unknown) => open(json).getNodeById(1) as unknown as Knob;

  it("has its state back in onConfigure, its widgets' values, its flags and its slots' labels", () => {
    const node = {
      myState: { table: [1, 2, 3], note: "keep me" },
      widgets_values: [7, "there"],
      flags: { pinned: true, collapsed: true, mine: [1] },
      secret: 5,
      outputs: [{ name: "v", type: "number", links: null, label: "volume", color_on: "#fff", widget: { name: "gain" } }],
    };
    const live = knob(file(node));
    expect(live.got.myState).toEqual(node.myState);
    expect(widgetsOf(live).map(({ value }) => value)).toEqual([7, "there"]);
    expect(live.secret).toBe(5);
    expect(storedNode(save(open(file(node))), 1)).toMatchObject(node);
  });

  it("is told by no file what to do: members and hooks stay its own, and what a file says in their place is kept as data", () => {
    const evil = {
      onExecute: "alert(1)",
      onDrawForeground: "alert(1)",
      serialize: 1,
      handle: "x",
      graph: { nodes: [{ id: 99, type: "mine/knob" }] },
      widgets: [{ type: "button", callback: "x" }],
      getTitle: "x",
      getExtraMenuOptions: "x",
      subgraph: { nodes: [] },
      has_errors: true,
      nested: JSON.parse('{"__proto__":{"polluted":1},"constructor":{"x":1},"fine":2}'),
    };
    const json = { ...file(evil), onNodeAdded: "x", configure: 1 };
    const graph = open(json);
    const live = graph.getNodeById(1) as unknown as Knob & Json;
    for (const [key, kind] of [
      ["onExecute", "undefined"],
      ["onDrawForeground", "undefined"],
      ["serialize", "function"],
      ["handle", "function"],
      ["getTitle", "function"],
      ["getExtraMenuOptions", "undefined"],
      ["subgraph", "undefined"],
      ["has_errors", "undefined"],
    ] as const)
      expect(typeof live[key], key).toBe(kind);
    expect(live.graph).toBe(graph);
    expect(widgetsOf(live)).toHaveLength(2);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((live.nested as Json).constructor).toBe(Object); // not the file's
    const stored = storedNode(save(graph), 1) as unknown as Json;
    expect(stored).toMatchObject({ ...evil, nested: { fine: 2 } });
    expect(live.got.onExecute).toBe("alert(1)"); // to be read, by its name
    graph.runStep();
  });

  it("shows litegraph's menus no HTML, and is stored under the names its file has", () => {
    const tag = "<img src=x onerror=alert(1)>";
    const node = {
      properties: { [tag]: 1, plain: 2 },
      outputs: [{ name: tag, type: "Array<float>", label: tag, links: null }],
    };
    const graph = open(file(node));
    const live = graph.getNodeById(1)!;
    const shown = [...Object.keys(live.properties), live.outputs[0]!.name, String(live.outputs[0]!.type), live.outputs[0]!.label];
    for (const text of shown) expect(text).not.toMatch(/[<>]/);
    expect(storedNode(save(graph), 1)).toMatchObject(node);
    live.outputs[0]!.name = "renamed";
    expect(storedNode(save(graph), 1).outputs![0]!.name).toBe("renamed");
  });

  it("stays in the graph whatever a file calls its graph, though its class has copies of litegraph's methods", () => {
    const node = {
      id: 1,
      type: "basic/const",
      pos: [0, 0],
      size: [200, 100],
      flags: {},
      order: 0,
      mode: 0,
      properties: {},
      graph: { mine: 1 },
    };
    const graph = open({ last_node_id: 1, last_link_id: 0, nodes: [node], links: [], groups: [], extra: {}, version: 0.4 });
    expect(save(graph).nodes).toMatchObject([{ id: 1, type: "basic/const", graph: { mine: 1 } }]);
  });

  it("decides itself what it stores no more", () => {
    const graph = open(file({ myState: [1] }));
    (graph.getNodeById(1) as unknown as Knob).table = undefined;
    expect(storedNode(save(graph), 1)).not.toHaveProperty("myState");
  });

  it("configures as before once the graph is loaded, even where that failed", () => {
    const { configure } = Base.prototype;
    expect(() => load(new LGraph(), file({ subgraph: 1, id: -1 }))).toThrow();
    open(file({}));
    expect(Base.prototype.configure).toBe(configure);
  });
});

describe("A subgraph of litegraph's", () => {
  let attachment: Attachment | undefined;
  afterEach(() => attachment?.detach());
  const inner = {
    nodes: [
      { id: 5, type: "sftgan/load-lr", pos: [0, 0], properties: {}, cnr_id: "x" },
      { id: 6, type: "vendor/unknown", pos: [100, 100], secret: [1] },
      { id: 7, type: "mine/knob", pos: [100, 100], myState: [7], onExecute: "x" },
    ],
    links: [],
    groups: [{ title: "in", bounding: [10, 10, 200, 100], color: "#333", font_size: 20, flags: { a: 1 } }],
    mine: 3,
  };
  const json = { nodes: [{ id: 1, type: "graph/subgraph", pos: [10, 10], subgraph: inner }], links: [] };
  const insideOf = (graph: LGraph) => (graph.getNodeById(1) as unknown as { subgraph: LGraph }).subgraph;

  it("keeps all that is inside, and inside too nothing takes the place of a member", () => {
    expect(Object.hasOwn(LiteGraph.registered_node_types, "graph/subgraph")).toBe(true);
    const graph = open(save(open(json)));
    expect((storedNode(save(graph), 1) as unknown as Json).subgraph).toMatchObject(inner);
    expect(typeof (insideOf(graph).getNodeById(7) as unknown as Json).onExecute).toBe("undefined");
  });

  it("does not run our nodes, which say so, as does the report", async () => {
    const graph = open(json);
    expect(stateOf(insideOf(graph).getNodeById(5)!)).toMatchObject({
      phase: "failed",
      error: "it does not run inside a subgraph: put it into the graph itself",
    });
    attachment = attach(graph, { engine: new FakeEngine(), auto: false });
    const { errors } = await attachment.run();
    expect(errors["1"]).toMatch(/is a subgraph, in which nodes do not run/);
  });
});
