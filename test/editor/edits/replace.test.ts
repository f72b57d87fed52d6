/** A node of another type in the place of one: its wires and parameters that fit stay. */
import { describe, expect, it } from "vitest";
import { replaceNode, takeoverOf } from "../../../src/editor/edits/replace";
import { load, save } from "../../../src/litegraph";
import { graphOf, type Sketch } from "../../graph-builder";
import { definitions, LGraph, type LGraphNode, LiteGraph } from "../../litegraph/fake";

const definition = (name: string) => definitions.find(({ type }) => type === `sftgan/${name}`)!;

function loaded(sketch: Sketch): LGraph {
  const graph = new LGraph();
  load(graph as never, graphOf(sketch));
  return graph;
}
function replaced(graph: LGraph, id: number, by: string) {
  const node = graph.getNodeById(id)! as never as LGraphNode;
  const own = definitions.find(({ type }) => type === node.type);
  const added = LiteGraph.createNode(`sftgan/${by}`) as LGraphNode;
  replaceNode(graph as never, node as never, added as never, definition(by), own);
  const { nodes, links } = save(graph as never);
  const nameOf = (side: "inputs" | "outputs", id: number, slot: number) => nodes.find((one) => one.id === id)![side]![slot]!.name;
  return {
    added: nodes.find(({ id }) => id === added.id)!,
    wires: links
      .map(([, from, output, to, input]) => `${from}.${nameOf("outputs", from, output)}>${to}.${nameOf("inputs", to, input)}`)
      .sort(),
  };
}

describe("A node that is replaced by one of another type", () => {
  it("leaves it its wires by name and type, its place, its mode and the values that it takes", () => {
    const graph = loaded([
      ["load-lr"],
      ["segment", {}, { image: [1, "image"] }],
      ["sharpen-prior", { amount: 3 }, { prior: [2, "prior"] }],
      ["condition-net", {}, { prior: [3, "prior"] }],
      ["view-prior", {}, { prior: [3, "prior"], picture: [1, "image"] }],
    ]);
    const node = graph.getNodeById(3)! as never as Omit<LGraphNode, "mode"> & { mode: number };
    node.pos = [300, 40];
    node.mode = 4;
    node.title = "crisp";
    const { added, wires } = replaced(graph, 3, "smooth-prior");
    expect(added).toMatchObject({ type: "sftgan/smooth-prior", title: "crisp", mode: 4, pos: [300, 40] });
    expect(wires).toEqual(["1.image>2.image", "1.image>5.picture", "2.prior>6.prior", "6.prior>4.prior", "6.prior>5.prior"]);
    expect(graph.getNodeById(3)).toBeFalsy();
  });

  it("keeps values of one name and kind, and wires into parameters", () => {
    const graph = loaded([["number"], ["save", { name: "mine" }], ["crop", { left: 7 }, { width: [1, "value"] }]]);
    const { added, wires } = replaced(graph, 3, "crop-prior");
    expect(added.properties).toMatchObject({ left: 7 });
    expect(wires).toEqual([`1.value>${added.id}.width`]);
  });

  it("says before how many of its wires would stay", () => {
    const graph = loaded([["load-lr"], ["segment", {}, { image: [1, "image"] }], ["condition-net", {}, { prior: [2, "prior"] }]]);
    const node = graph.getNodeById(2)!;
    const { kept, wires } = takeoverOf(node as never, definition("map-to-prior"));
    expect([kept, wires]).toEqual([2, 2]);
    expect(takeoverOf(node as never, definition("crop")).kept).toBe(1);
    expect(takeoverOf(node as never, definition("note")).kept).toBe(0);
  });
});
