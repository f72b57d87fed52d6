/**
 * `npm run test:long`: what `npm test` does in small. Ten times as many random graphs, and thousands of made-up and damaged inputs
 * of every kind for the fuzzers, each bounded in time and memory. `--times N` for another multiple, `--seed N` for the fuzzers'
 * inputs again. Ends with exit code 1 where anything failed; all of it runs in any case.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { times: { type: "string", default: "10" }, seed: { type: "string" } } });
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1) throw new Error(`--times is ${values.times}: give a whole number from 1`);

const script = (name, ...options) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...options], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: "inherit",
    env: { ...process.env, TEST_TIMES: String(times) },
  }).status === 0;

const fuzzed = script("fuzz.mjs", "--runs", String(300 * times), ...(values.seed ? ["--seed", values.seed] : []));
const drawn = script("test.mjs", "test/graph/random.test.ts");
console.log(`fuzzers ${fuzzed ? "passed" : "failed"}, random graphs ${drawn ? "passed" : "failed"}`);
process.exitCode = fuzzed && drawn ? 0 : 1;
