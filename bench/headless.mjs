/**
 * The command line against onnxruntime running the whole network as one graph, in the same number of threads, pair by pair, each
 * in a fresh process: `node bench/headless.mjs [--pairs 5] [--sizes 120x120,480x320] [--wasm]`. Ours is the sum of the nodes' own
 * times, opening of sessions included; theirs is one run, without and with opening the session. Prints median and spread
 * (quartiles). `--folder` also enlarges twenty pictures of 160 × 120.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
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
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "sftgan-bench-"));
  try {
    for (const name of ["sftgan", "segment"]) ours("export", "--model", name, join(folder, `${name}.onnx`));
    const { default: sharp } = await import("sharp");
    /** @param {string} name @param {number} width @param {number} height */
    const picture = async (name, width, height) => {
      const path = join(folder, name);
      await sharp(join(root, "graphs/sample/scene.png")).resize(width, height, { fit: "fill" }).png().toFile(path);
      return path;
    };
    for (const size of values.sizes.split(",")) {
      const [width = 0, height = 0] = size.split("x").map(Number);
      await stages(folder, await picture(`${size}.png`, width, height), width, height, Number(values.pairs), values.wasm);
    }
    if (values.folder) {
      const names = Array.from({ length: 20 }, (_, i) => `small-${i}.png`);
      const inputs = [];
      for (const name of names) inputs.push(await picture(name, 160, 120));
      const [each, start] = [theirs(folder, 160, 120), time(() => ours("nodes"))];
      const wall = time(() => ours("upscale", ...inputs, join(folder, "large")));
      const bound = 20 * (each.generator.run + each.segment.run);
      row("upscale, twenty of 160 × 120: (wall − start) ÷ 20 × (generator + Segment)", [(wall - start) / bound], "×");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
  const all = Array.from({ length: pairs }, (_, i) => {
    if (i % 2 === 0) return { us: graph(), them: theirs(folder, width, height) };
    const them = theirs(folder, width, height);
    return { us: graph(), them };
  });
  const name = `${width} × ${height}`;
  row(
    `${name} generator: ours`,
    all.map(({ us }) => us.generator),
    "ms",
  );
  row(
    `${name} generator: onnxruntime, one run`,
    all.map(({ them }) => them.generator.run),
    "ms",
  );
  row(
    `${name} generator: ours ÷ one run`,
    all.map(({ us, them }) => us.generator / them.generator.run),
    "×",
  );
  row(
    `${name} generator: ours ÷ opening and run`,
    all.map(({ us, them }) => us.generator / them.generator.all),
    "×",
  );
  row(
    `${name} Segment: ours`,
    all.map(({ us }) => us.segment),
    "ms",
  );
  row(
    `${name} Segment: ours ÷ one run`,
    all.map(({ us, them }) => us.segment / them.segment.run),
    "×",
  );
  row(
    `${name} Segment: ours ÷ opening and run`,
    all.map(({ us, them }) => us.segment / them.segment.all),
    "×",
  );
  if (!withWasm) return;
  const wasm = graph("--device", "wasm");
  row(
    `${name} generator: wasm ÷ one run`,
    all.map(({ them }) => wasm.generator / them.generator.run),
    "×",
  );
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
