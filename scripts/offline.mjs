/**
 * A Vite plugin: the built page's service worker, sw.js, with what there is to keep. src/editor/offline/service-worker.ts is what
 * it is made of.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const SOURCE = `${root}src/editor/offline/service-worker.ts`;

/** What is kept once it is needed, for it is large: weights, and WebAssembly for browsers without WebGL. */
const LATER = /\.(safetensors|wasm)$/;
/** For servers, not for pages. */
const NO_PAGE = ["_headers"];

/** @returns {import("vite").Plugin} */
export function offline() {
  return {
    name: "offline",
    apply: "build",
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        const built = Object.keys(bundle).filter((name) => !name.endsWith(".map"));
        const shown = readdirSync(`${root}public`).filter((name) => !NO_PAGE.includes(name));
        const paths = [...new Set([...built, ...shown, "index.html"])].sort();
        const hash = createHash("sha256");
        for (const name of paths) {
          const file = bundle[name];
          hash.update(name);
          if (file) hash.update(file.type === "chunk" ? file.code : file.source);
          else if (shown.includes(name)) hash.update(readFileSync(`${root}public/${name}`));
        }
        const later = paths.filter((name) => LATER.test(name));
        const core = paths.filter((name) => !LATER.test(name));
        const lists = JSON.stringify({ version: hash.digest("hex").slice(0, 16), core, later });
        const { code } = await transformWithOxc(readFileSync(SOURCE, "utf8"), SOURCE);
        const source = `const BUILT = ${lists};\n${code.replace(/^export \{\s*\};?$/m, "")}`;
        this.emitFile({ type: "asset", fileName: "sw.js", source });
      },
    },
  };
}
