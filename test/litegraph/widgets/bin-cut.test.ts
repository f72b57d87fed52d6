/** What edges of bins become when they are moved, added and taken away. */
import { describe, expect, it } from "vitest";
import {
  added,
  binAt,
  type Cut,
  handlesOf,
  moved,
  placeOf,
  readCut,
  reclassed,
  removed,
} from "../../../src/litegraph/widgets/bin-cut";
import type { Place } from "../../../src/litegraph/widgets/widget";
import { expectMessage } from "../../message";
import { graphOf } from "../fake";

function place(properties: object): Place {
  const [node] = graphOf("sftgan/depth-to-prior").nodes;
  Object.assign(node!.properties, properties);
  const { definition } = node!.constructor as unknown as { definition: { params: Record<string, Place["param"]> } };
  return { host: undefined as never, node: node!, name: "edges", param: definition.params.edges! };
}
const CLASSES = { classes: "grass, building, sky" };
const STATED = { ...CLASSES, edges: "0.2, 0.6" };
const cutOf = (properties: object) => readCut(place(properties)) as Cut;
const change = (act: (cut: Cut, place: Place) => unknown, properties: object) => act(cutOf(properties), place(properties));

describe("A cut", () => {
  it("has the classes' names and colours, mixed around each edge", () => {
    const cut = cutOf(STATED);
    expect(cut.bins.map(({ name }) => name)).toEqual(["grass", "building", "sky"]);
    expect([cut.colourAt(0), cut.colourAt(0.4), cut.colourAt(1)]).toEqual(cut.bins.map(({ colour }) => colour));
    expect(cut.colourAt(0.2)).toEqual([100, 155, 205]);
    expect([0, 0.3, 0.6, 1].map((depth) => binAt(cut, depth))).toEqual([0, 1, 2, 2]);
  });

  it("has even edges where none are written, planes for a number, and two ends only for near and far", () => {
    expect(cutOf(CLASSES)).toMatchObject({ edges: [0.25, 0.75], stated: false, free: true });
    expect(cutOf({ classes: "4" }).bins.map(({ name }) => name)).toEqual(["plane 1", "plane 2", "plane 3", "plane 4"]);
    const ends = cutOf({ as: "near and far", edges: "nonsense" });
    expect(handlesOf(ends)).toEqual(["near", "far"]);
    expect(ends.bins.map(({ name }) => name)).toEqual(["near", "far"]);
  });

  it("is a message where the parameters are none, or a link decides", () => {
    for (const wrong of [
      { edges: "0.2" },
      { edges: "x, y" },
      { classes: "tree" },
      { near: 1 },
      { near: "<b>" },
      { classes: 5 + 1e9 },
    ])
      expectMessage(readCut(place({ ...STATED, ...wrong })) as string);
    const linked = place(STATED);
    linked.node.addInput("near", "number");
    linked.node.inputs.at(-1)!.link = 1;
    expect(readCut(linked)).toBe("A link decides: see the result");
  });
});

describe("A handle", () => {
  it("that is moved takes its edge along, as far as its neighbours let it, and writes all edges down", () => {
    const to = (handle: number, depth: number, properties: object = STATED) =>
      change((cut, place) => moved(cut, handle, depth, place), properties);
    expect(to(0, 0.31)).toEqual({ edges: "0.31, 0.6" });
    expect(to(0, 0.9)).toEqual({ edges: "0.598, 0.6" });
    expect(to(1, 0)).toEqual({ edges: "0.2, 0.202" });
    expect(to(1, 7)).toEqual({ edges: "0.2, 0.998" });
    expect(to(0, 0.1, CLASSES)).toEqual({ edges: "0.1, 0.75" });
    expect(to(1, 0.5, { classes: "4", edges: "0.4, 0.401, 0.402" })).toEqual({ edges: "0.4, 0.401, 0.402" });
  });

  it("at an end moves it by hundredths, up to the first or last edge", () => {
    const to = (handle: "near" | "far", depth: number, properties: object = STATED) =>
      change((cut, place) => moved(cut, handle, depth, place), properties);
    expect(to("near", 0.123)).toEqual({ near: 0.12 });
    expect(to("near", 0.5)).toEqual({ near: 0.19 });
    expect(to("near", 0.5, CLASSES)).toEqual({ near: 0.5 });
    expect(to("near", 1, CLASSES)).toEqual({ near: 0.99 });
    expect(to("far", 0)).toEqual({ far: 0.61 });
    expect(to("far", 0, { ...CLASSES, near: 0.3 })).toEqual({ far: 0.31 });
    expect(to("near", 0.5, { classes: "2", edges: "0.001" })).toEqual({ near: 0 });
    expect(to("far", 0.5, { classes: "2", edges: "0.9995" })).toEqual({ far: 1 });
  });

  it("leaves a cut behind that is one, wherever it is dragged", () => {
    for (let handle = 0; handle < 2; handle++)
      for (const depth of [-1, 0, 0.19, 0.2, 0.5999, 1, 2]) {
        const changes = change((cut, place) => moved(cut, handle, depth, place), STATED) as object;
        const cut = cutOf({ ...STATED, ...changes });
        expect(typeof cut).toBe("object");
        expect(placeOf(cut, handle)).toBeGreaterThan(0);
      }
  });
});

describe("A bin", () => {
  it("is cut in two of its class, where there is room", () => {
    const at = (depth: number, properties: object = STATED) => change((cut, place) => added(cut, depth, place), properties);
    expect(at(0.3)).toEqual({ classes: "grass, building, building, sky", edges: "0.2, 0.3, 0.6" });
    expect(at(0.9)).toEqual({ classes: "grass, building, sky, sky", edges: "0.2, 0.6, 0.9" });
    expect(at(0.5, { classes: "2" })).toBeUndefined();
    expect(at(0.3, { classes: "2" })).toEqual({ classes: "3", edges: "0.3, 0.5" });
    expect(at(0.2001)).toBeUndefined();
    expect(at(0)).toBeUndefined();
    expect(at(0.3, { classes: "256" })).toBeUndefined();
    expect(at(0.3, { as: "near and far" })).toBeUndefined();
    expect(at(0.5, { classes: "sky" })).toEqual({ classes: "sky, sky", edges: "0.5" });
  });

  it("takes its narrower neighbour in when the edge between them goes", () => {
    const without = (edge: number, properties: object = STATED) => change((cut, place) => removed(cut, edge, place), properties);
    expect(without(0)).toEqual({ classes: "building, sky", edges: "0.6" });
    expect(without(1, { ...CLASSES, edges: "0.2, 0.9" })).toEqual({ classes: "grass, building", edges: "0.2" });
    expect(without(0, { classes: "2" })).toEqual({ classes: "1", edges: "" });
  });

  it("is given another class", () => {
    expect(change((cut, place) => reclassed(cut, 1, 2, place), STATED)).toEqual({ classes: "grass, water, sky" });
  });
});
