/**
 * What docs/plugin.md says of bundlers, word for word, from the packed tarball (`npm run test:long`): Vite's development server,
 * webpack 5, esbuild with and without its line, a package on another origin, and the editor built for any host.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createServer as createVite } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../built";
import { install, pack } from "./install";
import { attachedGraph, openPages, type Pages, serveFolder } from "./pages";

const execute = promisify(execFile);
const MINUTES = 60_000;

let folder: string;
let pages: Pages;
beforeAll(async () => {
  const { plugin } = await pack();
  folder = await install([plugin], "litegraph.js@^0.7.18", "webpack@5", "webpack-cli@6", "esbuild@0.28");
  pages = await openPages(folder);
}, 5 * MINUTES);
afterAll(async () => {
  await pages?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Enlarges a sample and measures, with these options of `attach`. */
const script = (options = "{}", from = "litegraph-sftgan") => `
import { LiteGraph } from "litegraph.js/build/litegraph.core.js";
import { attach, register } from "${from}";
register(LiteGraph);
${attachedGraph(options)}
lr.connect(0, up, 0);
attachment.run([metrics.id]).then(({ errors, values }) => {
  window.result = JSON.stringify({ errors, notice, values: values[metrics.id] });
});
`;
const HTML = '<!doctype html><meta charset="utf-8"><script type="module" src="./main.js"></script>';

/** A page of its own with that script; gives its folder's name. */
async function app(name: string, code: string): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "source.js"), code);
  await writeFile(join(folder, name, "index.html"), HTML);
  return name;
}

const bin = (name: string) => join(folder, "node_modules", name);
const works = async (path: string) => {
  const { errors, values, notice } = await pages.resultOf(path);
  expect([errors, notice]).toEqual([{}, undefined]);
  expect(values.psnr).toBeGreaterThan(15);
};

describe("The package", () => {
  it(
    "runs in Vite's development server",
    async () => {
      await app("vite", script());
      await cp(join(folder, "vite/source.js"), join(folder, "vite/main.js"));
      const vite = await createVite({
        root: join(folder, "vite"),
        configFile: false,
        logLevel: "error",
        server: { port: 0, host: "127.0.0.1", hmr: false, fs: { allow: [folder] } },
        optimizeDeps: { exclude: ["litegraph-sftgan"] },
      });
      try {
        await vite.listen();
        await works(vite.resolvedUrls!.local[0]!);
      } finally {
        await vite.close();
      }
    },
    3 * MINUTES,
  );

  it(
    "runs bundled by webpack 5, which is told nothing",
    async () => {
      await app("webpack", script());
      const args = [bin("webpack/bin/webpack.js"), "./webpack/source.js", "-o", "webpack", "--output-filename", "main.js"];
      const { stdout } = await execute(process.execPath, [...args, "--mode", "production"], { cwd: folder });
      expect(stdout).not.toMatch(/Critical dependency|ERROR/);
      await works("webpack/index.html");
    },
    5 * MINUTES,
  );

  it(
    "says on the node what esbuild has left behind, and runs with the line of docs/plugin.md",
    async () => {
      for (const [name, options] of [
        ["left", "{}"],
        ["mended", '{ workerUrl: "/sftgan/worker.js", assetBase: "/sftgan/" }'],
      ]) {
        await app(name!, script(options));
        const out = `--outfile=${name}/main.js`;
        const args = [`${name}/source.js`, "--bundle", "--format=esm", "--target=es2022", "--log-level=error", out];
        await execute(process.execPath, [bin("esbuild/bin/esbuild"), ...args], { cwd: folder });
      }
      await cp(bin("litegraph-sftgan/dist"), join(folder, "sftgan"), { recursive: true });
      const left = await pages.resultOf("left/index.html");
      expect(left.notice).toContain("name its script by workerUrl");
      expect(Object.values(left.errors)).toEqual([expect.stringContaining("name it by assetBase")]);
      await works("mended/index.html");
    },
    3 * MINUTES,
  );

  it(
    "runs from another origin, in a worker whose one line is of the page's",
    async () => {
      const { server, address } = await serveFolder(folder);
      try {
        const dist = `${address}/node_modules/litegraph-sftgan/dist`;
        await app("other", "");
        await writeFile(join(folder, "other/worker.js"), `import "${dist}/worker.js";`);
        const code = script('{ workerUrl: "worker.js" }', `${dist}/index.js`).replace(/^import \{ LiteGraph \}.*$/m, "");
        await writeFile(join(folder, "other/main.js"), code);
        const litegraph = '<script src="/node_modules/litegraph.js/build/litegraph.core.js"></script>';
        await writeFile(join(folder, "other/index.html"), HTML.replace("<script", `${litegraph}<script`));
        await works("other/index.html");
      } finally {
        server.close();
      }
    },
    3 * MINUTES,
  );
});

describe("The editor", () => {
  it(
    "built by npm run build:editor opens under any path, and brings the headers that a server is to send",
    async () => {
      const out = join(folder, "any/where");
      const vite = join(root, "node_modules/vite/bin/vite.js");
      await execute(process.execPath, [vite, "build", "--outDir", out, "--emptyOutDir", "--logLevel", "error"], { cwd: root });
      expect(await readFile(join(out, "_headers"), "utf8")).toContain("frame-ancestors 'none'");
      const html = await readFile(join(out, "index.html"), "utf8");
      const told = `<script type="module" src="./told.js"></script></body>`;
      await writeFile(join(out, "index.html"), html.replace("</body>", told));
      const found = "window.__editor?.document.stored().nodes.length";
      await writeFile(
        join(out, "told.js"),
        `setInterval(() => { if (${found}) window.result = JSON.stringify({ values: {}, errors: {} }); }, 100);`,
      );
      expect(await pages.resultOf("any/where/index.html")).toEqual({ values: {}, errors: {} });
    },
    3 * MINUTES,
  );
});
