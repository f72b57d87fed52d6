/**
 * The first picture after a cold load ÷ the bare network's first run, at most 1.5, in Chromium: node bench/cold.mjs
 * [--kernels stock,2×2×8] [--side 24] [--repeats 3] [--segment] [--idle 0] [--gpu]. Each is measured in a browser of its own, in turns.
 * With --idle the graph has been looked at for so many milliseconds before. Says too how long page and engine let others wait at most.
 * With --segment the graph is the editor's first one, so that it says what part of the time Segment takes.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { GPU, chromium as launchOptions, SOFTWARE_WEBGPU } from "../scripts/chromium.mjs";
import { serve } from "./serve.mjs";

const { values } = parseArgs({
  options: {
    kernels: { type: "string", default: "stock,2×2×8" },
    side: { type: "string", default: "24" },
    repeats: { type: "string", default: "3" },
    segment: { type: "boolean", default: false },
    idle: { type: "string", default: "0" },
    gpu: { type: "boolean", default: false },
  },
});
const side = Number(values.side);

const server = await serve();
const { encodePng } = await server.ssrLoadModule("/src/codec/png-encode.ts");

/** A graph for a picture of noise; Segment or one class everywhere, then the network. */
async function graphOf(seed) {
  let last = seed;
  const next = () => {
    last = (Math.imul(last, 1664525) + 1013904223) >>> 0;
    return last >>> 24;
  };
  const rgb = Uint8Array.from({ length: 3 * side * side }, next);
  const png = await encodePng({ width: side, height: side, bits: 8, rgb });
  const graph = JSON.parse(await readFile("graphs/sft-gan.json", "utf8"));
  const node = (type) => graph.nodes.find((node) => node.type === `sftgan/${type}`);
  node("load-lr").properties.file = { name: "noise.png", data: Buffer.from(png).toString("base64") };
  if (!values.segment) {
    const prior = node("segment");
    prior.type = "sftgan/constant-prior";
    prior.properties = { class: "sky" };
    prior.inputs = prior.inputs.filter(({ name }) => name === "image").map((input) => ({ ...input, name: "picture" }));
  }
  return graph;
}
const graphs = [await graphOf(1), await graphOf(2)];
const titles = new Map(graphs[0].nodes.map(({ id, type }) => [String(id), type.replace("sftgan/", "")]));
const picture = String(graphs[0].nodes.find(({ type }) => type === "sftgan/upsample").id);

async function inNewBrowser(work) {
  const options = values.gpu ? launchOptions(GPU) : launchOptions(undefined, SOFTWARE_WEBGPU);
  // Mesa would keep what it has compiled for the next browser.
  const browser = await chromium.launch({ ...options, env: { ...process.env, MESA_SHADER_CACHE_DISABLE: "true" } });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    page.on("pageerror", (error) => console.error(error.message));
    await page.goto(`${server.resolvedUrls.local[0]}bench/cold.html`);
    await page.waitForFunction(() => window.cold);
    return await work(page);
  } finally {
    await browser.close();
  }
}
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const shares = (runs, key) => {
  const sums = [...titles].map(([id, title]) => [title, median(runs.map((run) => run[key][id] ?? 0))]);
  const total = sums.reduce((sum, [, ms]) => sum + ms, 0);
  return sums
    .filter(([, ms]) => ms > 0.005 * total)
    .map(([title, ms]) => `${title} ${ms.toFixed(0)} ms (${((100 * ms) / total).toFixed(0)} %)`);
};

try {
  // Once for the server, which compiles modules as they are asked for.
  await inNewBrowser((page) =>
    page.evaluate(([graphs, picture]) => window.cold.first("stock", graphs, picture), [graphs, picture]),
  );
  for (const kernels of values.kernels.split(",")) {
    const runs = { bare: [], first: [] };
    for (let i = 0; i < Number(values.repeats); i++) {
      runs.bare.push(
        await inNewBrowser((page) => page.evaluate(([kernels, side]) => window.cold.bare(kernels, side), [kernels, side])),
      );
      runs.first.push(
        await inNewBrowser((page) =>
          page.evaluate((given) => window.cold.first(...given), [kernels, graphs, picture, Number(values.idle)]),
        ),
      );
    }
    const ratios = runs.first.map(({ ms }, i) => ms / runs.bare[i]);
    console.log(
      `${kernels}, ${side}²: bare network ${median(runs.bare).toFixed(0)} ms, first picture ${median(runs.first.map(({ ms }) => ms)).toFixed(0)} ms, pair by pair ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")}: median ${median(ratios).toFixed(2)}`,
    );
    const longest = (who, run) => median(runs.first.map(({ pauses }) => pauses[run][who])).toFixed(0);
    for (const who of ["page", "engine"])
      console.log(`  the ${who} waited ${longest(who, 0)} ms at most, in a later run ${longest(who, 1)} ms`);
    console.log(`  first: ${shares(runs.first, "nodes").join(", ")}`);
    console.log(`  later: ${shares(runs.first, "later").join(", ")}`);
  }
} finally {
  await server.close();
}
