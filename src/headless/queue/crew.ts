/** Several workers on one machine, each a process of its own: one that a picture kills takes no other with it, and is started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { EXIT } from "../failure";
import { printNote } from "../terminal";

/** Milliseconds before a worker that has died is started again. */
const PAUSE = 1000;

/** Resolves to the exit code when all have ended: told to by `signal`, or because none can go on. */
export async function crew(count: number, args: readonly string[], grace: number, signal: AbortSignal): Promise<number> {
  const codes = await Promise.all(Array.from({ length: count }, () => keep(args, grace, signal)));
  return Math.max(...codes);
}

/** Keeps one worker going. One that has ended by itself has said why, and would again. */
async function keep(args: readonly string[], grace: number, signal: AbortSignal): Promise<number> {
  while (!signal.aborted) {
    // In a group of its own, so that Ctrl+C reaches it once, from here.
    const child = spawn(process.execPath, [process.argv[1]!, ...args], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      detached: true,
    });
    const told = () => end(child, grace);
    signal.addEventListener("abort", told);
    const [code, killed] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.on("exit", (...how) => resolve(how));
      child.on("error", () => resolve([EXIT.engine, null]));
    });
    signal.removeEventListener("abort", told);
    if (code !== null) return code;
    if (signal.aborted) break;
    printNote(`a worker was killed (${killed}): starting another`);
    await delay(PAUSE, undefined, { signal }).catch(() => {});
  }
  return EXIT.done;
}

/** Tells a worker to end, and does not wait for ever. */
function end(child: ChildProcess, grace: number): void {
  child.kill("SIGTERM");
  const late = setTimeout(
    () => {
      printNote("a worker did not end in time: it is killed");
      child.kill("SIGKILL");
    },
    1000 * (grace + 15),
  );
  child.on("exit", () => clearTimeout(late));
}
