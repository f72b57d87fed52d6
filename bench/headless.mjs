/**
 * The command line against onnxruntime running the whole exported networks, in the same number of threads, pair by pair, each in
 * fresh processes: `node bench/headless.mjs [--pairs 5] [--sizes 120x120,480x320]`. Ours is the sum of the nodes' own times,
 * opening of sessions included; theirs is one run, without and with opening the session. One pair goes before, to warm the
 * machine up, and is not counted. Prints medians and quartiles of times, and of the ratios of the pairs.
 *
 *     --wasm     WebAssembly too, once at each size
 *     --folder   in place of sizes: upscale on twenty pictures of 160 × 120
 *     --peak     in place of sizes: memory of both processes for a picture of 1024 × 768, as it comes and with --memory 2 (Linux)
 *     --start    in place of sizes: a start with nothing to do
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const self = fileURLToPath(import.meta.url);
const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist/headless/cli.js");
const threads = availableParallelism();

if (process.argv[2] === "onnxruntime") await whole(process.argv[3] ?? "", JSON.parse(process.argv[4] ?? "{}"));
else await main();

/**
 * One run of a model file on noise, in this process; prints milliseconds.
 * @param {string} file
 * @param {Record<string, number[]>} shapes
 */
async function whole(file, shapes) {
  const { default: ort } = await import("onnxruntime-node");
  const start = performance.now();
  const options = { executionProviders: ["cpu"], intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 };
  const session = await ort.InferenceSession.create(file, /** @type {never} */ (options));
  const opened = performance.now();
  /** @type {Record<string, import("onnxruntime-node").Tensor>} */
  const feeds = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, Math.random);
    feeds[name] = new ort.Tensor("float32", data, shape);
  }
  const before = performance.now();
  await session.run(feeds);
  const run = performance.now() - before;
  console.log(JSON.stringify({ run, all: opened - start + run }));
}

