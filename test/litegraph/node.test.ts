import { describe, expect, it } from "vitest";
import { register, stateOf } from "../../src/litegraph";
import { definitions, everything, graphOf, LiteGraph } from "./fake";

describe("register", () => {
  it("makes a node class of every definition, with its title and its help as text", () => {
    for (const def of definitions) {
      const Class = LiteGraph.registered_node_types[def.type] as unknown as { title: string; desc: string };
      expect(Class.title).toBe(def.title);
      expect(Class.desc).not.toMatch(/[<>]/);
    }
  });

  it("says what to pass where it is given something else", () => {
    expect(() => register({} as never, [])).toThrow("pass that");
  });

  it("leaves the page's own node types, drops and wire colours alone", () => {
    LiteGraph.node_types_by_file_extension.test = "theirs" as never;
    register(LiteGraph, definitions);
    expect(LiteGraph.node_types_by_file_extension.test).toBe("theirs");
    const dropped = (name: string) => (LiteGraph.node_types_by_file_extension[name] as unknown as { title: string }).title;
    expect(dropped("png")).toBe("Image"); // of stock litegraph
    expect(dropped("avif")).toBe("Load LR");
    expect(LiteGraph.registered_node_types["test/source"]).toBeDefined();
  });
});

describe("A node", () => {
  it("has its sockets by name, optional ones in brackets", () => {
    const [node] = graphOf("test/everything").nodes;
    expect(node!.inputs.map(({ name, label }) => label ?? name)).toEqual(["picture", "(prior)", "(words)"]);
    expect(node!.outputs.map(({ name }) => name)).toEqual(["picture", "count"]);
  });

  it("has its parameters as properties and a widget for each", () => {
    const [node] = graphOf("test/everything").nodes;
    expect(node!.properties).toEqual({ blocks: 16, amount: 0.5, mode: "float", on: true, name: "x", file: null });
    const { widgets } = node as unknown as { widgets: { name: string; value: unknown }[] };
    expect(widgets.map(({ name }) => name)).toEqual(Object.keys(everything.params));
    node!.setProperty("blocks", 4);
    expect(widgets[0]!.value).toBe(4);
  });

  it("connects sockets of one type only", () => {
    const { nodes } = graphOf("sftgan/load-lr", "test/everything", "sftgan/number", "sftgan/text");
    const [picture, all, number, words] = nodes;
    expect(picture!.connect(0, all!, "prior")).toBeNull();
    expect(number!.connect(0, all!, "picture")).toBeNull();
    expect(picture!.connect(0, all!, "picture")).not.toBeNull();
    expect(words!.connect(0, all!, "words")).not.toBeNull();
  });

  it("takes text from nodes that call it a string", () => {
    const { nodes } = graphOf("basic/string", "test/everything");
    expect(nodes[0]!.connect(0, nodes[1]!, "words")).not.toBeNull();
  });

  it("offers its numbers, texts and choices as inputs, each once", () => {
    const [node, number] = graphOf("test/everything", "sftgan/number").nodes;
    const offered = () => (node as unknown as { onGetInputs(): [string, string, object][] }).onGetInputs();
    expect(offered().map(([name, type]) => [name, type])).toEqual([
      ["blocks", "number"],
      ["amount", "number"],
      ["mode", "text,string"],
      ["name", "text,string"],
    ]);
    node!.addInput(...(offered()[0] as [string, string, object]));
    expect(offered().map(([name]) => name)).toEqual(["amount", "mode", "name"]);
    expect(number!.connect(0, node!, "blocks")).not.toBeNull();
    const { widgets } = node as unknown as { widgets: { disabled: boolean }[] };
    expect(widgets[0]!.disabled).toBe(true);
    expect(widgets[1]!.disabled).toBe(false);
  });

  it("types an input that a page adds for a parameter like its own", () => {
    const [node] = graphOf("test/everything").nodes;
    expect(node!.addInput("name", "text").type).toBe("text,string");
    expect(node!.addInput("blocks", "number")).toMatchObject({ label: "(blocks)", link: null });
  });

  it.each([
    ["blocks", Number.NaN, "blocks is NaN: it must be a number"],
    ["blocks", "8", 'blocks is "8": it must be a number'],
    ["blocks", 17, "blocks is 17: it must be at most 16"],
    ["blocks", 2.5, "blocks is 2.5: it must be a whole number"],
    ["mode", "<b>", 'mode is "<b>": choose one of float, 8 bit'],
    ["on", 1, "on is 1: it must be true or false"],
  ])("refuses %s = %j with a message and keeps its value", (name, value, message) => {
    const [node] = graphOf("test/everything").nodes;
    const before = node!.properties[name];
    node!.setProperty(name, value);
    expect(node!.properties[name]).toBe(before);
    expect(stateOf(node!).error).toBe(message);
  });

  it("does not share its default values with other nodes", () => {
    const [one, two] = graphOf("sftgan/load-lr", "sftgan/load-lr").nodes;
    (one!.properties.file as { name: string }).name = "mine";
    expect((two!.properties.file as { name: string }).name).not.toBe("mine");
  });

  it("is cloned with its values and without its wires", () => {
    const { nodes } = graphOf("sftgan/load-lr", "test/everything");
    nodes[0]!.connect(0, nodes[1]!, "picture");
    nodes[1]!.setProperty("blocks", 3);
    const copy = nodes[1]!.clone();
    expect(copy.properties.blocks).toBe(3);
    expect(copy.inputs[0]!.link).toBeNull();
    expect(nodes[1]!.inputs[0]!.link).not.toBeNull();
  });

  it("leaves litegraph's property menu out, which reads text as numbers and names as HTML", () => {
    const [node] = graphOf("test/everything").nodes;
    const options = [{ content: "Inputs" }, { content: "Outputs" }, null, { content: "Properties" }, null, { content: "Title" }];
    (node as unknown as { getExtraMenuOptions(canvas: unknown, options: unknown[]): void }).getExtraMenuOptions(null, options);
    expect(options.map((option) => option?.content)).toEqual(["Inputs", "Outputs", undefined, "Title"]);
  });

  it("takes for a parameter that a file does not have what held before there was one", () => {
    const [node] = graphOf("sftgan/mix-priors").nodes;
    expect(node!.properties.fit).toBe("exact");
    node!.configure({ id: node!.id, properties: { weight: 0.25 } } as never);
    expect(node!.properties).toEqual({ weight: 0.25, fit: "resize" });
    node!.configure({ id: node!.id, properties: { fit: "exact" } } as never);
    expect(node!.properties.fit).toBe("exact");
  });

  it("tells what is under the pointer", () => {
    const [node] = graphOf("test/everything").nodes;
    const tip = (x: number, y: number) => (node as unknown as { tooltip(pos: number[]): string }).tooltip([x, y]);
    expect(tip(5, -10)).toBe(everything.description);
    expect(tip(5, 10)).toBe("a picture");
    expect(tip(node!.size[0] - 5, 30)).toBe("a count");
  });
});
