/** Every ready graph can be followed by eye. */
import { describe, expect, it } from "vitest";
import { overlap } from "../../../src/editor/wires/geometry";
import { boxOf, hiddenWires } from "../../../src/editor/wires/wires";
import { load } from "../../../src/litegraph";
import { LGraph, type LGraphNode } from "../../litegraph/fake";

const READY = import.meta.glob("../../../graphs/*.json", { query: "?raw", import: "default", eager: true }) as Record<
  string,
  string
>;

describe.each(Object.entries(READY))("%s", (_, text) => {
  it("has no wire behind a node or on another wire, and no node on another", () => {
    const graph = new LGraph();
    load(graph, JSON.parse(text));
    expect(
      hiddenWires(graph as never).map((hidden) => [
        hidden.wire.from.title,
        hidden.wire.to.title,
        "behind" in hidden ? hidden.behind.title : hidden.over.to.title,
      ]),
    ).toEqual([]);
    const boxes = (graph as unknown as { _nodes: LGraphNode[] })._nodes.map((node) => boxOf(node as never));
    for (const [i, box] of boxes.entries()) expect(boxes.slice(i + 1).some((other) => overlap(box, other, 10))).toBe(false);
  });
});

it("sees wires that cannot be followed: behind a node, on another wire", () => {
  const graph = new LGraph();
  const [ready] = Object.entries(READY)
    .find(([path]) => path.endsWith("/sft-gan.json"))!
    .slice(1) as [string];
  const json = JSON.parse(ready) as { nodes: { pos: number[]; flags: object }[] };
  for (const [i, node] of json.nodes.entries()) Object.assign(node, { pos: [40 + 280 * i, 60], flags: {} }); // all in one row
  load(graph, json);
  const hidden = hiddenWires(graph as never);
  expect(hidden.some((one) => "behind" in one)).toBe(true);
  expect(hidden.some((one) => "over" in one)).toBe(true);
});
