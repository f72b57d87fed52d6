import { describe, expect, it } from "vitest";
import { accepts, kindOf, route, routeAll, type Target } from "../../src/editor/routing";
import { encodeHead } from "./heads";

const load: Target = { id: 1, title: "Load LR", files: [{ param: "file", accept: "image/png,image/jpeg" }] };
const prior: Target = { id: 2, title: "Load Prior", files: [{ param: "file", accept: ".npy,.pth,image/png" }] };
const plain: Target = { id: 3, title: "Segment", files: [] };

describe("what a file is", () => {
  it("is judged by its first bytes, whatever its name", () => {
    expect(kindOf(encodeHead("png"), "graph.json")).toBe("picture");
    expect(kindOf(encodeHead("jpeg"), "x")).toBe("picture");
    expect(kindOf(encodeHead("webp"), "x.png")).toBe("picture");
    expect(kindOf(encodeHead("avif"), "x")).toBe("picture");
    expect(kindOf(encodeHead("npy"), "x.png")).toBe("array");
    expect(kindOf(encodeHead("safetensors"), "weights", 1000)).toBe("weights");
    expect(kindOf(encodeHead("zip"), "model")).toBe("weights");
    expect(kindOf(encodeHead("pickle"), "model")).toBe("weights");
    expect(kindOf(new TextEncoder().encode('\uFEFF\n {"nodes":[]}'), "x.txt")).toBe("graph");
  });

  it("goes by its name where the bytes say nothing", () => {
    expect(kindOf(new Uint8Array(0), "a.json")).toBe("graph");
    expect(kindOf(new Uint8Array(64), "a.pth")).toBe("weights");
    expect(kindOf(new Uint8Array(0), "zero.png")).toBe("picture"); // whose message then says that it is empty
    expect(kindOf(new TextEncoder().encode("<!doctype html><html>"), "a.jpg")).toBe("picture");
    expect(kindOf(new TextEncoder().encode("<svg xmlns='a'>"), "a")).toBe("picture");
    expect(kindOf(new Uint8Array(64), "a.exe")).toBe("unknown");
    expect(kindOf(new Uint8Array(0), "")).toBe("unknown");
  });
});

describe("where a file goes", () => {
  it("sets the node it is dropped on", () => {
    expect(route("picture", "a.png", prior, [load, prior])).toMatchObject({ do: "set", node: 2, param: "file" });
  });

  it("is refused by name where the node takes other files", () => {
    const way = route("array", "a.npy", load, [load]);
    expect(way).toEqual({ do: "refuse", message: '"a.npy" does not fit Load LR, which takes image/png,image/jpeg.' });
  });

  it("sets the only Load LR when dropped beside nodes, or on one without files", () => {
    expect(route("picture", "a.jpg", undefined, [plain, load])).toMatchObject({ do: "set", node: 1, param: "file" });
    expect(route("picture", "a.jpg", plain, [plain, load])).toMatchObject({ do: "set", node: 1, param: "file" });
  });

  it("adds a Load LR where there is none or more than one", () => {
    expect(route("picture", "a.jpg", undefined, [plain])).toEqual({ do: "add", title: "Load LR" });
    expect(route("picture", "a.jpg", undefined, [load, { ...load, id: 9 }])).toEqual({ do: "add", title: "Load LR" });
  });

  it("sets that one of several Load LR which bears no name of its own, as one for a depth map does", () => {
    const depth = { ...load, id: 9, renamed: true };
    expect(route("picture", "a.jpg", undefined, [depth, load])).toMatchObject({ do: "set", node: 1 });
    expect(route("picture", "a.jpg", undefined, [depth])).toMatchObject({ do: "set", node: 9 });
    expect(route("picture", "a.jpg", undefined, [depth, { ...depth, id: 10 }])).toEqual({ do: "add", title: "Load LR" });
  });

  it("adds a loader for weights and for arrays", () => {
    expect(route("weights", "a.pth", undefined, [load])).toEqual({ do: "add", title: "Load Model" });
    expect(route("array", "a.npy", undefined, [load, prior])).toEqual({ do: "add", title: "Load Prior" });
  });

  it("opens a graph wherever it is dropped", () => {
    expect(route("graph", "a.json", load, [load])).toEqual({ do: "open graph" });
  });

  it("says what can be dropped in place of anything else", () => {
    const way = route("unknown", "a.exe", undefined, []);
    expect(way.do === "refuse" && way.message).toContain('"a.exe" is no picture');
  });
});

describe("where several files go", () => {
  const picture = (name: string) => ({ kind: "picture" as const, name });

  it("is a node of its own for each", () => {
    const set = { do: "set", node: 1, param: "file" };
    const ways = routeAll([picture("a.png"), picture("b.png"), picture("c.png")], undefined, [plain, load]);
    expect(ways).toMatchObject([set, { do: "add", title: "Load LR" }, { do: "add", title: "Load LR" }]);
    expect(routeAll([picture("a.png"), picture("b.png")], prior, [load, prior])).toMatchObject([
      { do: "set", node: 2 },
      { do: "add", title: "Load Prior" },
    ]);
  });

  it("is the node that names a file, where their graph has come with them", () => {
    const holding = (id: number, holds: string): Target => ({ ...load, id, files: [{ ...load.files[0]!, holds }] });
    const nodes = [holding(5, "a.png"), holding(6, "b.png")];
    const files = [picture("b.png"), picture("a.png"), picture("c.png"), picture("a.png")];
    expect(routeAll(files, undefined, nodes, true)).toMatchObject([
      { do: "set", node: 6 },
      { do: "set", node: 5 },
      { do: "add", title: "Load LR" },
      { do: "add", title: "Load LR" },
    ]);
    expect(routeAll([picture("b.png")], undefined, nodes)).toEqual([{ do: "add", title: "Load LR" }]);
  });
});

it("reads HTML's accept lists", () => {
  expect(accepts("", "a.b", "unknown")).toBe(true);
  expect(accepts(".npy, .PTH", "A.pth", "weights")).toBe(true);
  expect(accepts("image/png", "a.webp", "picture")).toBe(true);
  expect(accepts(".npy", "a.png", "picture")).toBe(false);
});
