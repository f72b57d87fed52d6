/** What the page's first script imports runs in the built page too. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../built";

it("What the first script imports for its effects alone is named as having some, or the build would drop it", async () => {
  const script = await readFile(join(root, "src/editor/start.ts"), "utf8");
  const started = [...script.matchAll(/import\("\.\/([\w/]+)"\)/g)].map(([, path]) => `./src/editor/${path}.ts`);
  expect(started).toHaveLength(2);
  const { sideEffects } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { sideEffects: readonly string[] };
  expect(sideEffects).toEqual(expect.arrayContaining(started));
});
