/** The packages, installed and used: on the command line, in Node, by a type checker, on a page with and without a bundler. */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium as engine } from "playwright";
import { build as viteBuild } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { version } from "../../package.json";
import { chromium } from "../../scripts/chromium.mjs";
import { encodePng } from "../../src/codec/png-encode";
import { SAMPLES, SHIPPED_WEIGHTS } from "../../src/samples";
import { root } from "../built";
import { filesIn, install, npm, pack } from "./install";

const execute = promisify(execFile);
const MINUTES = 60_000;

/** A project with the plugin, and one with the command line. */
let folder: string;
let commandLine: string;
let files: readonly string[];

beforeAll(async () => {
  const packed = await pack();
  files = await filesIn(packed.plugin);
  folder = await install([packed.plugin], "litegraph.js@^0.7.18");
  commandLine = await install([packed.plugin, packed.commandLine]);
}, 3 * MINUTES);

afterAll(async () => {
  for (const made of [folder, commandLine]) await rm(made, { recursive: true, force: true });
});

describe("the plugin's tarball", () => {
  it("holds the library, its types, graphs, samples and weights", () => {
    const shipped = [...SAMPLES, ...SHIPPED_WEIGHTS].map((name) => `dist/${name.replace(":", "/")}`);
    const wanted = ["dist/index.js", "dist/worker.js", "dist/types/src/index.d.ts", "graphs/sft-gan.json"];
    for (const path of [...wanted, ...shipped, "weights/LICENSE.md", "LICENSE", "README.md"]) expect(files).toContain(path);
  });

  it("brings neither the command line nor what only that needs", async () => {
    expect(files.filter((path) => path.includes("headless/"))).toEqual(
      files.filter((path) => path.startsWith("dist/types/src/headless/")),
    );
    const installed = await readdir(join(folder, "node_modules"));
    for (const name of ["sharp", "tinyglobby", "onnxruntime-node", "@stdlib"]) expect(installed).not.toContain(name);
    const { scripts, bin } = JSON.parse(await readFile(join(folder, "node_modules/litegraph-sftgan/package.json"), "utf8"));
    expect([scripts, bin]).toEqual([undefined, undefined]);
  });

  it("leaves the editor, the sources and the tests out", async () => {
    expect(
      files.filter((path) => /editor|^src\/|^test\/|^training\/|index\.html/.test(path) && !path.startsWith("dist/types/")),
    ).toEqual([]);
    expect(files.filter((path) => path.includes("/editor/"))).toEqual([]);
    const library = await readFile(join(folder, "node_modules/litegraph-sftgan/dist/index.js"), "utf8");
    expect(library).not.toContain("LGraphCanvas.prototype.processMouseDown"); // litegraph itself
  });
});

describe("the command line", () => {
  it("is there after the install", async () => {
    expect((await npm(commandLine, "exec", "--no-install", "--", "sftgan", "--version")).stdout).toBe(`${version}\n`);
  });

  it("enlarges a picture with the weights that ship", async () => {
    const rgb = Uint8Array.from({ length: 3 * 4 * 3 }, (_, i) => (37 * i) % 256);
    await writeFile(join(commandLine, "in.png"), await encodePng({ width: 4, height: 3, bits: 8, rgb }));
    const { stdout } = await npm(commandLine, "exec", "--no-install", "--", "sftgan", "upscale", "in.png", "out.png");
    expect(stdout).toContain("out.png  16 × 12");
    expect((await stat(join(commandLine, "out.png"))).size).toBeGreaterThan(100);
  });

  it("does the same for programs, whose types are all in one file", async () => {
    const code = `import("sftgan").then(({ upscale }) => upscale("in.png")).then(({ width, height }) => console.log(width, height))`;
    const { stdout } = await execute(process.execPath, ["-e", code], { cwd: commandLine });
    expect(stdout).toBe("16 12\n");
    const types = await readFile(join(commandLine, "node_modules/sftgan/index.d.ts"), "utf8");
    expect(types).toContain("export declare function upscale(");
    expect(types).not.toMatch(/(from|import\() ?"\./);
  });
});

describe("in Node", () => {
  it("gives the definitions", async () => {
    const code = 'import("litegraph-sftgan").then(({ definitions }) => console.log(definitions.map((def) => def.type).join()))';
    const { stdout, stderr } = await execute(process.execPath, ["-e", code], { cwd: folder });
    expect([stdout.trim(), stderr]).toEqual([definitions.map(({ type }) => type).join(), ""]);
  });
});

describe("types", () => {
  const CONSUMER = `import { LGraph, LiteGraph } from "litegraph.js";
import { attach, definitions, load, register, save, type StoredGraph } from "litegraph-sftgan";
register(LiteGraph);
const attachment = attach(new LGraph(), { auto: false });
attachment.run([1]).then(({ errors }) => errors["1"]?.toUpperCase());
export const titles: readonly string[] = definitions.map((def) => def.title);
export const stored: StoredGraph = save(new LGraph());
load(new LGraph(), stored);
// @ts-expect-error a version is a number
export const wrong: string = stored.version;
// @ts-expect-error targets are ids
attachment.run({});
`;
  it.each([
    ["bundler", "ESNext"],
    ["nodenext", "NodeNext"],
  ])("check in a strict project that resolves as %s", async (moduleResolution, module) => {
    await writeFile(join(folder, "consumer.ts"), CONSUMER);
    const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: "ES2022", module, moduleResolution };
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...compilerOptions, types: [], lib: ["ES2022", "DOM"] }, files: ["consumer.ts"] }),
    );
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = await execute(process.execPath, [tsc, "-p", folder]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe("");
  });
});

