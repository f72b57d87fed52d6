/** `sftgan worker`: takes pictures from the queue and enlarges them, until it is told to end. */
import { availableParallelism, totalmem } from "node:os";
import { loadNodes, NODES_OPTION } from "../catalog";
import { COMPUTE_OPTIONS, computeOf } from "../compute";
import { UsageError } from "../failure";
import { type Command, helpText, numberOf, type Options, parse } from "../usage";
import { QUEUE_OPTION, queueOf } from "./options";

const OPTIONS = {
  ...QUEUE_OPTION,
  root: {
    value: "DIR",
    help: "the folder that the batch's pictures and results lie in, by whatever path on this machine; nothing outside of it is touched",
  },
  jobs: {
    value: "N",
    help: "pictures at a time, each in a process of its own: 1 where nothing is given; jobs × threads are at most the cores",
  },
  ...COMPUTE_OPTIONS,
  ...NODES_OPTION,
  threads: { value: "N", help: "threads of each job; the cores divided by the jobs where nothing is given" },
  memory: {
    value: "GB",
    help: "what computing may take, of all jobs together; half of what the machine has where nothing is given",
  },
  overwrite: { help: "lets a batch that was planned with --overwrite replace files in DIR that this program did not make" },
  stall: {
    value: "SECONDS",
    help: "a picture whose worker says nothing for so long goes to another: 30 where nothing is given; the same for all workers",
  },
  grace: {
    value: "SECONDS",
    help: "when told to end (SIGTERM, Ctrl+C) it finishes its picture within this time, or gives it back: 20 where nothing is given",
  },
  quiet: { short: "q", help: "says nothing but what went wrong" },
} as const satisfies Options;

const ABOUT = `Takes pictures from the queue and enlarges them, until it is told to end; start as many as you like, on as many machines. A server that is not there, at the start or later, is waited for.`;

export const worker: Command = {
  help: helpText("sftgan worker --queue URL --root DIR [OPTION]...", ABOUT, OPTIONS),
  endsItself: true,

  async run(args, signal) {
    const { values, positionals } = parse("worker", args, OPTIONS);
    if (positionals.length > 0) throw new UsageError(`a worker takes no "${positionals[0]}": see "sftgan worker --help"`);
    const address = (await import("./server")).addressOf(queueOf(values.queue, "worker"));
    if (values.root === undefined) throw new UsageError('--root DIR is needed: see "sftgan worker --help"');
    const root = await (await import("./root")).Root.open(values.root);
    const cores = availableParallelism();
    const jobs = values.jobs === undefined ? 1 : numberOf("jobs", values.jobs, 1, cores);
    const { threads, memory } = { threads: String(Math.floor(cores / jobs)), ...values };
    const compute = computeOf({ ...values, threads });
    if (jobs * compute.threads > Math.max(cores, jobs))
      throw new UsageError(
        `--jobs ${jobs} times --threads ${threads} are more than the ${cores} cores there are: give less of one`,
      );
    // WebAssembly holds the thread that answers the server up for a tile at a time; what runs natively never does.
    const stall = numberOf("stall", values.stall ?? "30", compute.device === "wasm" ? 30 : 2, 3600);
    const grace = numberOf("grace", values.grace ?? "20", 0, 86_400);
    if (jobs === 1) {
      await loadNodes(values.nodes);
      const { work } = await import("./work");
      return work(
        { address, root, compute, overwrite: values.overwrite ?? false, stall, grace, quiet: values.quiet ?? false },
        signal,
      );
    }
    const gigabytes = (memory === undefined ? totalmem() / 2 ** 31 : Number(memory)) / jobs;
    if (gigabytes < 0.5)
      throw new UsageError(`--jobs ${jobs} leave each ${gigabytes.toFixed(1)} GB, and 0.5 is the least: give fewer`);
    const { crew } = await import("./crew");
    const rest = args.filter(
      (_, i) => !isOption(args, i, "jobs") && !isOption(args, i, "threads") && !isOption(args, i, "memory"),
    );
    return crew(
      jobs,
      ["worker", ...rest, "--jobs=1", `--threads=${compute.threads}`, `--memory=${gigabytes.toFixed(2)}`],
      grace,
      signal,
    );
  },
};

/** Whether the argument at `i` is the option `name` or its value. */
function isOption(args: readonly string[], i: number, name: string): boolean {
  return args[i] === `--${name}` || args[i - 1] === `--${name}` || args[i]!.startsWith(`--${name}=`);
}
