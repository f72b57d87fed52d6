/**
 * Runs the benchmarks in Chromium and prints a table: node bench/run.mjs [--only fg] [--backend webgl|wasm] [--side 32]
 * [--repeats 7] [--memory 256,512,1024] [--stroke 480x320] [--crop 64]. `--only` names them by their letters. These say
 * little about your machine in absolute terms where WebGL is software: compare ratios.
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { chromium as launchOptions } from "../scripts/chromium.mjs";
import { benchEditor } from "./editor.mjs";
import { serve } from "./serve.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    backend: { type: "string", default: "webgl" },
    side: { type: "string", default: "32" },
    repeats: { type: "string", default: "7" },
    memory: { type: "string", default: "256,512,1024" },
    stroke: { type: "string", default: "480x320" },
    crop: { type: "string", default: "64" },
  },
});
const settings = {
  backend: values.backend,
  side: Number(values.side),
  repeats: Number(values.repeats),
  only: values.only,
  stroke: values.stroke.split("x").map(Number),
  crop: Number(values.crop),
  memory: values.memory === "" ? [] : values.memory.split(",").map(Number),
};

const server = await serve();
const browser = await chromium.launch(launchOptions());
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000); // a busy machine
  page.on("pageerror", (error) => console.error(error.message));
  await page.goto(`${server.resolvedUrls.local[0]}bench/index.html`);
  await page.waitForFunction(() => window.bench);
  const renderer = await page.evaluate(() => {
    const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
    return gl
      ? gl.getParameter(gl.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)
      : "no WebGL";
  });
  console.log(
    `Chromium ${browser.version()}, ${settings.backend} backend, ${renderer}; ${settings.repeats} repeats after a warm-up\n`,
  );
  console.log(`(a) overhead over stock tfjs, (b) share of each stage, (c) a swap of the prior, (d) memory, (e) cancelling,
(f) a stroke against a full run: at most 0.2 of its time, aim 0.1, (g) from the slider to the picture, against a full run
with Segment, (h) the editor's longest pauses with 1,000 nodes: at most 100 ms is aimed at. Ratios hold better than times: other programs, and software WebGL, change the times.\n`);
  const print = ({ what, median, spread }) => console.log(`${what.padEnd(44)} ${median.padStart(22)}   ${spread}`);
  print({ what: "", median: "median", spread: "smallest … largest" });
  await page.exposeFunction("say", print);
  if (settings.only !== "h") await page.evaluate((given) => window.bench(given, window.say), settings);
  if (!settings.only || settings.only.includes("h")) {
    const { largeGraph } = await server.ssrLoadModule("/test/graph/large.ts");
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.goto(server.resolvedUrls.local[0]);
    await benchEditor(page, largeGraph(1000), settings.repeats, print);
  }
} finally {
  await browser.close();
  await server.close();
}
