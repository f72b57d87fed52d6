/**
 * The editor page (`vite`), and the tests: all in Node but for what only browsers have; what computes with tensors has the same
 * bodies on the CPU and on WebAssembly in Node, and on WebGL in Chromium.
 */
import { playwright } from "@vitest/browser-playwright";
import type { Plugin } from "vite";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import type { BrowserConfigOptions } from "vitest/node";
import { chromium, SOFTWARE_WEBGPU } from "./scripts/chromium.mjs";
import { graphFiles } from "./scripts/graph-files.mjs";
import { offline } from "./scripts/offline.mjs";
import { schemas } from "./scripts/schemas.mjs";

/** Tests of what exists in a browser only. */
const BROWSER_ONLY = [
  "test/browser/**/*.test.ts",
  "test/editor/params/fields.test.ts",
  "test/webgl/**/*.test.ts",
  "test/kernels/{webgl,webgpu}/{assemble,check,general,kernels,register}.test.ts",
];
/** What computes with tensors, and so runs on the command line's backend as well. */
const WITH_TENSORS = [
  "test/image/**/*.test.ts",
  "test/kernels/tfjs/**/*.test.ts",
  "test/prior/**/*.test.ts",
  "test/nodes/**/*.test.ts",
  "test/sftgan/**/*.test.ts",
  "test/engine/finite.test.ts",
];
/** Of these folders, what makes no tensor: on Node alone, like all that is listed nowhere here. */
const WITHOUT_TENSORS = [
  "test/image/{extend-colours,legend}.test.ts",
  "test/nodes/index.test.ts",
  "test/prior/{contact-sheet,legend,picks,strokes}.test.ts",
];
/** What runs in Chromium too: what computes with tensors, and what draws on a document where there is one. */
const ALSO_IN_BROWSER = [
  ...WITH_TENSORS,
  "test/engine/{host,summary,view}.test.ts",
  "test/graph/{executor,focus,random,swap}.test.ts",
  "test/graphs/{old-values,ready}.test.ts",
  "test/editor/viewer/legend.test.ts",
  "test/litegraph/{comfy,drawing,page}.test.ts",
  "test/litegraph/widgets/bins.test.ts",
];

/**
 * What the development server needs that the page has no use for once it is built: a WebSocket that tells of changes, and style
 * sheets written into the page, which it marks with a nonce.
 */
const developmentPolicy: Plugin = {
  name: "development-policy",
  apply: "serve",
  config: () => ({ html: { cspNonce: "development" } }),
  transformIndexHtml: (html) =>
    html
      .replace("connect-src 'self'", "connect-src 'self' ws:")
      .replace("style-src 'self'", "style-src 'self' 'nonce-development'"),
};

declare module "vitest" {
  interface ProvidedContext {
    /** By how much more than usual tests of random inputs do (`npm run test:long`). */
    times: number;
  }
}

/** Made anew for each project: vitest writes into it. */
const browser = (): BrowserConfigOptions => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: chromium(undefined, SOFTWARE_WEBGPU) }),
  instances: [{ browser: "chromium" }],
});

/**
 * What replaces modules by its own or loads them twice, or takes all memory there is, in a process for each file. The other files of
 * a worker share one, and what they import, which would take as long again as the tests; they leave nothing behind.
 */
const ALONE = ["test/litegraph/attach.test.ts", "test/editor/theme/themes.test.ts", "test/headless/session.test.ts"];
/** Sets every node against the CPU: on WebGL it would take long, and each has its own test there. */
const EVERY_NODE = "test/nodes/backends.test.ts";
/** Sets parts of pictures by our kernels, on WebGL and on WebGPU, against the whole. */
const PARTS = "test/kernels/parts.test.ts";
/** Counts what an engine compiles. */
const COMPILING = "test/browser/compiling.test.ts";
/** On WebGPU too, with every node: software takes its time to compile shaders, so that it is no part of `npm test`. */
const WEBGPU: TestProjectConfiguration = {
  extends: true,
  test: {
    name: "webgpu",
    setupFiles: "test/setup.webgpu.ts",
    testTimeout: 5 * 60_000,
    include: [
      "test/{image,prior,kernels/tfjs}/**/*.test.ts",
      "test/sftgan/{trunk,update,region}.test.ts",
      EVERY_NODE,
      PARTS,
      COMPILING,
    ],
    exclude: WITHOUT_TENSORS,
    browser: browser(),
  },
};

export default defineConfig({
  base: "./",
  resolve: { preserveSymlinks: Boolean(process.env.SFTGAN_LINKED) }, // see scripts/plain-path.mjs
  plugins: [schemas(), developmentPolicy, graphFiles(), offline()],
  build: { outDir: "site", assetsInlineLimit: 0, target: "es2022" },
  worker: { format: "es" },
  // Found at once, so that no page is reloaded for a dependency that is imported late.
  optimizeDeps: {
    include: [
      "@noble/hashes/sha2.js",
      "@preact/signals-core",
      "@tensorflow/tfjs-backend-cpu",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-webgpu",
      "comlink",
      "fflate",
      "idb-keyval",
      "lit-html",
      "lit-html/directive-helpers.js",
      "lit-html/directive.js",
      "lit-html/directives/live.js",
      "litegraph.js/build/litegraph.core.js",
    ],
  },
  assetsInclude: ["**/*.safetensors", "**/*.npy", "**/*.pth"],
  test: {
    maxWorkers: "100%", // most of what takes long waits for other processes
    testTimeout: 180_000, // a slow or busy machine takes three times as long as most
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    provide: { times: Number(process.env.TEST_TIMES ?? 1) },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          sequence: { groupOrder: 1 },
          environment: "node",
          isolate: false,
          setupFiles: "test/setup.node.ts",
          include: [process.env.TEST_LONG ? "test/**/*.long.ts" : "test/**/*.test.ts"],
          exclude: [...BROWSER_ONLY, ...ALONE, PARTS],
        },
      },
      {
        extends: true,
        test: {
          name: "alone",
          sequence: { groupOrder: 1 },
          environment: "node",
          setupFiles: "test/setup.node.ts",
          include: ALONE,
        },
      },
      {
        extends: true,
        test: {
          name: "wasm",
          environment: "node",
          isolate: false,
          setupFiles: "test/setup.wasm.ts",
          include: WITH_TENSORS,
          exclude: WITHOUT_TENSORS,
        },
      },
      {
        extends: true,
        test: {
          name: "webgl",
          isolate: false,
          setupFiles: "test/setup.webgl.ts",
          include: ALSO_IN_BROWSER,
          exclude: [...WITHOUT_TENSORS, EVERY_NODE],
          browser: browser(),
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          sequence: { groupOrder: 1 },
          setupFiles: "test/setup.webgl.ts",
          include: BROWSER_ONLY,
          browser: browser(),
        },
      },
      ...(process.env.TEST_WEBGPU ? [WEBGPU] : []),
    ],
  },
});
