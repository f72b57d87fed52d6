/** Graph files nobody vouches for: what is read from them, and the one message about what is not. */
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { cleanGraph, GraphError, LIMITS, readGraph } from "../../src/graph/clean";
import { number } from "../../src/graph/node";
import { checkParam } from "../../src/graph/param";
import { type GraphNode, inOneMessage, parseGraph } from "../../src/graph/parse";
import { VERSION } from "../../src/graph/stored";
import { order } from "../../src/graph/traverse";
import { expectMessage } from "../message";

/** Load LR 1 -> SFT ResBlock×N 2 and Preview 3. */
const graph = (more: object = {}, node: object = {}) => ({
  last_node_id: 3,
  last_link_id: 2,
  nodes: [
    { id: 1, type: "sftgan/load-lr", pos: [0, 0], outputs: [{ name: "image", type: "image", links: [1, 2] }], properties: {} },
    {
      id: 2,
      type: "sftgan/sft-resblocks",
      pos: [0, 0],
      inputs: [{ name: "image", type: "image", link: 1 }],
      outputs: [{ name: "features", type: "features", links: null }],
      properties: { blocks: 1, modulation: false },
      ...node,
    },
    { id: 3, type: "sftgan/preview", inputs: [{ name: "image", type: "image", link: 2 }], properties: {} },
  ],
  links: [
    [1, 1, 0, 2, 0, "image"],
    [2, 1, 0, 3, 0, "image"],
  ],
  groups: [],
  config: {},
  extra: { sftgan: { version: 1 } },
  version: 0.4,
  ...more,
});

