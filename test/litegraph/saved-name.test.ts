import { expect, it } from "vitest";
import { photoOf, savedName } from "../../src/litegraph/saved-name";
import { parsedGraph, parsedNode } from "../graph-builder";

it("a result's photo is the nearest file that it is made of", () => {
  const load = (id: string, name: string) => parsedNode(id, "sftgan/load-lr", {}, { file: { name } });
  const graph = parsedGraph(
    load("photo", "holiday/alps.jpg"),
    load("depth", "depth.png"),
    parsedNode("prior", "sftgan/depth-to-prior", { depth: "depth" }),
    parsedNode("blocks", "sftgan/sft-resblocks", { image: "photo", condition: "prior" }),
    parsedNode("save", "sftgan/save", { image: "blocks" }),
  );
  expect(photoOf(graph, "save")).toEqual({ node: "photo", name: "alps" });
  expect(photoOf(parsedGraph(load("a", "sample:scene.png")), "a")).toEqual({ node: "a", name: "scene" });
  expect(photoOf(parsedGraph(parsedNode("n", "sftgan/number", {})), "n")).toBeUndefined();
});

it("a saved picture is called after its photo and how it was enlarged, unless its node has a name of its own", () => {
  const size = { width: 160, height: 120 };
  expect(savedName("picture", "Save", "alps", size, { width: 640, height: 480 })).toBe("alps ×4");
  expect(savedName("picture", "Save", "alps", size, { width: 400, height: 300 })).toBe("alps 400 × 300");
  expect(savedName("", "Save", "alps", size, size)).toBe("alps");
  expect(savedName("mine", "Save", "alps", size, size)).toBe("mine");
  expect([savedName("picture", "Save", undefined), savedName("", "Save", undefined)]).toEqual(["picture", "Save"]);
});
