/** A queue's server and workers for the tests of one file. */
import type { ChildProcess } from "node:child_process";
import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { startRedis } from "../../../scripts/redis.mjs";
import type { Program } from "../program";

export class Workers {
  redis!: Awaited<ReturnType<typeof startRedis>>;
  private jobs: Queue | undefined;
  private readonly all = new Set<ChildProcess>();

  private constructor(private readonly program: Program) {}

  static prepare(program: Program): Workers {
    const workers = new Workers(program);
    beforeAll(async () => {
      workers.redis = await startRedis();
      workers.jobs = new Queue("sftgan", { connection: { url: workers.redis.url } });
      workers.jobs.on("error", () => {}); // the server is stopped by tests
    });
    afterEach(() => {
      for (const child of workers.all) child.kill("SIGKILL"); // of a test that has failed
    });
    afterAll(async () => {
      await workers.jobs?.close();
      await workers.redis.close();
    });
    return workers;
  }

  get queue(): string[] {
    return ["--queue", this.redis.url];
  }

  /** A worker on the program's folder, or whatever `args` says after it. */
  start(...args: readonly string[]) {
    return this.watched(this.program.start("worker", ...this.place, ...args));
  }

  /** The same with a module of the test's own before it. */
  startHooked(hook: string) {
    return this.watched(this.program.startHooked(hook, "worker", ...this.place));
  }

  private get place(): string[] {
    return [...this.queue, "--root", this.program.folder, "--threads", "1"];
  }

  private watched(child: ReturnType<Program["start"]>) {
    this.all.add(child);
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => said.push(String(data)));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    void ended.then(() => this.all.delete(child));
    return { child, ended, said: () => said.join("") };
  }

  /** Its exit code when told to end. */
  async end(worker: ReturnType<Workers["start"]>): Promise<number | null> {
    worker.child.kill("SIGTERM");
    return worker.ended;
  }

  /** What workers have in hand. */
  async active(): Promise<{ readonly stage?: string; readonly worker?: string }[]> {
    const jobs = await this.jobs!.getActive();
    return jobs.map((job) => (typeof job.progress === "object" ? job.progress : {}));
  }

  /** How many jobs have ended. */
  ended = async (): Promise<number> => this.jobs!.getJobCountByTypes("completed", "failed");

  async status(): Promise<Status> {
    const { code, out } = await this.program.run("queue", "status", ...this.queue, "--json");
    expect(code).toBe(0);
    return JSON.parse(out) as Status;
  }
}

export interface Status {
  workers: number;
  batches: { id: string; pictures: number; ended: number; failed: { from: string; reason: string }[] }[];
  active: { from: string; stage: string; fraction: number; worker: string }[];
}
