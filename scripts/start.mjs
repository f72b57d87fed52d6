/**
 * Opens the editor as Vite serves it: `npm start`; what follows `--` is for Vite. In a folder whose path holds a character that means
 * something in addresses, Vite finds none of its files: it is given a link without one.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const isOdd = /[#?%]/.test(root);
const folder = isOdd ? mkdtempSync(join(tmpdir(), "sftgan-start-")) : undefined;
const from = folder ? join(folder, "litegraph-sftgan") : root;
if (folder) symlinkSync(root, from, "junction");

const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
const child = spawn(process.execPath, [vite, from, "--open", ...process.argv.slice(2)], {
  stdio: "inherit",
  cwd: root,
  env: { ...process.env, ...(folder && { SFTGAN_LINKED: "1" }) },
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => {
  if (folder) rmSync(folder, { recursive: true, force: true }); // the link, not what it leads to
  process.exitCode = code ?? 0;
});
