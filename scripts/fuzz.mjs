/**
 * `npm run fuzz -- --runs 10000 --seed N --only png`: the fuzzers of test/fuzz with any number of inputs, each read in another
 * process that is bounded in time and memory. Ends with exit code 1 where an input broke something; the smallest such input
 * is saved under .cache/fuzz.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    only: { type: "string", multiple: true, default: [] },
  },
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is ${values.runs}: give a whole number from 1`);
if (!Number.isInteger(seed)) throw new Error(`--seed is ${values.seed}: give a whole number`);

const out = join(root, ".cache/fuzz", `built-${process.pid}`);
try {
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    // as the page has it: all of litegraph makes functions of text as it loads, which the reading process forbids
    resolve: { alias: [{ find: /^litegraph\.js$/, replacement: "litegraph.js/build/litegraph.core.js" }] },
    build: {
      outDir: out,
      target: "node20",
      minify: false,
      ssr: true,
      rollupOptions: {
        input: { campaign: join(root, "test/fuzz/campaign.ts"), reader: join(root, "test/fuzz/reader.ts") },
        output: { entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" },
      },
    },
  });
  const { campaign } = await import(pathToFileURL(join(out, "campaign.mjs")).href);
  const found = await campaign({
    runs,
    seed,
    only: values.only,
    reader: join(out, "reader.mjs"),
    saveTo: join(root, ".cache/fuzz"),
  });
  process.exitCode = found > 0 ? 1 : 0;
} finally {
  await rm(out, { recursive: true, force: true });
}
