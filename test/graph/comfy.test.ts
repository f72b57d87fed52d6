/** Graphs as ComfyUI stores them, with their subgraphs among the file's definitions. */
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { cleanGraph } from "../../src/graph/clean";
import { withoutDefinitions } from "../../src/graph/comfy";
import { parseGraph, ready } from "../../src/graph/parse";
import { findNode, graphIn } from "../../src/graph/subgraphs";

const ENLARGE = "0b51dd09-6f37-4f2f-a2d6-0b9d6b7c1a01";
const CROP = "0b51dd09-6f37-4f2f-a2d6-0b9d6b7c1a02";
const link = (id: number, origin_id: number, origin_slot: number, target_id: number, target_slot: number) => ({
  ...{ id, origin_id, origin_slot, target_id, target_slot, type: "image" },
});
const node = (id: number, type: string, more: object = {}) => ({
  ...{ id, type, pos: [0, 0], size: [200, 100], flags: {}, mode: 0 },
  inputs: [{ name: "image", type: "image", link: 1 }],
  outputs: [{ name: "image", type: "image", links: [2] }],
  ...more,
});
const kind = (id: string, name: string, nodes: readonly object[], links: readonly object[] = []) => ({
  ...{ id, name, version: 1, revision: 0, state: {}, config: {}, groups: [], widgets: [], extra: {} },
  inputNode: { id: -10, bounding: [-200, 0, 120, 60] },
  outputNode: { id: -20, bounding: [900, 0, 120, 60] },
  inputs: [{ id: "a", name: "image", type: "image", linkIds: [1] }],
  outputs: [{ id: "b", name: "image", type: "image", linkIds: [2] }],
  nodes,
  links,
});
/** Load LR 1 -> two of Enlarge, 2 and 3, each of which is Bicubic Upscale -> Crop, a subgraph too -> Preview 4. */
const file = (...kinds: readonly object[]) =>
  cleanGraph({
    nodes: [
      node(1, "sftgan/load-lr", { inputs: [] }),
      node(2, ENLARGE),
      node(3, ENLARGE, { title: "Again" }),
      node(4, "sftgan/preview", { outputs: [] }),
    ],
    links: [
      [1, 1, 0, 2, 0, "image"],
      [2, 2, 0, 3, 0, "image"],
      [3, 3, 0, 4, 0, "image"],
    ],
    version: 0.4,
    definitions: { subgraphs: kinds },
  });
const enlarge = kind(
  ENLARGE,
  "Enlarge",
  [node(1, "sftgan/bicubic-upscale"), node(2, CROP)],
  [link(1, -10, 0, 1, 0), link(2, 1, 0, 2, 0), link(3, 2, 0, -20, 0)],
);
const crop = kind(CROP, "Crop", [node(1, "sftgan/crop")], [link(1, -10, 0, 1, 0), link(2, 1, 0, -20, 0)]);

describe("ComfyUI's subgraphs of our nodes", () => {
  it("run, and become litegraph's, one for each node of a kind", () => {
    const graph = parseGraph(file(enlarge, crop), definitions);
    expect([...graph.values()].flatMap(({ problems }) => problems)).toEqual([]);
    const way: string[] = [];
    for (let id = "4"; id !== undefined; id = graph.get(id)!.inputs.image?.node as string) way.push(graph.get(id)!.type);
    expect(way.map((type) => type.slice("sftgan/".length))).toEqual([
      "preview",
      ...["crop", "bicubic-upscale", "crop", "bicubic-upscale"],
      "load-lr",
    ]);
    const opened = ready(file(enlarge, crop), definitions);
    expect(opened).not.toHaveProperty("definitions");
    expect(opened.nodes.map(({ title }) => title)).toEqual([undefined, "Enlarge", "Again", undefined]);
    const ids = opened.nodes.flatMap((one) => ((graphIn(one)?.nodes ?? []) as { id: number }[]).map(({ id }) => id));
    expect(new Set(ids).size).toBe(8);
    for (const id of ids) expect(findNode(opened, id)!.path).toHaveLength(1);
    expect(ready(cleanGraph(JSON.parse(JSON.stringify(opened))), definitions)).toEqual(opened);
  });

  it("that contain themselves, are too many or hold what nobody knows stay, and say why", () => {
    const itself = kind(CROP, "Crop", [node(1, ENLARGE)]);
    const message = (...kinds: readonly object[]) => parseGraph(file(...kinds), definitions).get("2")!.problems;
    expect(message(enlarge, itself)).toEqual([
      'the subgraph "Enlarge" contains itself, which has no end: save it without itself',
    ]);
    expect(message(kind(ENLARGE, "", [node(1, "KSampler")]))[0]).toMatch(/with a node of type "KSampler": install the plugin/);
    expect(message(kind(ENLARGE, "", [{ id: "x" }]))[0]).toMatch(/has the id "x"/);
    const id = (n: number) => `${ENLARGE.slice(0, -2)}${10 + n}`;
    const bomb = Array.from({ length: 5 }, (_, n) =>
      kind(
        id(n),
        "",
        Array.from({ length: 10 }, (_, i) => node(i + 1, id(n + 1))),
      ),
    );
    expect(message(kind(ENLARGE, "", [node(1, id(0))]), ...bomb, kind(id(5), "", []))[0]).toMatch(/more than 1000 nodes: split/);
    const chain = Array.from({ length: 9 }, (_, n) => kind(id(n), "", [node(1, id(n + 1))]));
    expect(message(kind(ENLARGE, "", [node(1, id(0))]), ...chain, kind(id(9), "", []))[0]).toMatch(/more than 8 deep/);
    const stored = file(enlarge, itself);
    expect(withoutDefinitions(stored, () => true).graph).toBe(stored);
  });
});
