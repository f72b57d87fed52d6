/** Ready graphs and the photo that a person has brought. */
import { expect, it } from "vitest";
import blend from "../../graphs/blend-models.json";
import depth from "../../graphs/depth-prior.json";
import measure from "../../graphs/measure.json";
import paint from "../../graphs/paint-prior.json";
import first from "../../graphs/sft-gan.json";
import { definitions } from "../../nodes";
import { createReadyOpener, ownPhotoOf } from "../../src/editor/open-ready";
import { readGraph } from "../../src/graph/clean";
import type { FileRef } from "../../src/graph/node";
import type { StoredGraph } from "../../src/graph/stored";
import { withNode } from "./stored";

const photo: FileRef = { name: "holiday.jpg", sha256: "00" };
const graphs = { first, paint, depth, blend, measure } as unknown as Record<string, StoredGraph>;
const own = (graph: StoredGraph, id: number, file: unknown): StoredGraph => withNode(graph, id, { properties: { file } });

/** The page with this graph: opens others, and tells of what is there, and said. */
function page(graph: StoredGraph) {
  const now = { graph, title: "", said: "", message: "", use: () => {}, given: [] as unknown[] };
  const definition = (type: string) => definitions.find((one) => one.type === type);
  const { open, offer } = createReadyOpener({
    document: {
      stored: () => now.graph,
      get title() {
        return now.title;
      },
    },
    nodes: { definition, give: (gifts) => void now.given.push(...gifts) },
    fileImport: {
      openGraph(graph, title) {
        now.title = title;
        now.graph = readGraph(JSON.stringify(graph));
        now.message = "";
        return true;
      },
    },
    toasts: {
      show(message, _, [action] = []) {
        Object.assign(now, { message, use: action!.act });
        return () => {};
      },
    },
    say: (text) => Object.assign(now, { said: text }),
  });
  const photos = () =>
    Object.fromEntries(
      now.graph.nodes
        .filter(({ type }) => type === "sftgan/load-lr")
        .map(({ id, properties }) => [id, (properties!.file as FileRef).name]),
    );
  return { now, photos, offer, open: (name: string) => open({ name, title: name, description: "", graph: graphs[name]! }) };
}

it("A photo of one's own goes along into a ready graph, and its sample stays where there is none", () => {
  const { now, photos, open } = page(own(graphs.first!, 1, photo));
  for (const name of ["paint", "blend", "measure", "first"]) {
    open(name);
    expect(photos(), name).toEqual({ 1: "holiday.jpg" });
    expect(now.said).toBe(`“${name}” is open with “holiday.jpg”`);
    expect(now.message).toBe("");
  }
  const other = page(graphs.first!);
  other.open("paint");
  expect(other.photos()).toEqual({ 1: "sample:scene.png" });
  expect(other.now.said).toBe("“paint” is open");
  expect(graphs.paint!.nodes).toEqual(paint.nodes); // what ships is as it was
});

it("A ready graph with a map that fits no other photo keeps its own, says so, takes it when asked, and the next has it", () => {
  const { now, photos, open } = page(own(graphs.first!, 1, photo));
  open("depth");
  expect(photos()).toEqual({ 1: "sample:scene.png", 2: "sample:scene-depth.png" });
  expect(now.message).toContain("“holiday.jpg”");
  now.use();
  expect(now.given).toEqual([{ to: 1, param: "file", value: photo }]);
  open("depth");
  open("paint");
  expect(photos()).toEqual({ 1: "holiday.jpg" });
});

it("A photo that comes late is offered to a graph that keeps its own, and the next one has it; others take it", () => {
  const { now, photos, offer, open } = page(graphs.first!);
  expect(offer(photo)).toBe(false);
  open("depth");
  expect([offer(photo), now.message]).toEqual([true, expect.stringContaining("“depth” keeps its own photo")]);
  now.use();
  expect(now.given).toEqual([{ to: 1, param: "file", value: photo }]);
  open("paint");
  expect(photos()).toEqual({ 1: "holiday.jpg" });
});

it("Of several Load LR the one without a name of its own holds the photo; two leave it open", () => {
  const titles = () => "Load LR";
  expect(ownPhotoOf(own(graphs.depth!, 1, photo), titles)).toEqual(photo);
  expect(ownPhotoOf(own(graphs.depth!, 2, photo), titles)).toBeUndefined();
  const two = withNode(own(graphs.depth!, 1, photo), 2, { title: "Load LR" });
  expect(ownPhotoOf(two, titles)).toBeUndefined();
});
