/** The weights that ship with the package, against the PyTorch networks on a small picture. */
import { describe, expect, it } from "vitest";
import { SHIPPED_WEIGHTS, WEIGHT_NAMES } from "../../src/samples";
import type { Model } from "../../src/types";
import { disposeModel, loadModel } from "../../src/weights/model";
import { expectClose } from "../support";
import { array } from "./nets";
import { generator, segmenter } from "./stages";

const FILES = import.meta.glob("../../weights/*.safetensors", { query: "?url", import: "default", eager: true }) as Record<
  string,
  string
>;

async function shipped(name: string): Promise<Model> {
  const path = `../../weights/${name}.safetensors`;
  const url = FILES[path];
  if (url === undefined) throw new Error(`there is no weights/${name}.safetensors`);
  if (typeof window !== "undefined") return loadModel(new Uint8Array(await (await fetch(url)).arrayBuffer()), name);
  const { readFile } = await import("node:fs/promises");
  return loadModel(new Uint8Array(await readFile(new URL(path, import.meta.url))), name);
}

describe("the shipped weights", () => {
  it("are the files of weights/", () => {
    expect(
      Object.keys(FILES)
        .map((path) => path.replace("../../weights/", "weights:"))
        .sort(),
    ).toEqual([...SHIPPED_WEIGHTS].sort());
  });

  it.each(WEIGHT_NAMES.filter((name) => name !== "segment"))("%s gives the picture of the PyTorch network", async (name) => {
    const model = await shipped(name);
    const { architecture, features, blocks, metadata } = model;
    expect({ architecture, features: String(features), blocks: String(blocks) }).toEqual({
      architecture: metadata.architecture,
      features: metadata.features,
      blocks: metadata.blocks,
    });
    const [picture, prior] = [await array("shipped-picture"), await array("shipped-prior")];
    const taken = model.condition === 0 ? undefined : prior;
    await expectClose(generator(model, picture, taken), await array(`shipped-${name}`));
    disposeModel(model);
  });

  it("segment gives the probabilities of the PyTorch network", async () => {
    const model = await shipped("segment");
    expect(model.architecture).toBe("segmenter");
    await expectClose(segmenter(model, await array("shipped-segment.in")), await array("shipped-segment"));
    disposeModel(model);
  });
});
