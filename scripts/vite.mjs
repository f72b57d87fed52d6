/** Vite in the project's folder, whatever its path: `npm start` serves the editor, `npm run build:editor` builds it; what follows `--` is for Vite. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { plainPath } from "./plain-path.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const from = plainPath(root);

const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
const [command = "serve", ...options] = process.argv.slice(2);
const child = spawn(process.execPath, [vite, command, from.path, ...options], {
  stdio: "inherit",
  cwd: root,
  env: { ...process.env, ...(from.isLink && { SFTGAN_LINKED: "1" }) },
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => {
  from.remove();
  process.exitCode = code ?? 0;
});
