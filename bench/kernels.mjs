/**
 * Compares kernels for the generator in Chromium, in turns: node bench/kernels.mjs [--model sftgan] [--sides 64,128,256]
 * [--warm-ups 5] [--repeats 30] [--only "tfjs EXP_CONV,2×2×8"] [--software swiftshader]. Ratios are to the first one named.
 * Where WebGL is software, take `--sides 32 --warm-ups 1 --repeats 5`.
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { createServer } from "vite";
import { chromium as launchOptions, SWIFTSHADER } from "../scripts/chromium.mjs";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "sftgan" },
    sides: { type: "string", default: "64,128,256" },
    "warm-ups": { type: "string", default: "5" },
    repeats: { type: "string", default: "30" },
    only: { type: "string" },
    software: { type: "string" },
  },
});
const settings = {
  model: values.model,
  sides: values.sides.split(",").map(Number),
  warmUps: Number(values["warm-ups"]),
  repeats: Number(values.repeats),
  ...(values.only && { only: values.only.split(",") }),
};

const server = await createServer({
  server: { port: 0, host: "127.0.0.1", hmr: false, watch: null },
  optimizeDeps: { include: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-webgl"] },
  cacheDir: "node_modules/.vite-bench", // the editor's own is left alone
  logLevel: "error",
});
await server.listen();
const options = launchOptions(values.software === "swiftshader" ? SWIFTSHADER : undefined);
const browser = await chromium.launch(options);
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error.message));
  await page.goto(`${server.resolvedUrls.local[0]}bench/kernels.html`);
  await page.waitForFunction(() => window.bench);
  await page.exposeFunction("say", (line) => console.log(line));
  await page.evaluate((given) => window.bench(given, window.say), settings);
} finally {
  await browser.close();
  await server.close();
}
