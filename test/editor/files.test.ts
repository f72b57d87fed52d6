import { describe, expect, it } from "vitest";
import { PNG_SIGNATURE } from "../../src/codec/png-chunk";
import { pngTextChunks } from "../../src/codec/png-text";
import { bytesOf, graphIn, graphInside, lookAt } from "../../src/editor/files";
import { graph } from "./stored";

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
