/** Which files' content a recipe is known by, beside its graph. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../src/graph/file";
import { asset } from "../../src/headless/assets";
import { fileHashes } from "../../src/headless/file-hashes";
import { workOf } from "../../src/headless/graph-file";
import { graphOf, type Sketch } from "../graph-builder";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-hashes-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const hashes = (...sketch: Sketch) => fileHashes(workOf(graphOf(sketch), { folder }), String(sketch.length), "1");
const line = async (name: string, bytes?: Uint8Array) => `${name} ${await sha256(bytes ?? (await asset(name)))}\n`;
const photo = ["load-lr", { file: { name: "sample:scene.png" } }] as const;

describe("fileHashes", () => {
  it("has the weights that ship where a node takes them by itself, or by name, and not those of other nodes", async () => {
    const segment = ["segment", {}, { image: [1, "image"] }] as const;
    const resblocks = (inputs: object) => ["sft-resblocks", {}, { image: [1, "image"], ...inputs }] as const;
    expect(await hashes(photo, segment)).toBe(await line("weights:segment.safetensors"));
    expect(await hashes(photo, segment, resblocks({}))).toBe(await line("weights:sftgan.safetensors"));
    const real = ["load-model", { file: { name: "weights:real.safetensors" } }] as const;
    expect(await hashes(photo, real, resblocks({ model: [2, "model"] }))).toBe(await line("weights:real.safetensors"));
  });

  it("has files by name alone and as they are now, and none whose content the graph says, or that cannot be read", async () => {
    const prior = (file: object) => hashes(photo, ["load-prior", { file }, { picture: [1, "image"] }]);
    for (const content of ["one", "two"]) {
      const bytes = new TextEncoder().encode(content);
      await writeFile(join(folder, "prior.npy"), bytes);
      expect(await prior({ name: "prior.npy" })).toBe(await line("prior.npy", bytes));
    }
    expect(await prior({ name: "prior.npy", sha256: "0".repeat(64) })).toBe("");
    expect(await prior({ name: "prior.npy", data: "AAAA" })).toBe("");
    expect(await prior({ name: "gone.npy" })).toBe("");
  });
});
