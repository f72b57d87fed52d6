import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { withFiles } from "../../src/editor/embedding";
import type { FileRef } from "../../src/graph/node";
import { graph } from "./stored";

const definition = (type: string) => definitions.find((node) => node.type === type);

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
