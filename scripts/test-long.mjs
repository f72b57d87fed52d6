/**
 * `npm run test:long`: what `npm test` does in small. Ten times as many random graphs, and thousands of made-up and damaged inputs
 * of every kind for the fuzzers, each bounded in time and memory; a batch of a thousand pictures while its workers are killed; and
 * tests that install from the registry (files that end in .long.ts), of what docs/plugin.md says of bundlers; the page's tests on
 * software WebGL, which `npm test` has compute by WebAssembly but for one; what computes with tensors, and every node, on software
 * WebGPU. `--times N` for another multiple, `--seed N` for the fuzzers' inputs again. Ends with exit code 1 where anything failed;
 * all of it runs in any case.
 */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { times: { type: "string", default: "10" }, seed: { type: "string" } } });
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1) throw new Error(`--times is ${values.times}: give a whole number from 1`);

const script = (name, options, env = {}) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...options], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: "inherit",
    env: { ...process.env, TEST_TIMES: String(times), ...env },
  }).status === 0;

const fuzzed = script("fuzz.mjs", ["--runs", String(300 * times), ...(values.seed ? ["--seed", values.seed] : [])]);
const drawn = script("test.mjs", ["test/graph/random.test.ts"]);
const queued = script("test.mjs", ["--project", "node", "test/headless/queue/batch.test.ts"]);
const bundled = script("test.mjs", ["--project", "node"], { TEST_LONG: "1" });
const onWebGL = script("test.mjs", ["--project", "node", "test/e2e"], { TEST_WEBGL: "1" });
const onWebGPU = script("test.mjs", ["--project", "webgpu"], { TEST_WEBGPU: "1" });
const said = (passed) => (passed ? "passed" : "failed");
console.log(
  `fuzzers ${said(fuzzed)}, random graphs ${said(drawn)}, batches ${said(queued)}, bundlers ${said(bundled)}, the page on WebGL ${said(onWebGL)}, WebGPU ${said(onWebGPU)}`,
);
process.exitCode = fuzzed && drawn && queued && bundled && onWebGL && onWebGPU ? 0 : 1;
