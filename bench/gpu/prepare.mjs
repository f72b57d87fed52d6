/**
 * Everything that the benchmark of kernels needs on a machine with a GPU that reaches no network and has no Chromium and no Node:
 * node bench/gpu/prepare.mjs [--part 24] [--no-onnxruntime]. Here: Debian, with apt and a Chromium that runs. Writes to .gpu/
 *
 *     site/                    the page, built
 *     packs/NAME.1-of-N.pack   Chromium as Debian packs it; its libraries and onnxruntime-web; parts of at most so many MiB
 *
 * There, beside a checkout with .gpu/site and all packs, in whatever order they come: python3 bench/gpu/run.py. No root is needed.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vite";

const ORT = "onnxruntime-web@1.30.0";
/** Of chromium-common, what a headless browser with a GPU uses. */
const COMMON = [
  "icudtl.dat",
  "libEGL.so",
  "libGLESv2.so",
  "libvk_swiftshader.so",
  "libvulkan.so.1",
  "snapshot_blob.bin",
  "v8_context_snapshot.bin",
  "vk_swiftshader_icd.json",
];
const ORT_FILES = ["ort.webgpu.bundle.min.mjs", "ort-wasm-simd-threaded.asyncify.wasm", "ort-wasm-simd-threaded.asyncify.mjs"];
const { values } = parseArgs({
  options: { part: { type: "string", default: "24" }, onnxruntime: { type: "boolean", default: true } },
  allowNegative: true,
});
const folder = resolve(".gpu");
const run = (command, args, cwd = folder) => execFileSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });

await build({
  root: "bench/gpu",
  base: "./",
  configFile: false,
  logLevel: "error",
  build: { outDir: join(folder, "site"), emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: false },
  assetsInclude: ["**/*.safetensors"],
});
// Weights come from the checkout; pictures and WebAssembly are not asked for.
for (const name of readdirSync(join(folder, "site/assets"))) if (!name.endsWith(".js")) rmSync(join(folder, "site/assets", name));

const debs = () => readdirSync(folder).filter((name) => name.endsWith(".deb"));
if (debs().length < 2) run("apt-get", ["download", "chromium-headless-shell", "chromium-common"]);
const [shell, common] = ["chromium-headless-shell", "chromium-common"].map((name) =>
  join(
    folder,
    debs().find((file) => file.startsWith(`${name}_`)),
  ),
);
for (const deb of [shell, common]) run("dpkg", ["-x", deb, "unpacked"]);
const unpacked = join(folder, "unpacked/usr/lib/chromium");

const rest = join(folder, "rest");
rmSync(rest, { recursive: true, force: true });
for (const name of ["chromium", "lib", "onnxruntime"]) mkdirSync(join(rest, name), { recursive: true });
for (const name of COMMON) copyFileSync(join(unpacked, name), join(rest, "chromium", name));
for (const library of librariesOf(unpacked)) copyFileSync(realpathSync(library), join(rest, "lib", basename(library)));
if (values.onnxruntime) {
  run("npm", ["install", "--no-save", "--ignore-scripts", "--prefix", folder, ORT]);
  for (const name of ORT_FILES)
    copyFileSync(join(folder, "node_modules/onnxruntime-web/dist", name), join(rest, "onnxruntime", name));
} else rmSync(join(rest, "onnxruntime"), { recursive: true });
run("tar", ["-cJf", "rest.tar.xz", "-C", rest, "."]);

const size = Number(values.part) * 2 ** 20;
rmSync(join(folder, "packs"), { recursive: true, force: true });
mkdirSync(join(folder, "packs"));
for (const [name, bytes] of [
  ["chromium", dataOf(readFileSync(shell))],
  ["rest", readFileSync(join(folder, "rest.tar.xz"))],
]) {
  const count = Math.ceil(bytes.length / size);
  for (let i = 0; i < count; i++)
    writeFileSync(join(folder, "packs", `${name}.${i + 1}-of-${count}.pack`), bytes.subarray(i * size, (i + 1) * size));
  console.log(`${name}: ${(bytes.length / 2 ** 20).toFixed(1)} MiB in ${count} parts`);
}

/** The archive of files, data.tar.xz, of a Debian package, which is an archive of `ar`. */
function dataOf(deb) {
  for (let at = 8; at < deb.length; ) {
    const [name, length] = [deb.toString("ascii", at, at + 16).trim(), Number(deb.toString("ascii", at + 48, at + 58))];
    if (name.startsWith("data.tar.xz")) return deb.subarray(at + 60, at + 60 + length);
    at += 60 + length + (length % 2);
  }
  throw new Error("the package has no data.tar.xz");
}

/** Shared libraries that a folder's programs load here, without those of the C library, which are the machine's own. */
function librariesOf(place) {
  const programs = readdirSync(place).filter(
    (name) => name === "headless_shell" || name.includes(".so") || name.includes("headless-shell"),
  );
  const found = programs.flatMap((name) => {
    try {
      return [...run("ldd", [join(place, name)]).matchAll(/=> (\/\S+)/g)].map(([, path]) => path);
    } catch {
      return []; // no program
    }
  });
  const nss = ["libsoftokn3.so", "libfreebl3.so", "libfreeblpriv3.so", "libnssckbi.so"].map(
    (name) => `/usr/lib/x86_64-linux-gnu/${name}`,
  );
  const own = /\/(ld-linux[^/]*|lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+)\.so[^/]*)$/;
  return new Set(
    [...found, ...nss.filter((path) => existsSync(path))].filter((path) => !own.test(path) && !path.startsWith(place)),
  );
}
