import { expect, it } from "vitest";
import ready from "../../../graphs/sft-gan.json";
import { definitions } from "../../../nodes";
import { appOf } from "../../../src/editor/app/model";
import { withFreePlaces } from "../../../src/editor/long-runs/place";
import { withCrop } from "../../../src/editor/long-runs/remedies";
import type { StoredGraph } from "../../../src/graph/stored";

const graph = ready as unknown as StoredGraph;
const definition = (type: string) => definitions.find((def) => def.type === type);
const found = withCrop(graph, definition, 1, { width: 400, height: 300 }, { width: 96, height: 64 })!;

it("A crop that is put into a graph lies beside the photo, on no other node", () => {
  const placed = withFreePlaces(found);
  const crop = placed.nodes.find(({ id }) => id === found.node)!;
  const photo = placed.nodes.find(({ id }) => id === 1)!;
  expect(crop.pos![0]).toBeGreaterThan(photo.pos![0]);
  for (const { id, pos, size } of placed.nodes) {
    if (id === crop.id || !pos || !size) continue;
    const isApart =
      pos[0] + size[0] <= crop.pos![0] ||
      crop.pos![0] + 230 <= pos[0] ||
      pos[1] + size[1] <= crop.pos![1] ||
      crop.pos![1] + 140 <= pos[1];
    expect(isApart, `node ${id}`).toBe(true);
  }
  expect(withFreePlaces({ ...found, added: [] })).toBe(found.graph);
});

it("A result of a part of the photo is compared with that part", () => {
  const bare = { ...found.graph, nodes: found.graph.nodes.filter(({ type }) => type !== "sftgan/compare") };
  const { layers, first, photo } = appOf({ ...bare, links: bare.links.filter((link) => link[3] !== 9) }, definitions);
  expect(photo!.node).toBe(1);
  expect([layers!.before![0]!.node, first!.after[0]!.node]).toEqual([String(found.node), String(found.node)]);
});
