/** Vite in the project's folder, whatever its path: `npm start` serves the editor, `npm run build:editor` builds it; what follows `--` is for Vite. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plainPath } from "./plain-path.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const from = plainPath(root);

// Over the link Vite finds itself too: its client is served from where it lies.
const vite = join(from.path, "node_modules/vite/bin/vite.js");
const flags = from.isLink ? ["--preserve-symlinks", "--preserve-symlinks-main"] : [];
const [command = "serve", ...options] = process.argv.slice(2);
const child = spawn(process.execPath, [...flags, vite, command, from.path, ...options], {
  stdio: "inherit",
  cwd: root,
  env: { ...process.env, ...(from.isLink && { SFTGAN_LINKED: "1" }) },
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => {
  from.remove();
  process.exitCode = code ?? 0;
});
