/**
 * Builds both packages into dist/ (`npm run build`; `prepare` does it on install): the library for browsers, the same for Node,
 * the command line, and the types; scripts/pack.mjs takes them apart. What is built appears whole or not at all; where dist/ is newer than everything it is
 * made from, nothing is done.
 */
import { execFileSync } from "node:child_process";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, posix, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { plainPath } from "./plain-path.mjs";
import { schemas } from "./schemas.mjs";

const place = plainPath(fileURLToPath(new URL("..", import.meta.url)));
process.on("exit", place.remove);
const root = place.path;
const target = join(root, "dist");
const out = `${target}.${process.pid}`;
const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

/** Shared by both builds: no config file, names without hashes for what is looked up by name. */
const common = {
  root,
  configFile: /** @type {const} */ (false),
  logLevel: /** @type {const} */ ("warn"),
  base: "./",
  resolve: { preserveSymlinks: place.isLink },
};

/**
 * The worker as an entry of its own beside the library, in the form every bundler knows - `new Worker(new URL("./worker.js",
 * import.meta.url))` - so that a page's own bundler can take it apart again.
 * @returns {import("vite").Plugin}
 */
function workerEntry() {
  const written = /new URL\("\.\/worker\.ts", import\.meta\.url\)/;
  return {
    name: "worker-entry",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/src/browser/link.ts")) return;
      if (!written.test(code)) this.error("the worker is not started as scripts/build.mjs expects");
      return { code: code.replace(written, "__WORKER_URL__"), map: null }; // on one line: what comes after it moves by a few columns
    },
    renderChunk: {
      order: "post",
      handler(code, { fileName }) {
        const path = posix.relative(posix.dirname(fileName), "worker.js");
        const url = `new URL("${path.startsWith(".") ? path : `./${path}`}", import.meta.url)`;
        return code.includes("__WORKER_URL__") ? code.replace("__WORKER_URL__", url) : null;
      },
    },
  };
}

/**
 * Vite wraps dynamic imports in a helper that reports errors to a `window`, which a worker has not; and a project's own Vite
 * declares that helper once more. Here it does nothing, under another name.
 * @returns {import("vite").Plugin}
 */
function plainImports() {
  const helper = "\0vite/preload-helper.js";
  return {
    name: "plain-imports",
    enforce: "pre",
    load: (id) => (id === helper ? "export const __vitePreload = (load) => load();" : undefined),
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const chunk of Object.values(bundle))
          if (chunk.type === "chunk") chunk.code = chunk.code.replaceAll("__vitePreload", "dynamicImport"); // as long, for the source maps;
      },
    },
  };
}

/** Shipped files keep their names, for the command line looks them up there; the rest lies under assets/. */
const FOLDERS = { safetensors: "weights", wasm: "wasm", png: "sample", jpg: "sample", json: "sample" };
/** @param {{ names: string[] }} asset */
const assetFileNames = ({ names: [name = ""] }) => {
  const ending = name.slice(name.lastIndexOf(".") + 1);
  if (name === "image.jpg") return "sample/alps.jpg";
  return ending in FOLDERS
    ? `${FOLDERS[/** @type {keyof typeof FOLDERS} */ (ending)]}/[name][extname]`
    : "assets/[name][extname]";
};

async function browser() {
  await build({
    ...common,
    publicDir: false,
    plugins: [schemas(), workerEntry(), plainImports()],
    assetsInclude: ["**/*.safetensors"],
    build: {
      outDir: out,
      emptyOutDir: true,
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: false,
      minify: false,
      sourcemap: true,
      rollupOptions: {
        input: { index: join(root, "src/index.ts"), worker: join(root, "src/browser/worker.ts") },
        preserveEntrySignatures: "strict",
        external: Object.keys(peerDependencies ?? {}),
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name].js", assetFileNames },
      },
    },
  });
}

/**
 * Under Node the library has no worker to offer.
 * @returns {import("vite").Plugin}
 */
function noEngine() {
  return {
    name: "no-engine",
    enforce: "pre",
    async resolveId(source, importer, options) {
      const found = source.endsWith("/client") ? await this.resolve(source, importer, { ...options, skipSelf: true }) : undefined;
      return found?.id === join(root, "src/browser/client.ts") ? join(root, "src/headless/no-engine.ts") : undefined;
    },
  };
}

/**
 * tfjs's programs for Node are CommonJS. Imported, each is read through for its names first, which takes longer than running it.
 * @returns {import("vite").Plugin}
 */
function requiredTensors() {
  const imported = /^import (?:(?:\* as (\w+)|(\{[^}]*\})) from )?("@tensorflow\/tfjs-(?:core|backend-wasm)");$/gm;
  return {
    name: "required-tensors",
    renderChunk(code) {
      let before =
        'import { createRequire as commonJsFrom } from "node:module";\nconst commonJs = commonJsFrom(import.meta.url);\n';
      const required = code.replace(imported, (_, all, some, name) => {
        const found = `${before}${all ? `const ${all} = ` : some ? `const ${some.replaceAll(" as ", ": ")} = ` : ""}commonJs(${name});`;
        before = "";
        return found;
      });
      return required === code ? null : required;
    },
  };
}

