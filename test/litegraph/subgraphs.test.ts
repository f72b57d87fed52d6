/** Subgraphs where nobody registered their type, as on a page with litegraph's core alone: placeholders whose insides run. */
import { expect, it } from "vitest";
import { flat } from "../../src/graph/subgraphs";
import { attach, load, save, stateOf } from "../../src/litegraph";
import { FakeEngine, LGraph, type LGraphNode } from "./fake";

const file = {
  last_node_id: 2,
  last_link_id: 1,
  nodes: [
    {
      id: 1,
      type: "vendor/inside",
      title: "Photo",
      outputs: [{ name: "photo", type: "image", links: [1] }],
      subgraph: {
        nodes: [
          { id: 7, type: "sftgan/load-lr", outputs: [{ name: "image", type: "image", links: [1] }], mine: 3 },
          { id: 8, type: "graph/output", properties: { name: "photo" }, inputs: [{ name: "", type: "image", link: 1 }] },
        ],
        links: [[1, 7, 0, 8, 0, "image"]],
      },
    },
    { id: 2, type: "test/sink", inputs: [{ name: "picture", type: "image", link: 1 }] },
  ],
  links: [[1, 1, 0, 2, 0, "image"]],
};

it("runs what is inside of a placeholder, says on it what fails there, and keeps the file as it was", async () => {
  const graph = new LGraph();
  load(graph, file);
  const engine = new FakeEngine();
  using attachment = attach(graph, { engine });
  engine.errors = { 7: "its file is missing: choose it again" };
  const report = await attachment.run();
  const [posted] = engine.runs;
  expect(posted!.nodes.map(({ id, type }) => [id, type])).toEqual([
    [1, "vendor/inside"],
    [2, "test/sink"],
  ]);
  expect(flat(posted!).graph.links.map(([, from, , to]) => [from, to])).toEqual([[7, 2]]);
  expect(report.errors).toEqual({ 1: "its file is missing: choose it again" });
  expect(stateOf(graph.getNodeById(1) as never as LGraphNode).error).toBe("its file is missing: choose it again");
  expect(save(graph).nodes[0]).toMatchObject(file.nodes[0]!);
});
