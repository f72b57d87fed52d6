/**
 * The process that reads the inputs of `npm run fuzz`: one after another, as they come, each answered with what it took. Where
 * it takes too much memory, it ends itself, for the thread that looks is another.
 */
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { kinds } from ".";
import { holdsFor, type Kind } from "./kind";
import { type Answer, OUT_OF_MEMORY, type Request } from "./protocol";

const most = Number(process.argv[2]);
new Worker(`setInterval(() => process.memoryUsage.rss() > ${most} && process.kill(process.pid, "${OUT_OF_MEMORY}"), 20)`, {
  eval: true,
}).unref();

const byName = new Map(kinds.map((kind) => [kind.name, kind] as const));

/** The most the process has held. Linux counts into `maxRSS` what the process held that it was forked from. */
function held(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
  return Number(kilobytes) * 1024;
}

async function answer({ kind, input }: Request): Promise<Answer> {
  const before = process.cpuUsage();
  const outcome = await holdsFor(byName.get(kind) as Kind, input).then(
    (read) => ({ read }),
    (error) => ({ broken: (error as Error).message }),
  );
  await setImmediate(); // for what fails outside of the call
  const { user, system } = process.cpuUsage(before);
  return { ...outcome, milliseconds: (user + system) / 1000, bytes: held() };
}

process.on("message", (request: Request) => void answer(request).then((result) => process.send!(result)));
process.on("uncaughtException", (error) => {
  process.send!({ broken: `an error outside of any call: ${error.stack}`, milliseconds: 0, bytes: held() });
});
await tf.setBackend("cpu");
process.send!({ milliseconds: 0, bytes: held() });
