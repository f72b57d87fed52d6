/** Weights that the process which computes reads out of their file. */
import { copyFile, mkdtemp, readFile, realpath, rm, symlink, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBytes } from "../../../src/headless/files";
import type { Link } from "../../../src/headless/native/link";
import type { Ask } from "../../../src/headless/native/protocol";
import { NativeRuntime } from "../../../src/headless/native/runtime";
import { Sessions } from "../../../src/headless/native/sessions";
import { read, sizeOf } from "../../../src/image/raster";
import { whole } from "../../../src/region";
import { generator } from "../../../src/sftgan/generator";
import { mapStage, type Work } from "../../../src/sftgan/stage";
import type { Model, Raster } from "../../../src/types";
import { loadModel } from "../../../src/weights/model";
import { build } from "../../built";
import { expectClose, noise } from "../../support";

const LITE = "weights/lite.safetensors";
let folder = "";
let runtime: NativeRuntime;

beforeAll(async () => {
  await build();
  folder = await realpath(await mkdtemp(join(tmpdir(), "sftgan-weights-")));
  runtime = new NativeRuntime({ device: "cpu", threads: 1, memory: 2 ** 30 });
});
afterAll(async () => {
  runtime.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the process is asked to open for a model. */
function opened(model: Model): Extract<Ask, { do: "open" }> {
  const asked: Ask[] = [];
  const link = { ask: async (ask: Ask) => void asked.push(ask), gone: false } as unknown as Link;
  new Sessions(link, { device: "cpu", threads: 1, room: 2 ** 30 }).for(model, generator(model), { height: 8, width: 8 });
  model.weights.dispose();
  return asked.find((ask) => ask.do === "open")!;
}

const tensorOf = async (raster: Promise<Raster>) => read(await raster, whole(sizeOf(await raster)));

describe("Weights that a file has as halves", () => {
  it("are read there by the process that computes, through a link too, and give what they give when they are sent", async () => {
    await copyFile(LITE, join(folder, "own.safetensors"));
    await symlink("own.safetensors", join(folder, "link.safetensors"));
    const model = await loadModel(await readBytes(join(folder, "link.safetensors")), "link.safetensors");
    const sent = await loadModel(await readFile(LITE), "lite.safetensors");
    expect(opened(model).folder).toBe(folder);
    expect(opened(sent).folder).toBeUndefined();
    expect(opened(model).model.length).toBeLessThan(opened(sent).model.length / 2);
    const inputs = { image: noise([1, 6, 7, 3]), prior: noise([1, 24, 28, 8]) };
    const work: Work = { budget: 2 ** 29, checkpoint: async () => {}, progress: () => {} };
    const run = (model: Model, own: Partial<Work> = {}) =>
      tensorOf(mapStage({ model, network: generator(model), inputs, size: { height: 6, width: 7 } }, { ...work, ...own }));
    const expected = await run(model);
    await expectClose(await run(model, { runtime }), expected);
    await expectClose(await run(sent, { runtime }), expected);
  });

  it("are sent where the file is no longer the one that was read, or is gone", async () => {
    const path = join(folder, "changing.safetensors");
    await copyFile(LITE, path);
    const model = await loadModel(await readBytes(path), "changing.safetensors");
    expect(opened(model).folder).toBe(folder);
    await utimes(path, 1, 1);
    expect(opened(model).folder).toBeUndefined();
    await rm(path);
    expect(opened(model).folder).toBeUndefined();
  });
});