function refused(read: () => unknown): string {
  let error: unknown;
  try {
    read();
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(GraphError);
  expectMessage((error as Error).message);
  return (error as Error).message;
}
const clean = (json: unknown) => refused(() => cleanGraph(json));
/** The graph as it is read, with the messages on all its nodes checked for being one. */
function parsed(json: unknown): GraphNode[] {
  const nodes = [...parseGraph(readGraph(JSON.stringify(json)), definitions).values()];
  for (const message of nodes.flatMap(({ problems }) => problems)) expectMessage(message);
  return nodes;
}
const problems = (json: unknown, id = 2) => parsed(json).find((node) => node.id === String(id))!.problems;
const nested = (depth: number, [open, close]: readonly [string, string] = ["[", "]"]) =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

describe("readGraph", () => {
  it("reads what it has cleaned to the same graph", () => {
    const stored = cleanGraph(graph());
    expect(readGraph(JSON.stringify(stored))).toEqual(stored);
    expect(parsed(graph()).flatMap((node) => node.problems)).toEqual([]);
  });

  it.each(["", "{", "not JSON\nat all", "<!doctype html>\n<html>", "\0\0\0", "{'nodes': []}", '{"nodes": [NaN]}'])(
    "says that %j is not JSON",
    (text) => {
      expect(refused(() => readGraph(text))).toMatch(/^the file is not JSON \(.*\): give a graph saved by the editor$/);
    },
  );

  it.each(["null", "1", '"nodes"', "[]", "[[]]", "{}", '{"nodes": {}}', '{"nodes": null}', nested(10_000)])(
    "says that %.40s is no graph",
    (text) => {
      expect(refused(() => readGraph(text))).toContain('is a JSON object with a list "nodes"');
    },
  );

  it("refuses graphs that are too large, by their size", () => {
    expect(refused(() => readGraph(" ".repeat(LIMITS.text + 1)))).toContain(`at most ${LIMITS.text} are read`);
    expect(clean({ nodes: Array(1001).fill({ id: 1, type: "a" }) })).toBe(
      "the graph has 1001 nodes; at most 1000 are read: split it",
    );
    expect(clean({ nodes: [], links: Array(20_001).fill(null) })).toContain("20001 links");
  });

  it("reads deeply nested data without falling over", () => {
    for (const text of [nested(50_000), nested(5000, ['{"a":', "}"])]) {
      for (const json of [
        `{"nodes": [], "extra": {"deep": ${text}}}`,
        `{"nodes": [{"id": 1, "type": "a", "properties": {"deep": ${text}}}]}`,
        `{"nodes": [], "groups": [${text}], "config": ${text}}`,
      ])
        expect(JSON.stringify(readGraph(json)).length).toBeLessThan(5000);
      expect(refused(() => readGraph(`{"nodes": [{"id": ${text}, "type": "a"}]}`))).toContain("has the id");
      expect(refused(() => readGraph(`{"nodes": [${text}]}`))).toMatch(/^node 1 of the graph/);
      expect(refused(() => readGraph(`{"nodes": [], "links": [${text}]}`))).toMatch(/^a link of the graph is/);
    }
  });
});

describe("The version of the format", () => {
  it.each([0, -1, 2, 1.5, "1", null, [], {}, true, 1e300])("%j is refused", (version) => {
    const message = clean(graph({ extra: { sftgan: { version } } }));
    expect(message).toContain(version === 1e300 || version === 2 ? "version" : JSON.stringify(version));
    if (version === 2)
      expect(message).toBe(`the graph has format version 2, this program reads up to ${VERSION}: update litegraph-sftgan`);
  });

  it("may be missing: any litegraph graph can be opened", () => {
    for (const extra of [undefined, null, {}, [], "text", { sftgan: {} }, { sftgan: "x" }])
      expect(cleanGraph(graph({ extra })).nodes).toHaveLength(3);
  });
});

describe("Nodes of a stored graph", () => {
  it("tells several problems in one message, as many as are soon read, and the number of the rest", () => {
    expect(inOneMessage(["one"])).toBe("one");
    expect(inOneMessage(["one", "two", "three"])).toBe("one; two; three");
    expect(inOneMessage(["a".repeat(200), "b".repeat(200), "c"])).toBe(`${"a".repeat(200)}; and 2 more`);
    expect(inOneMessage(["a".repeat(300), "b"])).toBe(`${"a".repeat(300)}; and 1 more`);
  });

  it("says of values in one line what they are, whatever characters they hold", () => {
    const refused = (id: unknown) => () => cleanGraph({ nodes: [{ id, type: "x" }] });
    expect(refused(undefined)).toThrow("has the id nothing: it must be");
    expect(refused("a\n\u009b\u2028")).toThrow('has the id "a\\n\\u009b\\u2028": it must be');
    const stored = cleanGraph({
      nodes: [
        { id: 1, type: "a\nb" },
        { id: 2, type: "c", title: "d\u2028e" },
      ],
    });
    const titles = [...parseGraph(stored, []).values()].map(({ title }) => title);
    expect(titles).toEqual(["a\\u000ab", "d\\u2028e"]);
  });

  it.each([-1, 1.5, "1", null, undefined, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 1e300, [1], {}, true])(
    "are refused with the id %j",
    (id) => {
      expect(clean({ nodes: [{ id, type: "a" }] })).toMatch(
        /^node 1 of the graph has the id .*: it must be a whole number from 0 to 2147483647$/,
      );
    },
  );

  it("are refused where two have one id", () => {
    const nodes = [1, 2, 1].map((id) => ({ id, type: "a" }));
    expect(clean({ nodes })).toBe("two nodes of the graph have the id 1: give each one of its own");
  });

  it.each([undefined, null, 3, "", "x".repeat(201), ["a"], { toString: 1 }])("are refused with the type %j", (type) => {
    expect(clean({ nodes: [{ id: 7, type }] })).toContain("node 7 of the graph has the type");
  });

  it.each([null, 1, "node", [], [1, 2]])("are refused where they are %j", (node) => {
    expect(clean({ nodes: [node] })).toMatch(/^node 1 of the graph is .*: it must be an object$/);
  });

  it("keep what others have stored as data, and nothing that reaches a prototype", () => {
    const text = JSON.stringify(graph()).replace(
      '"id":2',
      '"id":2,"onExecute":"alert(1)","configure":1,"serialize":null,"constructor":{"a":1},"__proto__":{"polluted":1},"widgets":[],"onDrawForeground":"x","connect":{},"add":2',
    );
    const [, node] = readGraph(text).nodes;
    const others = {
      onExecute: "alert(1)",
      configure: 1,
      serialize: null,
      widgets: [],
      onDrawForeground: "x",
      connect: {},
      add: 2,
    };
    expect(node).toMatchObject(others);
    const own = ["flags", "id", "inputs", "outputs", "pos", "properties", "type"];
    expect(Object.keys(node!).sort()).toEqual([...own, ...Object.keys(others)].sort());
    expect(Object.getPrototypeOf(node)).toBe(Object.prototype);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("keep what others have stored at the top too", () => {
    const others = { add: "x", serialize: 1, _nodes: [], status: 2, definitions: { subgraphs: [{ id: "a" }] } };
    const text = JSON.stringify({ ...graph(), ...others, config: { align_to_grid: true, deep: { constructor: 1, a: 2 } } });
    const stored = readGraph(text.replace('"add"', '"__proto__":{"polluted":1},"constructor":3,"add"'));
    expect(stored).toMatchObject(others);
    expect(Object.getPrototypeOf(stored)).toBe(Object.prototype);
    expect(Object.hasOwn(stored, "constructor")).toBe(false);
    expect(stored.config).toEqual({ align_to_grid: true, deep: { a: 2 } });
  });

  it("that hold a graph of their own run with what is in it, or say why not", () => {
    const subgraph = { nodes: [{ id: 2, type: "sftgan/number" }], links: [] };
    expect(parsed({ nodes: [{ id: 9, type: "graph/subgraph", subgraph }], links: [] })).toMatchObject([
      { id: "2", problems: [] },
    ]);
    const kind = "5e0670bc-8d23-4b58-a5f8-7a0c5e1b7d11";
    for (const [node, message] of [
      [
        { type: "graph/subgraph", subgraph: { nodes: [{ id: "x" }], links: [] } },
        /^what is in this subgraph does not run: node 1 .* has the id "x"/,
      ],
      [{ type: "graph/subgraph" }, /^it is a subgraph whose graph is not in the file: save it again/],
      [{ type: "graph/subgraph", subgraph: null }, /^it is a subgraph whose graph is not in the file: save it again/],
      [{ type: kind }, /^it is one of ComfyUI's subgraphs, whose definition "5e06.*" is not in the file: save the whole/],
      [{ type: "aaaa-bbbb" }, /^there is no node type/],
    ] as const)
      expect(problems({ nodes: [{ id: 9, ...node }], links: [], definitions: { subgraphs: [null, 1] } }, 9)[0]).toMatch(message);
  });

  it("are at most a thousand with those in subgraphs, of which there are two hundred, eight deep", () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, i) => ({ id: i + 1, type: "sftgan/number" }));
    const holding = (nodes: readonly object[], id = 1001) => ({ id, type: "graph/subgraph", subgraph: { nodes, links: [] } });
    expect(problems({ nodes: [...numbers(500), holding(numbers(600))], links: [] }, 1001)[0]).toMatch(
      /the graph has 1100; at most 1000/,
    );
    const many = Array.from({ length: 201 }, (_, i) => holding([], i + 1));
    expect(problems({ nodes: many, links: [] }, 201)[0]).toMatch(/more than 200 subgraphs: unpack some/);
    const deep = (depth: number): object => holding(depth > 1 ? [deep(depth - 1)] : numbers(1));
    expect(parsed({ nodes: [deep(8)], links: [] })).toMatchObject([{ type: "sftgan/number" }]);
    for (const depth of [9, 100])
      expect(clean({ nodes: [deep(depth)], links: [] })).toMatch(/holds graphs one within another, more than 8 deep/);
  });

  it("may have properties of any name; those that reach prototypes are dropped, at every depth", () => {
    const text = JSON.stringify(graph()).replace(
      '"blocks":1',
      '"blocks":1,"onExecute":"x","__proto__":{"polluted":1},"constructor":"x","deep":{"__proto__":{"polluted":1},"prototype":1,"ok":[{"constructor":1,"a":2}]}',
    );
    const [, node] = readGraph(text).nodes;
    expect(node!.properties).toEqual({ blocks: 1, modulation: false, onExecute: "x", deep: { ok: [{ a: 2 }] } });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(problems(JSON.parse(text))).toEqual([]);
  });

  it("keep HTML in titles as text, on one line", () => {
    const title = '<img src=x onerror="alert(1)">\n</textarea>';
    const [, node] = readGraph(JSON.stringify(graph({}, { title }))).nodes;
    expect(node!.title).toBe('<img src=x onerror="alert(1)"> </textarea>');
    expect(parsed(graph({}, { title: 7 }))[1]!.title).toBe("SFT ResBlock×N");
    expect(parsed(graph({}, { title: "x".repeat(5000) }))[1]!.title).toHaveLength(200);
  });

  it("keep colours that are colours, and places that are numbers", () => {
    const node = cleanGraph(
      graph(
        {},
        { color: "url(javascript:alert(1))", bgcolor: "#223", pos: ["a", 1], size: { 0: 3, 1: 4 }, mode: "x", order: -1 },
      ),
    ).nodes[1];
    expect(node).not.toHaveProperty("color");
    expect(node).toMatchObject({ bgcolor: "#223", size: [3, 4] });
    for (const name of ["pos", "mode", "order"]) expect(node).not.toHaveProperty(name);
  });

  it("of a type that is not there say so and keep their data", () => {
    const type = '<b>foreign</b>\n"x"';
    const json = graph({}, { type, properties: { a: { b: 1 } } });
    expect(cleanGraph(json).nodes[1]!.properties).toEqual({ a: { b: 1 } });
    expect(problems(json)).toEqual([
      String.raw`there is no node type "<b>foreign</b>\n\"x\"": install the plugin it comes from, or delete the node`,
    ]);
    for (const type of ["constructor", "__proto__", "toString", "y".repeat(200)])
      expect(problems(graph({}, { type }))[0]).toContain("there is no node type");
  });

  it("that are muted say so where they are asked for", () => {
    expect(problems(graph({}, { mode: 2 }))).toEqual(["it is muted (mode “never”) and does not run: set its mode to “always”"]);
  });
});

describe("Parameters of a stored graph", () => {
  it.each([
    ["blocks", "8", 'blocks is "8": it must be a number'],
    ["blocks", null, "blocks is null: it must be a number"],
    ["blocks", [8], "blocks is [8]: it must be a number"],
    ["blocks", { valueOf: 8 }, 'blocks is {"valueOf":8}: it must be a number'],
    ["blocks", 1.5, "blocks is 1.5: it must be a whole number"],
    ["blocks", -1, "blocks is -1: it must be at least 0"],
    ["blocks", 1e9, "blocks is 1000000000: it must be at most 256"],
    ["blocks", "a\nb", String.raw`blocks is "a\nb": it must be a number`],
    ["blocks", "alert(1)".repeat(100), `blocks is "${"alert(1)".repeat(7)}…: it must be a number`],
    ["modulation", 1, "modulation is 1: it must be true or false"],
    ["modulation", "false", 'modulation is "false": it must be true or false'],
  ])("%s = %.40j is refused", (name, value, message) => {
    expect(problems(graph({}, { properties: { blocks: 1, modulation: false, [name]: value } }))).toEqual([message]);
  });

  it.each([
    [7, "file is 7: choose a file"],
    ["", 'file is "": choose a file'],
    [{ name: "" }, 'file is {"name":""}: choose a file'],
    [{ name: "a", sha256: "zz" }, 'file is {"name":"a","sha256":"zz"}: choose a file'],
    [{ name: "a", data: 5 }, 'file is {"name":"a","data":5}: choose a file'],
    [{ name: ["a"] }, 'file is {"name":["a"]}: choose a file'],
  ])("the file %j is refused", (file, message) => {
    const node = { type: "sftgan/load-lr", inputs: [], properties: { file } };
    expect(problems(graph({ links: [] }, node))).toEqual([message]);
  });

  it("take a bare name for a file, and its default where none is stored", () => {
    const [first, second] = parsed(graph({ links: [] }, { type: "sftgan/load-lr", inputs: [], properties: { file: "in.png" } }));
    expect([first!.params.file, second!.params.file]).toEqual([{ name: "sample:scene.png" }, { name: "in.png" }]);
  });

  it("that a link feeds are not read from the properties", () => {
    const stored = graph({}, { properties: { blocks: "no number", modulation: false } });
    stored.nodes.push({ id: 4, type: "sftgan/number", properties: {} } as never);
    (stored.nodes[1]!.inputs as unknown[]).push({ name: "blocks", type: "number", link: 9 });
    stored.links.push([9, 4, 0, 2, 1, "number"]);
    expect(parsed(stored)[1]).toMatchObject({ problems: [], inputs: { blocks: { node: "4", output: "value" } } });
  });

  it("show numbers that JSON does not have", () => {
    const param = number({ default: 0, help: "" });
    expect(checkParam("weight", param, Number.POSITIVE_INFINITY)).toBe("weight is Infinity: it must be a number");
    expect(checkParam("weight", param, Number.NaN)).toBe("weight is NaN: it must be a number");
  });
});

describe("Links of a stored graph", () => {
  const linked = (...links: unknown[]) => graph({ links });

  it.each(
    [[1, 2, 3], "link", [1, 1, 0, 2, -1, "image"], [1, 1, 0.5, 2, 0], [1, "1", 0, 2, 0], [null], {}, 5, true].map((link) => [
      link,
    ]),
  )("are refused where they are %j", (link) => {
    expect(clean(linked(link))).toMatch(
      /^a link of the graph is .*: it must be \[id, node, output slot, node, input slot, type\]$/,
    );
  });

  it("are read as objects too, and holes between them passed over", () => {
    const link = { id: 1, origin_id: 1, origin_slot: 0, target_id: 2, target_slot: 0, type: "image" };
    expect(cleanGraph(linked(null, link)).links).toEqual([[1, 1, 0, 2, 0, "image"]]);
  });

  it("are refused where two have one id, and where they are no list", () => {
    expect(clean(linked([1, 1, 0, 2, 0, "image"], [1, 1, 0, 3, 0, "image"]))).toBe(
      "two links of the graph have the id 1: give each one of its own",
    );
    expect(clean(graph({ links: { 1: [] } }))).toBe('the graph\'s "links" are {"1":[]}: they must be a list');
  });

  it("from a node that is not there are said on the node they lead to", () => {
    expect(problems(linked([1, 77, 0, 2, 0, "image"]))).toEqual([
      'its input "image" comes from node 77, which is not in the graph: connect it anew',
    ]);
    expect(parsed(linked([1, 1, 0, 77, 0, "image"]))).toHaveLength(3);
  });

  it("to slots that do not exist are said on the node they lead to", () => {
    expect(problems(linked([1, 1, 5, 2, 0, "image"]))).toEqual([
      "a link leads from slot 5 of node 1 to slot 0, which does not exist: connect it anew",
    ]);
    expect(problems(linked([1, 1, 0, 2, 2 ** 31 - 1, "image"]))[0]).toContain("to slot 2147483647");
  });

  it("two into one input are said, once however many there are", () => {
    const many = Array.from({ length: 500 }, (_, i) => [i, 1, 0, 2, 0, "image"]);
    expect(problems(linked(...many))).toEqual(['two links lead into its input "image": remove one']);
    const lost = Array.from({ length: 20_000 }, (_, i) => [i, 100 + i, 0, 2, 0, "image"]);
    expect(problems(linked(...lost))).toHaveLength(4);
  });

  it("between sockets of two types are said, whatever type the link claims", () => {
    expect(problems(graph({ links: [[1, 2, 0, 3, 0, "image"]] }), 3)).toEqual([
      'its input "image" takes a value of type image, but node 2 gives features: connect another output',
    ]);
  });

  it("that are missing are said where the input is needed", () => {
    expect(problems(graph({ links: [] }), 3)).toEqual(['its input "image" is not connected: connect the picture to look at']);
    expect(problems(graph({ links: [] }), 2)).toEqual([]);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "nothing\nhere", "x".repeat(500)])(
    "into an input named %.20j are said and reach nothing",
    (name) => {
      const json = graph({}, { inputs: [{ name, type: "image", link: 1 }] });
      expect(problems(json)[0]).toMatch(/does not exist: inputs are image, features, condition, model, blocks, modulation$/);
      const from = graph();
      from.nodes[0]!.outputs![0]!.name = name;
      expect(problems(from)[0]).toMatch(/which does not exist: connect it anew$/);
    },
  );
});

describe("Stored slots", () => {
  const inputs = (...names: string[]) =>
    names.map((name, i) => ({ name, type: "image", link: i === names.indexOf("image") ? 1 : null }));

  it.each([
    ["in another order", inputs("model", "condition", "image", "features")],
    ["of fewer sockets than there are now", inputs("image")],
    ["of more sockets than there are now", inputs("gone", "image", "condition", "features", "model", "older")],
  ])("%s are told by their names", (_, slots) => {
    const slot = slots.findIndex(({ name }) => name === "image");
    const stored = graph(
      {
        links: [
          [1, 1, 0, 2, slot, "image"],
          [2, 1, 0, 3, 0, "image"],
        ],
      },
      { inputs: slots },
    );
    expect(parsed(stored)[1]).toMatchObject({ problems: [], inputs: { image: { node: "1", output: "image" } } });
  });

  it("that are missing are those of the definition", () => {
    const { inputs: _, outputs: __, ...node } = graph().nodes[1]!;
    const stored = graph();
    stored.nodes[1] = node as never;
    expect(parsed(stored)[1]).toMatchObject({ problems: [], inputs: { image: { node: "1" } } });
  });

  it.each([[[null]], [["x"]], [[7, 8]], ["text"], [{ 0: { name: "image" } }], [Array(1000).fill({ name: "image" })]])(
    "that are %.30j are read as far as they go",
    (slots) => {
      expect(cleanGraph(graph({}, { inputs: slots })).nodes[1]!.inputs?.length ?? 0).toBeLessThanOrEqual(LIMITS.slots);
      parsed(graph({}, { inputs: slots }));
    },
  );

  it("hold no number that JSON does not have", () => {
    const text = JSON.stringify(graph()).replaceAll('"type":"image"', '"type":1e999').replace('"version":0.4', '"version":1e999');
    expect(JSON.stringify(readGraph(text))).not.toContain("null,null");
    expect(readGraph(text).version).toBe(0.4);
    expect(readGraph(text).nodes[0]!.outputs![0]!.type).toBe(0);
  });
});

describe("A cycle", () => {
  it("is said on one of its nodes in a message, however long it is", () => {
    const count = LIMITS.nodes;
    const stored = {
      nodes: Array.from({ length: count }, (_, id) => ({ id, type: "sftgan/preview", title: `${"<b>".repeat(60)}\n${id}` })),
      links: Array.from({ length: count }, (_, id) => [id, id, 0, (id + 1) % count, 0, "image"]),
    };
    const { ids, errors } = order(parseGraph(readGraph(JSON.stringify(stored)), definitions), ["5"]);
    expect(ids).toHaveLength(count);
    expect([...errors.keys()]).toEqual(["5"]);
    expectMessage(errors.get("5")!);
    expect(errors.get("5")).toMatch(/^it depends on itself \(.* → … → .*\): remove one of these links$/);
  });
});

describe("Names that every object inherits", () => {
  it.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"])("%s is no type, socket or parameter", (name) => {
    const inputs = [{ name, type: "image", link: 1 }];
    expect(problems(graph({}, { inputs }))).toEqual([expect.stringContaining(`its input "${name}" does not exist: inputs are`)]);
    const from = graph();
    from.nodes[0]!.outputs![0]!.name = name;
    expect(problems(from, 3)).toEqual([expect.stringContaining(`from output "${name}" of node 1, which does not exist`)]);
    expect(problems(graph({}, { type: name }))).toEqual([expect.stringContaining(`there is no node type "${name}"`)]);
    const properties = JSON.parse(`{"blocks":1,"modulation":false,"${name}":1}`) as object;
    const [, set] = parsed(graph({}, { properties }));
    expect(Object.keys(set!.params)).not.toContain(name);
    expect(({} as Record<string, unknown>).blocks).toBeUndefined();
  });
});
