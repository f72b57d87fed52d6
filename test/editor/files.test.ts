import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { PNG_SIGNATURE } from "../../src/codec/png-chunk";
import { pngTextChunks } from "../../src/codec/png-text";
import { arrive, withFiles } from "../../src/editor/files";
import type { FileRef } from "../../src/graph/node";
import { graph } from "./stored";

const definition = (type: string) => definitions.find((node) => node.type === type);
const load = { id: 1, title: "Load LR", files: [{ param: "file", accept: "image/png" }] };
const json = JSON.stringify(graph());
const png = (texts: Record<string, string>) =>
  new File([PNG_SIGNATURE as BlobPart, ...(pngTextChunks(texts) as BlobPart[])], "saved.png");

describe("a file that arrives", () => {
  it("is opened if it is a graph", async () => {
    const arrival = await arrive(new File([json], "a.json"), load, [load]);
    expect(arrival).toMatchObject({ kind: "graph", from: "file" });
  });

  it("is refused with a sentence if it is no graph that can be read", async () => {
    await expect(arrive(new File(["{nope"], "a.json"), undefined, [])).rejects.toThrow("not JSON");
    await expect(arrive(new File(['{"nodes":7}'], "a.json"), undefined, [])).rejects.toThrow();
  });

  it("gives back the graph a saved picture carries, and what to do if it was meant as a picture", async () => {
    const arrival = await arrive(png({ sftgan: json }), undefined, [load]);
    expect(arrival).toMatchObject({ kind: "graph", from: "picture", otherwise: { do: "set", node: 1, param: "file" } });
    expect(arrival.kind === "graph" && arrival.graph.nodes).toHaveLength(3);
  });

  it("stays a picture on a node that takes one, or where the graph inside cannot be read", async () => {
    expect(await arrive(png({ sftgan: json }), load, [load])).toMatchObject({ kind: "file", route: { do: "set" } });
    expect(await arrive(png({ sftgan: "{" }), undefined, [load])).toMatchObject({ kind: "file", route: { do: "set" } });
    expect(await arrive(png({ other: json }), undefined, [])).toMatchObject({ kind: "file", route: { do: "add" } });
  });
});

describe("exporting with files", () => {
  const stored = (file: FileRef) => graph({ nodes: [{ id: 1, type: "sftgan/load-lr", properties: { file } }], links: [] });

  it("puts the bytes into the graph as base64", async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i);
    const out = await withFiles(stored({ name: "a.png", sha256: "00" }), definition, { readFile: async () => bytes });
    expect(out.left).toEqual([]);
    const { data } = out.graph.nodes[0]!.properties!.file as FileRef;
    expect(Uint8Array.from(atob(data!), (letter) => letter.charCodeAt(0))).toEqual(bytes);
  });

  it("leaves shipped files alone, and names those that are not there or too large", async () => {
    const never = { readFile: async () => undefined };
    const shipped = stored({ name: "sample:scene.png" });
    expect(await withFiles(shipped, definition, never)).toEqual({ graph: shipped, left: [] });
    expect((await withFiles(stored({ name: "gone.png", sha256: "00" }), definition, never)).left).toEqual(["gone.png"]);
    const huge = { readFile: async () => ({ length: 13e6 }) as Uint8Array };
    expect((await withFiles(stored({ name: "huge.png", sha256: "00" }), definition, huge)).left).toEqual(["huge.png"]);
  });
});
