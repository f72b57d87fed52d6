/** What a first visit shows is of the graph and the weights that ship: see scripts/first-visit.mjs. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import firstVisit from "../../graphs/sample/first-visit.json";
import graph from "../../graphs/sft-gan.json";
import { definitions } from "../../nodes";
import type { ShippedResults } from "../../src/browser/kept-results";
import { cleanGraph } from "../../src/graph/clean";
import { Executor } from "../../src/graph/executor";
import { parseGraph } from "../../src/graph/parse";
import { testHost } from "../support";

const { weights, ...shipped } = firstVisit as unknown as ShippedResults & { readonly weights: Readonly<Record<string, string>> };
const REMEDY = "run node scripts/first-visit.mjs";

it("Results that ship are those of the first ready graph", async () => {
  const file = ({ name }: { name: string }) => readFile(`graphs/sample/${name.replace("sample:", "")}`);
  const host = testHost({ file: async (ref) => new Uint8Array(await file(ref)) });
  const executor = new Executor({ definitions, host, cacheBytes: 1e9, budget: 1e9 });
  const parsed = parseGraph(cleanGraph(graph), definitions);
  let missing: ReadonlyMap<string, string> = new Map();
  await executor.glance(parsed, [], true, {
    onEvent: (event) => {
      if (event.kind === "missing") missing = event.keys;
    },
  });
  const shown = [...missing].filter(([, key]) => Object.hasOwn(shipped.results, key)).map(([id]) => parsed.get(id)!.title);
  expect(shown, REMEDY).toEqual([
    "Segment",
    "Condition Net",
    "SFT ResBlock×N",
    "Upsample",
    "View Prior",
    "Bicubic Upscale",
    "Compare",
  ]);
});

it("Results that ship were made with the weights that ship", async () => {
  expect(Object.keys(weights)).toEqual(["sftgan", "segment"]);
  for (const [name, hash] of Object.entries(weights)) {
    const bytes = await readFile(`weights/${name}.safetensors`);
    expect(createHash("sha256").update(bytes).digest("hex"), `${name}: ${REMEDY}`).toBe(hash);
  }
});

it("Results that ship are small WebP pictures, each there once", () => {
  expect(JSON.stringify(firstVisit).length).toBeLessThanOrEqual(60_000);
  expect(new Set(shipped.data).size).toBe(shipped.data.length);
  for (const data of shipped.data) expect(Buffer.from(data, "base64").toString("latin1", 8, 12)).toBe("WEBP");
  const used = Object.values(shipped.results).flatMap(({ pictures }) => pictures.map(({ data }) => data));
  expect([...new Set(used)].sort((a, b) => a - b)).toEqual(shipped.data.map((_, i) => i));
});
