/** Modes of nodes: what a muted, a bypassed and a triggered one mean for the rest, in keys and in messages. */
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { defaultTargets } from "../../src/engine/targets";
import { cleanGraph, LIMITS } from "../../src/graph/clean";
import { MODE, modeOf } from "../../src/graph/modes";
import { type GraphNode, parseGraph } from "../../src/graph/parse";
import type { StoredGraph, StoredNode } from "../../src/graph/stored";
import { asRun } from "../../src/graph/wires";
import bypassSegment from "../cases/graphs/bypass_segment.json";
import mutedSegment from "../cases/graphs/muted_segment.json";
import { graphOf } from "../graph-builder";
import { expectMessage } from "../message";

const definition = (type: string) => definitions.find((def) => def.type === type);
function parsed(graph: unknown) {
  const nodes = parseGraph(cleanGraph(graph), definitions);
  for (const { problems, notes } of nodes.values()) for (const message of [...problems, ...notes]) expectMessage(message);
  return nodes;
}
const nodeOf = (graph: unknown, id: number): GraphNode => parsed(graph).get(String(id))!;
const targets = (graph: unknown) => defaultTargets(parsed(graph), definition).sort();
const withMode = (graph: StoredGraph, modes: Readonly<Record<number, number>>): StoredGraph => ({
  ...graph,
  nodes: graph.nodes.map((node) => ({ ...node, mode: modes[node.id] ?? 0 })),
});

/** 1 Load LR, 2 Degrade, 3 Preview, 4 Save, 5 Load Model, 6 SFT ResBlock×N (image 1, model 5), 7 another (features 6), 8 Upsample. */
const graph = graphOf([
  ["load-lr"],
  ["degrade", {}, { image: [1, "image"] }],
  ["preview", {}, { image: [2, "image"] }],
  ["save", {}, { image: [2, "image"] }],
  ["load-model"],
  ["sft-resblocks", {}, { image: [1, "image"], model: [5, "model"] }],
  ["sft-resblocks", {}, { features: [6, "features"] }],
  ["upsample", {}, { features: [7, "features"] }],
]);

describe("A muted node", () => {
  it("does not run, and what needs it says so", () => {
    const nodes = parsed(mutedSegment);
    expect(nodes.get("3")!.problems).toEqual([
      `its input "prior" comes from "Segment" (node 2), which is muted: set it to “always”, or connect another`,
    ]);
    expect(nodes.get("2")).toMatchObject({ mode: "muted", inputs: {}, notes: ["it is muted (mode “never”): it does not run"] });
    expect(targets(mutedSegment)).toEqual(["3", "5", "7", "9"]); // 3 and 7 say why
  });

  it("leaves an optional input as if nothing were connected, and says so in a note", () => {
    const node = nodeOf(withMode(graph, { 5: MODE.never }), 6);
    expect(node.inputs).toEqual({ image: { node: "1", output: "image" } });
    expect(node.problems).toEqual([]);
    expect(node.notes).toEqual([
      'its input "model" counts as not connected: it comes from "Load Model" (node 5), which is muted',
    ]);
  });

  it("leaves a parameter that it feeds at the value on the node", () => {
    const linked = graphOf([
      ["number", { value: 3 }],
      ["load-lr"],
      ["sft-resblocks", { blocks: 5 }, { image: [2, "image"], blocks: [1, "value"] }],
    ]);
    expect(nodeOf(linked, 3).inputs.blocks).toEqual({ node: "1", output: "value" });
    const muted = nodeOf(withMode(linked, { 1: MODE.never }), 3);
    expect([muted.inputs.blocks, muted.params.blocks]).toEqual([undefined, 5]);
  });

  it("says so itself only where it is asked for, and nothing else that is wrong with it", () => {
    const broken = withMode({ ...graph, links: [] }, { 2: MODE.never });
    expect(nodeOf(broken, 2).problems).toEqual(["it is muted (mode “never”) and does not run: set its mode to “always”"]);
    expect(targets(broken)).not.toContain("2");
  });

  it("of an unknown type is not missed", () => {
    const odd = { ...graph, nodes: [...graph.nodes, { id: 9, type: "vendor/note", mode: 2 } as StoredNode] };
    expect(targets(odd)).not.toContain("9");
    expect(targets(withMode(odd, {}))).toContain("9");
  });

  it("that saves or shows is no result; what fed it is computed for others only", () => {
    expect(targets(graph)).toEqual(["2", "3"]);
    expect(targets(withMode(graph, { 4: MODE.never }))).toEqual(["3"]);
    expect(targets(withMode(graph, { 3: MODE.never, 4: MODE.never }))).toEqual([]);
  });

  it("breaks a circle", () => {
    const circle = graphOf([
      ["crop", {}, { image: [2, "image"] }],
      ["crop", {}, { image: [1, "image"] }],
    ]);
    expect(targets(circle)).toHaveLength(1);
    expect(targets(withMode(circle, { 1: MODE.never }))).toEqual(["2"]); // which needs it
  });
});

