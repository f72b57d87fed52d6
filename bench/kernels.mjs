/**
 * Compares kernels for the generator in Chromium, in turns: node bench/kernels.mjs [--model sftgan] [--sides 64,128,256]
 * [--warm-ups 5] [--repeats 30] [--seconds 60] [--only "tfjs EXP_CONV,2×2×8,WebGPU 8×8"] [--onnxruntime]
 * [--gpu | --software swiftshader]. `--seconds` ends the repeats of a side early, after three at least. Ratios are to the first one
 * compared; errors are against numbers of 64 bits, of the middle of the picture itself where that takes seconds (`--model lite`). `--onnxruntime` installs onnxruntime-web (150 MB) into .cache, once. `--gpu`
 * starts Chromium with the machine's GPU; without it both WebGL and WebGPU are software: take `--sides 32 --warm-ups 1
 * --repeats 5`. On a machine without Node and without a network: see bench/gpu/prepare.mjs.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { GPU, chromium as launchOptions, SOFTWARE_WEBGPU, SWIFTSHADER, SWIFTSHADER_WEBGPU } from "../scripts/chromium.mjs";
import { serve } from "./serve.mjs";

const ORT = "onnxruntime-web@1.30.0";
const ORT_FOLDER = ".cache/onnxruntime-web";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "sftgan" },
    sides: { type: "string", default: "64,128,256" },
    "warm-ups": { type: "string", default: "5" },
    repeats: { type: "string", default: "30" },
    seconds: { type: "string" },
    only: { type: "string" },
    software: { type: "string" },
    gpu: { type: "boolean", default: false },
    onnxruntime: { type: "boolean", default: false },
  },
});
const settings = {
  model: values.model,
  sides: values.sides.split(",").map(Number),
  warmUps: Number(values["warm-ups"]),
  repeats: Number(values.repeats),
  ...(values.seconds && { seconds: Number(values.seconds) }),
  ...(values.only && { only: values.only.split(",") }),
  ...(values.onnxruntime && { onnxruntime: `/${ORT_FOLDER}/node_modules/onnxruntime-web/dist/` }),
};
if (values.onnxruntime && !existsSync(`${ORT_FOLDER}/node_modules/onnxruntime-web`))
  execFileSync("npm", ["install", "--no-save", "--ignore-scripts", "--prefix", ORT_FOLDER, ORT], { stdio: "inherit" });

const server = await serve();
const options = values.gpu
  ? launchOptions(GPU)
  : values.software === "swiftshader"
    ? launchOptions(SWIFTSHADER, SWIFTSHADER_WEBGPU)
    : launchOptions(undefined, SOFTWARE_WEBGPU);
const browser = await chromium.launch(options);
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  page.on("pageerror", (error) => console.error(error.message));
  await page.goto(`${server.resolvedUrls.local[0]}bench/kernels.html`);
  await page.waitForFunction(() => window.bench);
  await page.exposeFunction("say", (line) => console.log(line));
  await page.evaluate((given) => window.bench(given, window.say), settings);
} finally {
  await browser.close();
  await server.close();
}