describe("on a page", () => {
  /** Reads a sample and a file of weights, enlarges, and measures: worker, shipped files and kernels all have to be there. */
  const PAGE = `
    register(LiteGraph);
    const graph = new LiteGraph.LGraph();
    const attachment = attach(graph, { auto: false });
    const add = (type, properties = {}) => {
      const node = LiteGraph.createNode("sftgan/" + type);
      graph.add(node);
      for (const [name, value] of Object.entries(properties)) node.setProperty(name, value);
      return node;
    };
    const hr = add("load-lr", { file: { name: "sample:scene.png" } });
    const lr = add("degrade");
    const up = add("bicubic-upscale");
    const metrics = add("metrics");
    const model = add("load-model", { file: { name: "weights:sftgan.safetensors" } });
    hr.connect(0, lr, 0);
    lr.connect(0, up, 0);
    up.connect(0, metrics, 0);
    hr.connect(0, metrics, 1);
    const { errors, values } = await attachment.run([metrics.id, model.id]);
    window.result = JSON.stringify({ errors, values: values[metrics.id] });
  `;
  const LITEGRAPH = "/node_modules/litegraph.js/build/litegraph.core.js";
  const html = (script: string) => `<!doctype html><meta charset="utf-8"><script src="${LITEGRAPH}"></script>${script}`;

  let browser: Browser;
  let server: Server;
  let address: string;

  beforeAll(async () => {
    browser = await engine.launch(chromium());
    server = createServer(serve).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

  /** Plain files of the folder, as any web server gives them. */
  const serve: Parameters<typeof createServer>[1] = async (request, response) => {
    const { pathname } = new URL(request.url!, "http://here");
    const bytes = await readFile(join(folder, decodeURIComponent(pathname))).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404, { "content-type": TYPES[extname(pathname)] ?? "application/octet-stream" });
    response.end(bytes);
  };

  async function resultOf(path: string): Promise<{ errors: object; values: { psnr: number; ssim: number } }> {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on("pageerror", (error) => said.push(error.message));
    try {
      await page.goto(`${address}/${path}`);
      const ended = page.waitForFunction(() => (window as { result?: string }).result, undefined, { timeout: MINUTES });
      return JSON.parse((await (await ended).jsonValue())!);
    } catch (error) {
      throw new Error([(error as Error).message, ...said].join("\n"));
    } finally {
      await page.close();
    }
  }

  it(
    "runs a graph without a bundler",
    async () => {
      const map = JSON.stringify({ imports: { "litegraph-sftgan": "/node_modules/litegraph-sftgan/dist/index.js" } });
      const script = `<script type="importmap">${map}</script>
      <script type="module">import { attach, register } from "litegraph-sftgan";${PAGE}</script>`;
      await writeFile(join(folder, "plain.html"), html(script));
      const { errors, values } = await resultOf("plain.html");
      expect(errors).toEqual({});
      expect(values.psnr).toBeGreaterThan(15);
      expect(values.ssim).toBeGreaterThan(0.3);
    },
    2 * MINUTES,
  );

  it(
    "runs the same graph built by a project's own Vite",
    async () => {
      await mkdir(join(folder, "app"));
      await writeFile(join(folder, "app/main.js"), `import { attach, register } from "litegraph-sftgan";${PAGE}`);
      await writeFile(join(folder, "app/index.html"), html('<script type="module" src="./main.js"></script>'));
      const options = { root: join(folder, "app"), configFile: false, logLevel: "silent", base: "./" } as const;
      await viteBuild(options);
      const { errors, values } = await resultOf("app/dist/index.html");
      expect(errors).toEqual({});
      expect(values.psnr).toBeGreaterThan(15);
    },
    2 * MINUTES,
  );
});
