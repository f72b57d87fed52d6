import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { PNG_SIGNATURE } from "../../src/codec/png-chunk";
import { pngTextChunks } from "../../src/codec/png-text";
import { bytesOf, graphIn, graphInside, lookAt, withFiles } from "../../src/editor/files";
import type { FileRef } from "../../src/graph/node";
import { graph } from "./stored";

const definition = (type: string) => definitions.find((node) => node.type === type);
const json = JSON.stringify(graph());
const png = (texts: Record<string, string>) =>
  new File([PNG_SIGNATURE as BlobPart, ...(pngTextChunks(texts) as BlobPart[])], "saved.png");

describe("a file that arrives", () => {
  it("is read as a graph, or refused with a message if it is none", async () => {
    expect((await graphIn(new File([json], "a.json"))).nodes).toHaveLength(3);
    await expect(graphIn(new File(["{nope"], "a.json"))).rejects.toThrow("not JSON");
    await expect(graphIn(new File(['{"nodes":7}'], "a.json"))).rejects.toThrow("not a litegraph graph");
    const huge = { size: 1e9, name: "huge.json" } as File;
    await expect(graphIn(huge)).rejects.toThrow("a graph has at most 67108864");
  });

  it("gives back the graph a saved picture carries, where it can be read", async () => {
    const inside = async (file: File) => graphInside(await bytesOf(file));
    expect((await inside(png({ sftgan: json })))?.nodes).toHaveLength(3);
    expect(await inside(png({ sftgan: "{" }))).toBeUndefined();
    expect(await inside(png({ other: json }))).toBeUndefined();
  });

  it("is refused where it cannot be read, as a folder, or is too large for any use", async () => {
    const folder = { size: 4096, name: "folder", slice: () => folder, arrayBuffer: () => Promise.reject(new Error("no")) };
    await expect(lookAt(folder as unknown as File)).rejects.toThrow("it is a folder, or it has been moved");
    await expect(bytesOf({ size: 2 ** 31 } as Blob)).rejects.toThrow("at most 1073741824 are read");
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
