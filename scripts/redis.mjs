/** Where Redis or Valkey is, and a server of one's own for tests and benchmarks: on a free loopback port, in a folder of its own. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const NAMES = ["valkey-server", "redis-server"];

export const findRedis = () => {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
};

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

/** @param {number} port @returns {Promise<boolean>} */
const answers = (port) =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" }, () => socket.write("PING\r\n"));
    socket.on("data", (data) => {
      resolve(!/LOADING/.test(String(data)));
      socket.destroy();
    });
    socket.on("error", () => resolve(false));
  });

/**
 * Starts a server that keeps what it has over a restart (AOF). It ends with this process at the latest.
 * @param {readonly string[]} options more of its own
 */
export async function startRedis(...options) {
  const program = findRedis();
  if (!program) throw new Error("these need Redis or Valkey: install redis-server or valkey-server from the system's packages");
  const folder = mkdtempSync(join(tmpdir(), "sftgan-redis-"));
  const port = await freePort();
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const keeping = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  const start = async () => {
    child = spawn(program, [...place, ...keeping, ...options], { stdio: "ignore" });
    while (child.exitCode === null && !(await answers(port))) await delay(20);
    if (child.exitCode !== null) throw new Error(`${program} has ended with ${child.exitCode}`);
  };
  /** @param {NodeJS.Signals} signal */
  const stop = (signal = "SIGTERM") =>
    new Promise((resolve) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return resolve(undefined);
      child.once("exit", resolve);
      child.kill(signal);
    });
  const last = () => void child?.kill("SIGKILL");
  process.once("exit", last);
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    stop,
    /** Ends it, and takes its folder away. */
    async close() {
      await stop("SIGKILL");
      process.off("exit", last);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