async function main() {
  const { values } = parseArgs({
    options: {
      pairs: { type: "string", default: "5" },
      sizes: { type: "string", default: "120x120,480x320" },
      wasm: { type: "boolean", default: false },
      folder: { type: "boolean", default: false },
      peak: { type: "boolean", default: false },
      start: { type: "boolean", default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "sftgan-bench-"));
  const pairs = Number(values.pairs);
  console.log(`${cpus()[0]?.model}, ${threads} threads, Node ${process.version}, ${pairs} pairs: median (quartiles)`);
  try {
    if (values.start) return await starts(folder, pairs);
    if (values.peak) return await peaks(folder);
    for (const name of ["sftgan", "segment"]) ours("export", "--model", name, join(folder, `${name}.onnx`));
    if (values.folder) return await twenty(folder, pairs);
    for (const size of values.sizes.split(",")) {
      const [width = 0, height = 0] = size.split("x").map(Number);
      await stages(folder, await picture(folder, size, width, height), width, height, pairs, values.wasm);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The sample scene at a size. @param {string} folder @param {string} name @param {number} width @param {number} height */
async function picture(folder, name, width, height) {
  const { default: sharp } = await import("sharp");
  const path = join(folder, `${name}.png`);
  await sharp(join(root, "graphs/sample/scene.png")).resize(width, height, { fit: "fill" }).png().toFile(path);
  return path;
}

/**
 * Both networks of one picture, by the command line and by onnxruntime alone.
 * @param {string} folder @param {string} file @param {number} width @param {number} height @param {number} pairs
 * @param {boolean} withWasm
 */
async function stages(folder, file, width, height, pairs, withWasm) {
  /** @param {string[]} more */
  const graph = (...more) => {
    const out = ["--out", join(folder, "out.png"), "--overwrite", "--json", "--threads", String(threads)];
    const text = ours("run", join(root, "graphs/sft-gan.json"), "--set", `Load LR.file=${file}`, ...out, ...more);
    /** @type {{ title: string, ms: number }[]} */
    const nodes = Object.values(JSON.parse(text).nodes);
    /** @param {string[]} titles */
    const sum = (...titles) => nodes.filter(({ title }) => titles.includes(title)).reduce((all, { ms }) => all + ms, 0);
    return { generator: sum("Condition Net", "SFT ResBlock×N", "Upsample"), segment: sum("Segment") };
  };
  const all = paired(pairs, graph, () => theirs(folder, width, height));
  const wasm = withWasm ? graph("--device", "wasm") : undefined;
  for (const part of /** @type {const} */ (["generator", "segment"])) {
    const name = `${width} × ${height} ${part === "segment" ? "Segment" : "generator"}`;
    const [us, them] = [all.map((pair) => pair.us[part]), all.map((pair) => pair.them[part])];
    row(`${name}: ours`, us, "ms");
    row(
      `${name}: onnxruntime, one run`,
      them.map(({ run }) => run),
      "ms",
    );
    row(
      `${name}: ours ÷ one run`,
      us.map((ms, i) => ms / (them[i]?.run ?? 0)),
      "×",
    );
    row(
      `${name}: ours ÷ opening and run`,
      us.map((ms, i) => ms / (them[i]?.all ?? 0)),
      "×",
    );
    if (wasm)
      row(
        `${name}: WebAssembly ÷ one run`,
        them.map(({ run }) => wasm[part] / run),
        "×",
      );
  }
}

/** upscale on twenty pictures, beside the networks alone as many times. @param {string} folder @param {number} pairs */
async function twenty(folder, pairs) {
  const [count, width, height] = [20, 160, 120];
  const inputs = await Promise.all(Array.from({ length: count }, (_, i) => picture(folder, `small-${i}`, width, height)));
  const one = await picture(folder, "one", 16, 12);
  const results = join(folder, "large");
  const alone = () => {
    const { generator, segment } = theirs(folder, width, height);
    return count * (generator.run + segment.run);
  };
  /** The wall clock; a start is one tiny picture. */
  const wall = () => {
    rmSync(results, { recursive: true, force: true });
    const start = time(() => ours("upscale", one, join(results, "one.png")));
    return { start, all: time(() => ours("upscale", ...inputs, results)) };
  };
  const all = paired(pairs, wall, alone);
  row(
    "a start: upscale of 16 × 12",
    all.map(({ us }) => us.start),
    "ms",
  );
  row(
    `upscale, ${count} of ${width} × ${height}`,
    all.map(({ us }) => us.all),
    "ms",
  );
  row(
    `onnxruntime, ${count} × (generator + Segment)`,
    all.map(({ them }) => them),
    "ms",
  );
  row(
    "(upscale − start) ÷ onnxruntime",
    all.map(({ us, them }) => (us.all - us.start) / them),
    "×",
  );
}

/** A start that has nothing to do. @param {string} folder @param {number} pairs */
async function starts(folder, pairs) {
  const inputs = await Promise.all([0, 1, 2].map((i) => picture(folder, `small-${i}`, 16, 12)));
  const args = ["upscale", ...inputs, join(folder, "large")];
  mkdirSync(join(folder, "large"));
  ours(...args);
  for (const [name, words] of /** @type {[string, string[]][]} */ ([
    ["--version", ["--version"]],
    ["upscale, all results there", args],
  ]))
    row(
      name,
      Array.from({ length: 2 * pairs }, () => time(() => ours(...words))),
      "ms",
    );
}

/** The memory that enlarging 1024 × 768 takes. @param {string} folder */
async function peaks(folder) {
  const file = await picture(folder, "large-in", 1024, 768);
  for (const more of [[], ["--memory", "2"]]) {
    const { seconds, main, computing } = await peakOf("upscale", file, join(folder, "large-out.png"), "--overwrite", ...more);
    const gigabytes = (/** @type {number} */ kilobytes) => `${(kilobytes / 2 ** 20).toFixed(2)} GB`;
    const name = `1024 × 768 ${more.join(" ") || "(--memory as it comes)"}`;
    console.log(
      `${name.padEnd(60)} ${gigabytes(main + computing)}  (main process ${gigabytes(main)}, what computes ${gigabytes(computing)}), ${seconds.toFixed(0)} s`,
    );
    rmSync(join(folder, "large-out.png"));
  }
}

/** The most that the command line's two processes held, each, in kB. @param {string[]} args */
async function peakOf(...args) {
  const start = performance.now();
  const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  let [main, computing] = [0, 0];
  const look = setInterval(() => {
    main = Math.max(main, highest(child.pid));
    for (const pid of childrenOf(child.pid)) computing = Math.max(computing, highest(pid));
  }, 50);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`sftgan ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, main, computing };
}

/** @param {number | string | undefined} pid @returns {string} */
function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}
/** @param {number | string | undefined} pid */
function highest(pid) {
  return Number(/^VmHWM:\s+(\d+)/m.exec(statusOf(pid))?.[1] ?? 0);
}

/** @param {number | undefined} pid */
function childrenOf(pid) {
  const isChild = new RegExp(`^PPid:\\s+${pid}$`, "m");
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isChild.test(statusOf(name)));
}

/**
 * Both, so many times, in turns that alternate; once more before that, which is not counted.
 * @template A, B @param {number} count @param {() => A} first @param {() => B} second @returns {{ us: A, them: B }[]}
 */
function paired(count, first, second) {
  const all = Array.from({ length: count + 1 }, (_, i) => {
    if (i % 2 === 0) return { us: first(), them: second() };
    const them = second();
    return { us: first(), them };
  });
  return all.slice(1);
}

/** @param {string} folder @param {number} width @param {number} height */
function theirs(folder, width, height) {
  const [h, w] = [4 * height, 4 * width];
  const shrink = Math.min(1, 768 / Math.max(h, w));
  const seen = [Math.round(h * shrink), Math.round(w * shrink)];
  /** @param {string} name @param {Record<string, number[]>} shapes @returns {{ run: number, all: number }} */
  const run = (name, shapes) =>
    JSON.parse(
      execFileSync(process.execPath, [self, "onnxruntime", join(folder, `${name}.onnx`), JSON.stringify(shapes)], {
        encoding: "utf8",
      }),
    );
  return {
    generator: run("sftgan", { image: [1, 3, height, width], prior: [1, 8, h, w] }),
    segment: run("segment", { image: [1, 3, ...seen] }),
  };
}

/** @param {string[]} args */
function ours(...args) {
  return execFileSync(process.execPath, [cli, ...args], { encoding: "utf8", maxBuffer: 2 ** 26 });
}

/** @param {() => unknown} f */
function time(f) {
  const start = performance.now();
  f();
  return performance.now() - start;
}

/** @param {string} name @param {number[]} values @param {string} unit */
function row(name, values, unit) {
  const sorted = [...values].sort((a, b) => a - b);
  /** @param {number} q */
  const at = (q) => (sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN).toFixed(unit === "ms" ? 0 : 2);
  console.log(`${name.padEnd(60)} ${at(0.5)} ${unit}  (${at(0.25)} … ${at(0.75)})`);
}
