import { describe, expect, expectTypeOf, it } from "vitest";
import type { AnyNode, Socket } from "../../src/graph/node";
import { nodesOf } from "../../src/toolkit/module";
import { schemaOf } from "../../src/toolkit/schema";
import { type Toolkit, toolkit } from "../../src/toolkit/toolkit";
import type { Image } from "../../src/types";

const { defineNode, image, number, text, choice } = toolkit;

const good = defineNode({
  type: "mine/grey",
  title: "Grey",
  description: "Takes the colours away.",
  inputs: { image: image("a picture") },
  params: { amount: number({ default: 1, min: 0, max: 1, help: "how much" }) },
  outputs: { image: image("the same in grey"), mean: number("its mean") },
  run: ({ image }) => ({ image, mean: 0 }),
});
const changed = (parts: object): unknown => ({ ...good, ...parts });
const NAME = "grey.js";
const read = (exported: unknown, taken: string[] = []) => nodesOf({ default: exported }, NAME, new Set(taken));

describe("A module of nodes", () => {
  it("exports a definition, a list of them, or a function of the toolkit, which may take its time", async () => {
    expect(await read(good)).toEqual([good]);
    expect(await read([good, changed({ type: "mine/other" })])).toHaveLength(2);
    expect(await read((given: Toolkit) => (given === toolkit ? good : undefined))).toEqual([good]);
    expect(await read(async () => [good])).toEqual([good]);
  });

  it("is refused by name where it exports no node", async () => {
    for (const exported of [undefined, [], () => undefined])
      await expect(read(exported)).rejects.toThrow('the node module "grey.js" has no node as its default export');
    await expect(nodesOf({ gamma: good }, NAME, new Set())).rejects.toThrow("export default a definition");
  });

  it("is refused by name where its function throws", async () => {
    const fail = () => {
      throw new Error("no luck");
    };
    await expect(read(fail)).rejects.toThrow('"grey.js" fails when it is given the toolkit: no luck');
  });

  it.each([
    ["it is 7", 7],
    ["its type is", changed({ type: "grey" })],
    ["its type is", changed({ type: "mine/<b>" })],
    ["its type is", changed({ type: "__proto__" })],
    ['begin with "sftgan/"', changed({ type: "sftgan/grey" })],
    ["its title is nothing", changed({ title: undefined })],
    ["its description is", changed({ description: " " })],
    ["no function run", changed({ run: "code" })],
    ["its sink is", changed({ sink: "now" })],
    ["its inputs are", changed({ inputs: [] })],
    ["no output", changed({ outputs: {} })],
    ["the name", changed({ inputs: { "<img>": image("x") } })],
    ["the name", changed({ inputs: { constructor: image("x") } })],
    ["has no type", changed({ inputs: { image: { help: "x" } } })],
    ["write its help", changed({ outputs: { image: { type: "image" } } })],
    ["asks for weights", changed({ inputs: { model: { type: "model", help: "x", shipped: "sftgan" } } })],
    ["is an input and a parameter", changed({ params: { image: number({ default: 1, help: "x" }) } })],
    ["has no kind", changed({ params: { amount: { default: 1, help: "x" } } })],
    ["has a max that is no number", changed({ params: { amount: number({ default: 1, max: Number.NaN, help: "x" }) } })],
    ["its default is 3: it must be at most 2", changed({ params: { amount: number({ default: 3, max: 2, help: "x" }) } })],
    ["has no choices", changed({ params: { way: choice([], { default: "a" as never, help: "x" }) } })],
    ["its default is", changed({ params: { way: choice(["a"], { default: "b" as never, help: "x" }) } })],
    ["leave out editor", changed({ params: { strokes: text({ default: "", editor: "strokes", help: "x" }) } })],
  ])("is refused by name where of a definition %s", async (message, def) => {
    await expect(read(def)).rejects.toThrow('the node module "grey.js" declares a node that cannot be used: ');
    await expect(read(def)).rejects.toThrow(message as string);
  });

  it("is refused where a type of its is known already, by another module or in itself", async () => {
    await expect(read(good, ["mine/grey"])).rejects.toThrow("mine/grey: another node has this type");
    await expect(read([good, good])).rejects.toThrow("another node has this type");
  });
});

describe("A definition's schema", () => {
  it("is all of it but what computes, as plain data", () => {
    const { run: _, ...rest } = good;
    expect(schemaOf(good as AnyNode)).toEqual(rest);
    expect(structuredClone(schemaOf({ ...good, sink: "always" } as AnyNode))).toEqual({ ...rest, sink: "always" });
  });
});

describe("The toolkit", () => {
  it("makes of number and text a socket of words, and a parameter of settings", () => {
    expect(number("a mean")).toEqual({ type: "number", help: "a mean" });
    expect(text({ default: "", help: "a name" })).toEqual({ kind: "text", default: "", help: "a name" });
    expectTypeOf(text("a name")).toEqualTypeOf<Socket<string>>();
  });

  it("lets a wrong output not compile", () => {
    const parts = { type: "mine/x", title: "X", description: "X.", inputs: { image: image("a picture") }, params: {} } as const;
    // @ts-expect-error a picture is no number
    defineNode({ ...parts, outputs: { mean: number("its mean") }, run: ({ image }) => ({ mean: image }) });
    // @ts-expect-error an output is missing
    defineNode({ ...parts, outputs: { image: image("a picture"), mean: number("its mean") }, run: ({ image }) => ({ image }) });
    defineNode({ ...parts, outputs: { image: image("a picture") }, run: ({ image }) => ({ image: image satisfies Image }) });
  });
});