/**
 * A program for Node in a folder of its own.
 * @param {string} folder
 * @param {Record<string, string>} input
 */
async function forNode(folder, input) {
  await build({
    ...common,
    publicDir: false,
    plugins: [schemas(), noEngine(), requiredTensors()],
    ssr: {
      external: Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }),
      noExternal: ["@tensorflow/tfjs-backend-cpu", "seedrandom"],
    },
    build: {
      outDir: join(out, folder),
      emptyOutDir: true,
      target: "node20",
      minify: false,
      ssr: true,
      rollupOptions: {
        input: Object.fromEntries(Object.entries(input).map(([name, path]) => [name, join(root, path)])),
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name].js" },
      },
    },
  });
}

async function headless() {
  await forNode("node", { index: "src/index.ts" });
  await forNode("testing", { index: "src/testing/index.ts" });
  await writeFile(join(out, "toolkit.js"), "export {}; // types only: see toolkit/index.d.ts\n");
  await forNode("headless", {
    cli: "src/headless/cli.ts",
    index: "src/headless/index.ts",
    native: "src/headless/native/process.ts",
  });
  await chmod(join(out, "headless/cli.js"), 0o755);
}

/** Shipped files that the library for browsers does not name, and those it does, under the names the command line uses. */
async function shipped() {
  for (const [from, to, ending] of [
    ["weights", "weights", ".safetensors"],
    ["graphs/sample", "sample", ".png"],
  ]) {
    await mkdir(join(out, to), { recursive: true });
    for (const name of await readdir(join(root, from)))
      if (name.endsWith(ending)) await copyFile(join(root, from, name), join(out, to, name));
  }
}

/** Declarations, with the endings that Node's resolution asks for. */
async function types() {
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  const options = ["--noEmit", "false", "--outDir", join(out, "types")];
  execFileSync(process.execPath, [compiler, "-p", join(root, "scripts/tsconfig.types.json"), ...options], { stdio: "inherit" });
  const folder = join(out, "types");
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".d.ts"));
  for (const name of files) {
    const path = join(folder, name);
    const code = await readFile(path, "utf8");
    const whole = code.replace(/(\bfrom |\bimport\()"(\.[^"]*)"/g, (_, before, specifier) => {
      const file = relative(folder, join(dirname(path), specifier));
      const found = [`${file}.d.ts`, `${file}/index.d.ts`].find((candidate) => files.includes(candidate));
      if (!found) throw new Error(`${name} imports "${specifier}", of which there is no declaration`);
      return `${before}"${specifier}${found.endsWith("/index.d.ts") && !file.endsWith("index") ? "/index" : ""}.js"`;
    });
    await writeFile(path, whole);
  }
  await programTypes(compiler);
}

/** What programs see of the command line's package: all of it is in one file. @param {string} compiler */
async function programTypes(compiler) {
  const folder = join(out, "headless/types");
  const options = ["--noEmit", "false", "--outDir", folder];
  execFileSync(process.execPath, [compiler, "-p", join(root, "scripts/tsconfig.headless.json"), ...options], {
    stdio: "inherit",
  });
  await rename(join(folder, "src/headless/index.d.ts"), join(out, "headless/index.d.ts"));
  await rm(folder, { recursive: true });
}

const SOURCES = ["src", "nodes", "graphs", "weights", "scripts", "package.json", "package-lock.json", "tsconfig.json"];
/** Where one build is at work, others wait: a folder can be made once only. */
const LOCK = `${target}.lock`;
/** Milliseconds after which a lock was left by a build that was killed. */
const STALE_LOCK = 120_000;

/**
 * When anything in a folder, or a file, was last changed. The editor is no part of the package.
 * @param {string} path
 * @returns {Promise<number>}
 */
async function changed(path) {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  if (path.endsWith("editor")) return 0;
  const names = await readdir(path);
  return Math.max(found.mtimeMs, ...(await Promise.all(names.map((name) => changed(join(path, name))))));
}

const isFresh = async () => {
  const built = await changed(join(target, "headless/cli.js")).catch(() => 0);
  return built > Math.max(...(await Promise.all(SOURCES.map((name) => changed(join(root, name))))));
};

async function whole() {
  try {
    await browser();
    await headless();
    await shipped();
    await types();
    await rm(target, { recursive: true, force: true });
    await rename(out, target);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

while (!(await isFresh())) {
  const free = await mkdir(LOCK).then(
    () => true,
    () => false,
  );
  if (free) {
    try {
      if (!(await isFresh())) await whole();
    } finally {
      await rm(LOCK, { recursive: true, force: true });
    }
    break;
  }
  const since = await stat(LOCK).then(({ mtimeMs }) => mtimeMs, Date.now);
  if (Date.now() - since > STALE_LOCK) await rm(LOCK, { recursive: true, force: true });
  else await setTimeout(200);
}