describe("A bypassed node", () => {
  it("hands on the first input of its output's type", () => {
    const bypassed = withMode(graph, { 2: MODE.bypass });
    for (const id of [3, 4]) expect(nodeOf(bypassed, id).inputs.image).toEqual({ node: "1", output: "image" });
    expect(targets(bypassed)).toEqual(["1", "3"]);
    const blocks = withMode(graph, { 7: MODE.bypass });
    expect(nodeOf(blocks, 8).inputs.features).toEqual({ node: "6", output: "features" });
  });

  it("without such an input counts as no wire, and what needs it says so", () => {
    const nodes = parsed(bypassSegment);
    for (const id of ["3", "7"])
      expect(nodes.get(id)!.problems).toEqual([
        `its input "prior" comes from "Segment" (node 2), which is bypassed and has no prior to hand on: set it to “always”, or connect another`,
      ]);
    const first = withMode(graph, { 6: MODE.bypass }); // it is given a picture, and gives features
    expect(nodeOf(first, 7).problems).toEqual([]);
    expect(nodeOf(first, 7).notes[0]).toContain('its input "features" counts as not connected');
    expect(nodeOf(withMode(graph, { 5: MODE.bypass }), 6).inputs.model).toBeUndefined();
  });

  it("prefers the input of the output's own name", () => {
    const compared = graphOf([
      ["load-lr"],
      ["degrade", {}, { image: [1, "image"] }],
      ["compare", {}, { before: [1, "image"], after: [2, "image"] }],
      ["preview", {}, { image: [3, "after"] }],
    ]);
    expect(nodeOf(withMode(compared, { 3: MODE.bypass }), 4).inputs.image).toEqual({ node: "2", output: "image" });
  });

  it("hands on through others, ends at a muted one, and never goes round", () => {
    expect(nodeOf(withMode(graph, { 6: MODE.never, 7: MODE.bypass }), 8).problems[0]).toContain("(node 6), which is muted");
    const circle = graphOf([
      ["crop", {}, { image: [2, "image"] }],
      ["crop", {}, { image: [1, "image"] }],
      ["preview", {}, { image: [2, "image"] }],
    ]);
    expect(nodeOf(withMode(circle, { 1: MODE.bypass, 2: MODE.bypass }), 3).problems[0]).toContain(
      "which is bypassed and hands on what it gives itself",
    );
    expect(nodeOf(withMode(circle, { 2: MODE.bypass }), 3).inputs).toEqual({ image: { node: "1", output: "image" } });
  });

  it("reads its slots by their names, whatever order a file has them in", () => {
    const mixed = graphOf([
      ["load-lr"],
      ["segment", {}, { image: [1, "image"] }],
      ["constant-prior", {}, { picture: [1, "image"] }],
      ["mix-priors", {}, { a: [2, "prior"], b: [3, "prior"] }],
      ["condition-net", {}, { prior: [4, "prior"] }],
    ]);
    const turned = {
      ...mixed,
      nodes: mixed.nodes.map((node) => (node.id === 4 ? { ...node, inputs: [...node.inputs!].reverse() } : node)),
      links: mixed.links.map(([id, from, output, to, slot, type]) => [
        id,
        from,
        output,
        to,
        to === 4 ? mixed.nodes[3]!.inputs!.length - 1 - slot : slot,
        type,
      ]),
    };
    for (const graph of [mixed, turned as unknown as StoredGraph])
      expect(nodeOf(withMode(graph, { 4: MODE.bypass }), 5).inputs.prior).toEqual({ node: "2", output: "prior" });
  });

  it("of an unknown type hands on by its stored slots: a Reroute from ComfyUI does", () => {
    const reroute = {
      id: 9,
      type: "Reroute",
      mode: MODE.bypass,
      inputs: [{ name: "", type: "*", link: 8 }],
      outputs: [{ name: "", type: "image", links: [9] }],
    };
    const odd = graphOf([["load-lr"], ["preview"]]);
    const links = [
      [8, 1, 0, 9, 0, "*"],
      [9, 9, 0, 2, 0, "image"],
    ];
    const node = nodeOf({ ...odd, nodes: [...odd.nodes, reroute], links }, 2);
    expect([node.inputs, node.problems]).toEqual([{ image: { node: "1", output: "image" } }, []]);
  });

  it("gives the same as the graph wired past it", () => {
    const bypassed = withMode(graph, { 2: MODE.bypass, 7: MODE.bypass });
    const recipe = (of: StoredGraph) =>
      [...parsed(of)]
        .filter(([id]) => !["2", "7"].includes(id))
        .map(([, { type, params, inputs }]) => ({ type, params, inputs }));
    const past = asRun(bypassed, definition);
    expect(recipe(withMode(past, {}))).toEqual(recipe(bypassed));
    expect(past.nodes[2]!.inputs![0]!.link).toBe(2);
    expect(asRun(graph, definition)).toBe(graph);
  });

  it("is looked through in a long row of them", () => {
    const row = LIMITS.nodes;
    const nodes = Array.from({ length: row }, (_, i) => ({
      id: i,
      type: "sftgan/crop",
      mode: i === 0 || i > row - 100 ? 0 : MODE.bypass,
    }));
    const links = nodes.slice(1).map(({ id }) => [id, Math.min(id, row - 100) - 1, 0, id, 0, "image"]);
    const last = parseGraph(cleanGraph({ nodes, links }), definitions).get(String(row - 1))!;
    expect(last.inputs.image).toEqual({ node: "0", output: "image" });
  });
});

describe("A node on event or on trigger", () => {
  it("runs when another needs it and no result is computed for it alone", () => {
    for (const mode of [MODE.onEvent, MODE.onTrigger]) {
      expect(targets(withMode(graph, { 3: mode, 4: mode }))).toEqual([]);
      expect(nodeOf(withMode(graph, { 2: mode }), 3).inputs.image).toEqual({ node: "2", output: "image" });
      expect(targets(withMode(graph, { 2: mode }))).toEqual(["2", "3"]);
    }
  });

  it("has slots for events that carry no value", () => {
    const [button, ours] = [
      { id: 8, type: "vendor/button", outputs: [{ name: "click", type: -1, links: [8] }] },
      { id: 9, type: "sftgan/load-lr", mode: 3, inputs: [{ name: "onTrigger", type: -1, link: 8 }] },
    ];
    const json = { nodes: [button, ours], links: [[8, 8, 0, 9, 0, -1]] };
    expect(nodeOf(json, 9)).toMatchObject({ inputs: {}, problems: [] });
  });
});

it("A mode that nobody knows is “always”", () => {
  for (const mode of [undefined, 0, 5, 99]) expect(modeOf(mode === undefined ? {} : { mode })).toBe("always");
});
