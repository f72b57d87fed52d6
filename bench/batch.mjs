/**
 * What a queue costs: `node bench/batch.mjs [--pictures 12] [--pairs 5] [--workers 2,1] [--plan 100000]`. Workers against `sftgan
 * upscale` without a queue, on the same 160 × 120 pictures, one thread and one core each (taskset, where there is it), pair by pair:
 * two of each, and one of each. Pictures a second from each process's third result to its last, so starting up does not count;
 * prints the ratios' median, quartiles and all of them. One pair says little: whatever else runs on the machine meanwhile takes
 * from one half of it. Then how long a batch of many pictures takes to be planned, and how much memory.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import sharp from "sharp";
import { startRedis } from "../scripts/redis.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist/headless/cli.js");
const { values } = parseArgs({
  options: {
    pictures: { type: "string", default: "12" },
    pairs: { type: "string", default: "5" },
    workers: { type: "string", default: "2,1" },
    plan: { type: "string", default: "100000" },
  },
});
const [pictures, pairs, plan] = [values.pictures, values.pairs, values.plan].map(Number);
/** Results before the pace is measured. */
const WARM = 2;

const folder = mkdtempSync(join(tmpdir(), "sftgan-bench-"));
const redis = await startRedis("--appendfsync", "everysec"); // as `appendonly yes` has it, where nothing else is said

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => process.exit(1));

/** @param {number | undefined} core @param {string[]} args */
function start(core, ...args) {
  const pinned = core !== undefined && process.platform === "linux" ? ["taskset", "-c", String(core)] : [];
  const [command = "", ...rest] = [...pinned, process.execPath, cli, ...args];
  const child = spawn(command, rest, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  running.add(child);
  child.on("exit", () => running.delete(child));
  /** @type {number[]} */
  const times = [];
  let text = "";
  child.stdout.on("data", (data) => {
    text += data;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n")) {
      if (/ s$/.test(text.slice(0, at))) times.push(performance.now());
      text = text.slice(at + 1);
    }
  });
  return { child, times, ended: new Promise((resolve) => child.on("close", resolve)) };
}

/** Pictures a second of all together. @param {readonly { times: readonly number[] }[]} all */
const rate = (all) =>
  all.reduce((sum, { times }) => sum + (1000 * (times.length - 1 - WARM)) / (times[times.length - 1] - times[WARM]), 0);

let batches = 0;

/** So many processes without a queue, each with its own pictures. @param {number} count */
async function bare(count) {
  const out = `out-${batches++}`;
  const all = Array.from({ length: count }, (_, i) => start(i, "upscale", `in-${i}`, `${out}-${i}`, "--threads", "1"));
  await Promise.all(all.map(({ ended }) => ended));
  return rate(all);
}

/** As many workers on all the pictures. @param {number} count */
async function queued(count) {
  const out = `out-${batches++}`;
  const place = ["--queue", redis.url];
  const all = Array.from({ length: count }, (_, i) => start(i, "worker", ...place, "--root", folder, "--threads", "1"));
  const inputs = Array.from({ length: count }, (_, i) => `in-${i}/*.png`);
  await start(undefined, "upscale", ...inputs, out, ...place).ended;
  for (const { child } of all) child.kill("SIGTERM");
  await Promise.all(all.map(({ ended }) => ended));
  return rate(all);
}

/** The value below which a part of the numbers lies, between two of them in proportion. @param {readonly number[]} numbers @param {number} part */
function quantile(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const [low = 0, high = low] = sorted.slice(Math.floor(at), Math.floor(at) + 2);
  return low + (at % 1) * (high - low);
}

/** @param {string} name @param {readonly number[]} numbers */
function row(name, numbers) {
  const [median, low, high] = [0.5, 0.25, 0.75].map((part) => quantile(numbers, part).toFixed(3));
  console.log(`${name}: median ${median}, quartiles ${low} and ${high}  (${numbers.map((n) => n.toFixed(3)).join(", ")})`);
}

/** Queued ÷ bare, one after the other in turns. @param {number} count */
async function ratiosOf(count) {
  const ratios = [];
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? [bare, queued] : [queued, bare];
    const found = new Map();
    for (const side of order) found.set(side, await side(count));
    ratios.push(found.get(queued) / found.get(bare));
  }
  return ratios;
}

async function planned() {
  mkdirSync(join(folder, "many"));
  for (let i = 0; i < plan; i++) writeFileSync(join(folder, `many/picture-${i}.png`), "");
  const client = new Redis(redis.url);
  const begin = performance.now();
  const { child, ended } = start(undefined, "upscale", "many", "large", "--queue", redis.url, "--quiet");
  const before = new Set(await client.hkeys("sftgan:batches"));
  const isPlanned = async () => {
    const id = (await client.hkeys("sftgan:batches")).find((name) => !before.has(name));
    if (id === undefined) return false;
    const key = `sftgan:batch:${id}:jobs`;
    return (await client.scard(key)) === plan && (await client.exists(`${key}:planned`)) === 0;
  };
  while (child.exitCode === null && !(await isPlanned())) await delay(100);
  const seconds = (performance.now() - begin) / 1000;
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
  const bytes = Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
  child.kill("SIGINT");
  await ended;
  client.disconnect();
  console.log(
    `${plan} pictures planned in ${seconds.toFixed(1)} s, at most ${peak.toFixed(0)} MB; the server holds ${(bytes / 2 ** 20).toFixed(0)} MB`,
  );
}

try {
  for (const i of [0, 1]) {
    mkdirSync(join(folder, `in-${i}`));
    for (let n = 0; n < pictures; n++)
      await sharp(join(root, "graphs/sample/scene.png"))
        .resize(200, 150, { fit: "fill" })
        .extract({ left: n % 40, top: i, width: 160, height: 120 })
        .png()
        .toFile(join(folder, `in-${i}/${n}.png`));
  }
  for (const count of values.workers
    .split(",")
    .map(Number)
    .filter((number) => number > 0 && pictures > 0)) {
    row(
      `${count} worker${count === 1 ? "" : "s"} ÷ ${count} without a queue, pictures a second at 160 × 120`,
      await ratiosOf(count),
    );
  }
  if (plan > 0) await planned();
} finally {
  await redis.close();
  rmSync(folder, { recursive: true, force: true });
}
