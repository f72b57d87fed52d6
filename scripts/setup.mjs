/**
 * Makes a fresh checkout ready: the dependencies and, with --tests, a Chromium with software WebGL and a Redis. Runs before
 * `npm start` and `npm test`, so it needs nothing but Node; where all is there it does nothing.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findChromium, hasMesa } from "./chromium.mjs";
import { findRedis } from "./redis.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const REDIS = ["redis-server"];
/** What Debian and Ubuntu call Chromium and Mesa's software OpenGL. */
const BROWSER = ["chromium", "libgl1-mesa-dri", "libegl1", "libgles2"];

/** @param {string} path */
const age = (path) => statSync(`${root}${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** npm writes the second file when it has installed what the first one asks for. */
const dependenciesAreThere = () => age("node_modules/.package-lock.json") >= age("package-lock.json");

function installDependencies() {
  console.log("Installing dependencies …");
  const npm = process.env.npm_execpath;
  const [command, before] = npm?.endsWith("js") ? [process.execPath, [npm]] : ["npm", []];
  const shell = process.platform === "win32" && command === "npm";
  // onnxruntime's install script would fetch what is for CUDA only; all else is in its package.
  const env = { ONNXRUNTIME_NODE_INSTALL: "skip", ...process.env };
  execFileSync(command, [...before, "ci", "--no-audit", "--no-fund"], { cwd: root, stdio: "inherit", shell, env });
}

const isDebian = () => {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release) && existsSync("/usr/bin/apt-get");
};

/** What to put before a command that needs root; undefined where root is not to be had without asking. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : undefined;
}

/** @param {readonly string[]} packages */
function install(packages) {
  const root = isDebian() ? asRoot() : undefined;
  if (!root || packages.length === 0) return;
  console.log(`Installing ${packages.join(", ")} …`);
  const environment = ["env", "DEBIAN_FRONTEND=noninteractive"];
  for (const request of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
  ]) {
    const [command = "", ...rest] = [...root, ...environment, "apt-get", ...request];
    if (spawnSync(command, rest, { stdio: ["ignore", "ignore", "inherit"] }).status !== 0) return;
  }
}

/** Playwright's own Chromium, if it was ever installed. */
const playwrights = async () => {
  const { chromium } = await import("playwright");
  return existsSync(chromium.executablePath());
};

try {
  if (!dependenciesAreThere()) installDependencies();
} catch {
  console.error("The dependencies could not be installed: see npm's messages above, then run npm ci.");
  process.exit(1);
}
if (process.argv.includes("--tests")) {
  const lacksBrowser = !(findChromium() && hasMesa()) && !(await playwrights());
  install([...(lacksBrowser ? BROWSER : []), ...(findRedis() ? [] : REDIS)]);
  const missing = [];
  if (lacksBrowser && !findChromium())
    missing.push(
      "The tests need Chromium: install it from the system's packages, run npx playwright install chromium, or name one in the environment variable CHROMIUM.",
    );
  if (!findRedis())
    missing.push("The tests need Redis or Valkey: install redis-server or valkey-server from the system's packages.");
  for (const message of missing) console.error(message);
  if (missing.length > 0) process.exit(1);
}
