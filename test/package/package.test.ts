/** The packages, installed and used: on the command line, in Node, by a type checker, on a page with and without a bundler. */
import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build as viteBuild } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { version } from "../../package.json";
import { encodePng } from "../../src/codec/png-encode";
import { SAMPLES, SHIPPED_WEIGHTS } from "../../src/samples";
import { root } from "../built";
import { filesIn, install, npm, pack } from "./install";
import { attachedGraph, openPages, type Pages, STRICT } from "./pages";

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
    const built = ["index.js", "index.js.map", "worker.js", "worker.js.map", "toolkit.js", "testing/index.js"];
    const wanted = [...built.map((name) => `dist/${name}`), "dist/types/src/index.d.ts", "graphs/sft-gan.json"];
    for (const path of [
      ...wanted,
      ...shipped,
      "weights/LICENSE.md",
      "template/src/gamma.ts",
      "LICENSE",
      "README.md",
      "docs/plugin.md",
    ])
      expect(files).toContain(path);
  });

  it("brings neither the command line nor what only that needs", async () => {
    expect(files.filter((path) => path.includes("headless/"))).toEqual(
      files.filter((path) => path.startsWith("dist/types/src/headless/")),
    );
    const installed = await readdir(join(folder, "node_modules"));
    for (const name of ["sharp", "tinyglobby", "onnxruntime-node", "@stdlib"]) expect(installed).not.toContain(name);
    const manifest = JSON.parse(await readFile(join(folder, "node_modules/litegraph-sftgan/package.json"), "utf8"));
    for (const field of ["scripts", "bin", "devDependencies", "private"]) expect(manifest).not.toHaveProperty(field);
  });

  it("leaves the editor, the sources and the tests out", async () => {
    expect(
      files.filter((path) => /editor|^src\/|^test\/|^training\/|index\.html/.test(path) && !/^(dist\/types|docs)\//.test(path)),
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
  it("gives the definitions, and refuses to compute, without a document", async () => {
    const code = `import("litegraph-sftgan").then(({ definitions, createEngine }) => {
      console.log(definitions.map((def) => def.type).join());
      try { createEngine(); } catch (error) { console.log(error.message); }
    })`;
    const { stdout, stderr } = await execute(process.execPath, ["-e", code], { cwd: folder });
    const refusal = "the engine needs a browser: under Node run graphs by the command sftgan";
    expect([stdout, stderr]).toEqual([`${definitions.map(({ type }) => type).join()}\n${refusal}\n`, ""]);
  });
});

/** Runs the type checker over a file of the project; gives what it says. */
async function typesOf(file: string, code: string, options: object): Promise<string> {
  await writeFile(join(folder, file), code);
  const compilerOptions = { strict: true, noEmit: true, target: "ES2022", types: [], lib: ["ES2022", "DOM"], ...options };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  return execute(process.execPath, [tsc, "-p", folder]).then(
    () => "",
    ({ stdout }: { stdout: string }) => stdout,
  );
}

describe("types", () => {
  const CONSUMER = `import { attach, createEngine, definitions, load, loadNodes, register, save, unregister, type StoredGraph } from "litegraph-sftgan";
declare const LiteGraph: { registerNodeType(type: string, nodeClass: new () => object): void };
declare const graph: { getNodeById(id: number): object | undefined; setDirtyCanvas(front: boolean, back?: boolean): void };
await loadNodes(["./gamma.js", new URL("https://example.org/other.js")]);
register(LiteGraph, { theme: { accent: "#fff" }, menu: (entries) => entries[0]?.act() });
using attachment = attach(graph, { auto: false, backend: "wasm" });
attachment.run([1]).then(({ errors }) => errors["1"]?.toUpperCase());
attachment.addEventListener("progress", ({ detail }) => detail.fraction.toFixed(2));
export const titles: readonly string[] = definitions.map((def) => def.title);
export const stored: StoredGraph = save(graph);
load(graph, stored);
unregister(LiteGraph);
createEngine({ cacheBytes: 2 ** 30 }).close();
// @ts-expect-error a version is a number
export const wrong: string = stored.version;
// @ts-expect-error targets are ids
attachment.run({});
// @ts-expect-error there is no such backend
createEngine({ backend: "gpu" });
// @ts-expect-error there is no such event
attachment.addEventListener("progres", () => {});
`;
  it.each([
    ["bundler", "ESNext"],
    ["node16", "Node16"],
  ])(
    "check in a strict project that resolves as %s, our declarations and what they name included",
    async (moduleResolution, module) => {
      expect(await typesOf("consumer.ts", CONSUMER, { skipLibCheck: false, module, moduleResolution })).toBe("");
    },
  );

  it("take litegraph.js's own objects", async () => {
    const code = `import { LGraph, LiteGraph } from "litegraph.js";
import { attach, load, register, save } from "litegraph-sftgan";
register(LiteGraph);
const graph = new LGraph();
load(graph, save(graph));
attach(graph).download(graph.getNodeById(1)!);
`;
    const options = { skipLibCheck: true, module: "ESNext", moduleResolution: "bundler" };
    expect(await typesOf("own.ts", code, options)).toBe("");
  });

  it("of a node of one's own let a wrong output not compile", async () => {
    const node = (outputs: string) => `import type { Toolkit } from "litegraph-sftgan/toolkit";
export default ({ defineNode, image, number }: Toolkit) =>
  defineNode({ type: "my-nodes/x", title: "X", description: "X.", inputs: { image: image("a picture") }, params: {},
    outputs: { ${outputs} }, run: ({ image }) => ({ image }) });
`;
    const options = { skipLibCheck: true, module: "NodeNext", moduleResolution: "nodenext" };
    expect(await typesOf("right.ts", node('image: image("a picture")'), options)).toBe("");
    expect(await typesOf("wrong.ts", node('image: number("a number")'), options)).toContain("wrong.ts(4");
  });
});

describe("a node of one's own, from the template", () => {
  /** Where the pages and the command line find it. */
  const MODULE = "gamma.js";

  it("passes its own test", async () => {
    const own = join(folder, "my-nodes");
    await cp(join(folder, "node_modules/litegraph-sftgan/template"), own, { recursive: true });
    const { devDependencies } = JSON.parse(await readFile(join(own, "package.json"), "utf8"));
    expect(devDependencies["litegraph-sftgan"]).toBe(`^${version}`);
    await execute(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", own]);
    const { stdout } = await execute(process.execPath, ["--test"], { cwd: own });
    expect(stdout).toMatch(/# pass 2\n# fail 0/);
    await cp(join(own, "dist/gamma.js"), join(folder, MODULE));
    await cp(join(own, "dist/gamma.js"), join(commandLine, "gamma.mjs"));
  });

  it("runs on the command line", async () => {
    const out = { name: "image", type: "image", links: [1] };
    const graph = {
      nodes: [
        { id: 1, type: "sftgan/load-lr", outputs: [out], properties: { file: { name: "in.png" } } },
        { id: 2, type: "my-nodes/gamma", inputs: [{ ...out, link: 1 }], properties: { power: 2 } },
      ],
      links: [[1, 1, 0, 2, 0, "image"]],
    };
    await writeFile(join(commandLine, "graph.json"), JSON.stringify(graph));
    const run = ["run", "graph.json", "--nodes", "gamma.mjs", "--out", "Gamma=gamma.png"];
    const { stdout } = await npm(commandLine, "exec", "--no-install", "--", "sftgan", ...run);
    expect(stdout).toContain("gamma.png  4 × 3");
  });
});

describe("on a page", () => {
  let pages: Pages;
  beforeAll(async () => {
    pages = await openPages(folder);
  });
  afterAll(() => pages?.close());

  /**
   * Reads a sample and a file of weights, enlarges, and measures: worker, shipped files and kernels all have to be there. A node
   * of another module, with a power of 1, lies between.
   */
  const script = (options: string): string => `
    await loadNodes(["/gamma.js"], ${options});
    register(LiteGraph);
    ${attachedGraph(options)}
    const gamma = add("my-nodes/gamma");
    const model = add("sftgan/load-model", { file: { name: "weights:sftgan.safetensors" } });
    lr.connect(0, gamma, 0);
    gamma.connect(0, up, 0);
    const { errors, values } = await attachment.run([metrics.id, model.id]);
    window.result = JSON.stringify({ errors, notice, values: values[metrics.id] });
  `;
  const IMPORT = 'import { attach, loadNodes, register } from "litegraph-sftgan";';
  const LITEGRAPH = "/node_modules/litegraph.js/build/litegraph.core.js";
  const html = (script: string) => `<!doctype html><meta charset="utf-8"><script src="${LITEGRAPH}"></script>${script}`;

  it(
    "runs a graph without a bundler, in the page where that is asked for",
    async () => {
      const map = JSON.stringify({ imports: { "litegraph-sftgan": "/node_modules/litegraph-sftgan/dist/index.js" } });
      await writeFile(
        join(folder, "plain.html"),
        html(`<script type="importmap">${map}</script><script type="module">${IMPORT}${script("{ inPage: true }")}</script>`),
      );
      const { errors, values, notice } = await pages.resultOf("plain.html");
      expect([errors, notice]).toEqual([{}, undefined]);
      expect(values.psnr).toBeGreaterThan(15);
      expect(values.ssim).toBeGreaterThan(0.3);
    },
    2 * MINUTES,
  );

  it(
    "runs the same graph built by a project's own Vite, in a worker, under a strict Content-Security-Policy",
    async () => {
      await mkdir(join(folder, STRICT));
      await writeFile(join(folder, STRICT, "main.js"), `${IMPORT}${script("{}")}`);
      await writeFile(join(folder, STRICT, "index.html"), html('<script type="module" src="./main.js"></script>'));
      const options = { root: join(folder, STRICT), configFile: false, logLevel: "silent", base: "./" } as const;
      await viteBuild(options);
      const { errors, values, notice } = await pages.resultOf(`${STRICT}/dist/index.html`);
      expect([errors, notice]).toEqual([{}, undefined]);
      expect(values.psnr).toBeGreaterThan(15);
    },
    2 * MINUTES,
  );
});
