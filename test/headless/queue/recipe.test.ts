/** Options on their way through the queue. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../../src/graph/file";
import { makingIn, recipeOf } from "../../../src/headless/queue/recipe";
import { Root } from "../../../src/headless/queue/root";

let folder = "";
let root: Root;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-recipe-"));
  root = await Root.open(folder);
  await writeFile(join(folder, "prior.npy"), "prior");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a recipe in the queue", () => {
  it.each(["sky", "Sky", "NONE"])("names a prior as the command line does without a queue: %s", async (prior) => {
    const recipe = await recipeOf({ prior }, root);
    expect(recipe).toEqual({ prior });
    expect(await makingIn(recipe, "large.png", root)).toEqual({ prior, metadata: "keep" });
  });

  it("has files by their way from the root and by content, and refuses one that has changed", async () => {
    const file = join(folder, "prior.npy");
    const recipe = await recipeOf({ prior: file }, root);
    expect(recipe).toEqual({ prior: { path: "prior.npy", sha256: await sha256("prior") } });
    expect(await makingIn(recipe, "large.png", root)).toEqual({ prior: file, metadata: "keep" });
    await writeFile(file, "another");
    await expect(makingIn(recipe, "large.png", root)).rejects.toThrow("is not the file that the batch was planned with");
  });
});
