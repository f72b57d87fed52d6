/**
 * `npm run pack`: the two packages that are published, as folders and tarballs under dist/packages. **litegraph-sftgan** is the
 * plugin, for browsers; **sftgan** the command line, which depends on exactly that version and takes weights and samples from it.
 */
import { execFileSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "dist/packages");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

/** What the plugin's declarations name; it is built with everything that it runs. */
const PLUGIN_NEEDS = ["@tensorflow/tfjs-core"];

/** @param {Record<string, string>} all @param {readonly string[]} names */
const only = (all, names) => Object.fromEntries(names.map((name) => [name, all[name]]));

const {
  private: _private,
  bin: _bin,
  scripts: _scripts,
  devDependencies: _dev,
  allowScripts: _allowScripts,
  optionalDependencies,
  files: _files,
  ...common
} = manifest;
const plugin = { ...common, dependencies: only(manifest.dependencies, PLUGIN_NEEDS) };
const { name, version, license, type, engines } = manifest;
const commandLine = {
  name: "sftgan",
  version,
  description: "The command line of litegraph-sftgan: SFT-GAN super-resolution of pictures, folders and stored graphs.",
  keywords: ["super-resolution", "sft-gan", "upscale", "image", "cli"],
  license,
  type,
  bin: { sftgan: "cli.js" },
  types: "./index.d.ts",
  exports: { ".": { types: "./index.d.ts", default: "./index.js" }, "./package.json": "./package.json" },
  engines,
  dependencies: { ...manifest.dependencies, [name]: version },
  ...(optionalDependencies && { optionalDependencies }),
};

/**
 * Lays a package out and packs it.
 * @param {{ name: string }} manifest
 * @param {readonly (readonly [from: string, to: string])[]} files
 */
async function pack(manifest, files) {
  const folder = join(target, manifest.name);
  for (const [from, to] of files) await cp(join(root, from), join(folder, to), { recursive: true });
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const shell = process.platform === "win32";
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", target], { cwd: folder, stdio: "pipe", shell });
}

/** @param {readonly string[]} paths */
const asTheyLie = (paths) => paths.map((path) => /** @type {const} */ ([path, path]));

execFileSync(process.execPath, [join(root, "scripts/build.mjs")], { stdio: "inherit" });
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const built = [
  "index.js",
  "index.js.map",
  "worker.js",
  "worker.js.map",
  "toolkit.js",
  "chunks",
  "node",
  "testing",
  "weights",
  "wasm",
  "sample",
  "types",
].map((path) => `dist/${path}`);
const graphs = (await readdir(join(root, "graphs"))).filter((name) => name.endsWith(".json")).map((name) => `graphs/${name}`);
const pages = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
const documents = ["README.md", "LICENSE", ...pages];
await pack(plugin, asTheyLie([...built, ...graphs, ...documents, "weights/README.md", "weights/LICENSE.md", "template"]));
await pack(commandLine, [["dist/headless", "."], ...asTheyLie(documents)]);
