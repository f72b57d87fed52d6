/**
 * Batches over workers with a real server: each good picture once, the bad ones named, whatever dies meanwhile. As a long test ten
 * times the pictures, on two workers of which one is killed three times, and the server restarted.
 */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { decodePng } from "../../../src/codec/png-decode";
import { jobId, recipeText } from "../../../src/headless/queue/job";
import { Program } from "../program";
import { Workers } from "./workers";

const times = inject("times");
const [COUNT, BAD] = times > 1 ? [100 * times, 37] : [100, 5];
const TINY = ["--model", "net-srresnet.pth"];
/** Two workers of one command, where there are two cores. */
const SEVERAL = availableParallelism() > 1 ? ["--jobs", "2"] : [];

const program = Program.prepare();
const workers = Workers.prepare(program);
const upscale = (...args: string[]) => program.run("upscale", ...args, ...workers.queue, ...TINY);
const isBad = (i: number) => i % Math.floor(COUNT / BAD) === 3 && i / Math.floor(COUNT / BAD) < BAD;

/** Ends the processes that compute for a worker or for several, and those only. */
function killComputing({ child }: ReturnType<Workers["start"]>): void {
  const all = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const below = (parent: string): string[][] =>
    all.filter(([, ppid]) => ppid === parent).flatMap((found) => [found, ...below(found[0]!)]);
  const computing = below(String(child.pid)).filter(([, , ...args]) => args.some((arg) => arg.endsWith("native.js")));
  for (const [pid] of computing) process.kill(Number(pid), "SIGKILL");
}

beforeAll(async () => {
  await mkdir(program.path("in"));
  for (let i = 0; i < COUNT; i++)
    if (isBad(i)) await program.write(`in/${i}.png`, `bad ${i}`);
    else await program.noise(`in/${i}.png`, { width: 2 + (i % 7), height: 3 });
  await program.fixture("net-srresnet.pth");
});

describe("a batch over workers", () => {
  it("enlarges every good picture, names the bad ones, and ends as on one machine", async () => {
    const options = ["--stall", "2"];
    let dying = workers.start(...options);
    const other = times > 1 ? workers.start(...options) : undefined;
    const batch = upscale("in", "out");
    for (let kills = 0; times > 1 && kills < 3; kills++) {
      await expect.poll(() => workers.ended(), { timeout: 120_000 }).toBeGreaterThan(200 * (kills + 1));
      dying.child.kill("SIGKILL");
      await dying.ended;
      if (kills === 1) {
        await workers.redis.stop();
        await workers.redis.start();
      }
      dying = workers.start(...options);
    }
    const ended = await batch;
    expect(ended.code).toBe(3);
    for (let i = 0; i < COUNT; i++) {
      if (isBad(i)) expect(ended.err).toContain(`sftgan: in/${i}.png is not a picture; choose`);
      else expect(ended.out.split("\n").filter((line) => line.startsWith(`out/${i}.png  `)).length, `${i}`).toBe(1);
    }
    const [, done, there] = /(\d+) enlarged, (\d+) already there, (\d+) failed/.exec(ended.out) ?? [];
    expect(Number(done) + Number(there)).toBe(COUNT - BAD);
    if (times === 1) expect(there).toBe("0");
    const names = await readdir(program.path("out"));
    expect(names.sort()).toEqual(
      Array.from({ length: COUNT }, (_, i) => i)
        .filter((i) => !isBad(i))
        .map((i) => `${i}.png`)
        .sort(),
    );
    for (const name of names) {
      const { width, height } = (await decodePng(await program.bytes(`out/${name}`), name))!;
      expect([width, height]).toEqual([4 * (2 + (Number.parseInt(name, 10) % 7)), 12]);
    }
    for (const worker of [dying, other]) if (worker) expect(await workers.end(worker)).toBe(0);
  }, 600_000);

  it("computes nothing when asked for the same again, but for what is missing and what has been mended", async () => {
    const worker = workers.start();
    const before = await stat(program.path("out/0.png"));
    const again = await upscale("in", "out", "--quiet", "--json");
    expect(JSON.parse(again.out.trim().split("\n").at(-1)!)).toMatchObject({ enlarged: 0, skipped: COUNT - BAD, failed: BAD });
    await rm(program.path("out/1.png"));
    const bad = Array.from({ length: COUNT }, (_, i) => i).filter(isBad);
    await program.noise(`in/${bad[0]}.png`, { width: 4, height: 4 });
    const mended = await upscale("in", "out", "--json");
    expect(JSON.parse(mended.out.trim().split("\n").at(-1)!)).toMatchObject({
      enlarged: 2,
      skipped: COUNT - BAD - 1,
      failed: BAD - 1,
    });
    expect((await stat(program.path("out/0.png"))).mtimeMs).toBe(before.mtimeMs);
    await workers.end(worker);
  }, 300_000);

  it("is seen by status, tried again by retry, and taken out by cancel", async () => {
    const { batches } = await workers.status();
    expect(batches).toMatchObject([{ pictures: COUNT, ended: COUNT }]);
    expect(batches[0]!.failed.length).toBe(BAD - 1);
    expect(batches[0]!.failed[0]).toMatchObject({
      reason: expect.stringContaining(`${batches[0]!.failed[0]!.from} is not a picture`),
    });
    expect((await program.run("queue", "retry", ...workers.queue)).out).toBe(
      `${BAD - 1} of batch ${batches[0]!.id} are tried again\n`,
    );
    expect((await workers.status()).batches).toMatchObject([{ ended: COUNT + 1 - BAD, failed: [] }]);
    expect((await program.run("queue", "cancel", batches[0]!.id, ...workers.queue)).out).toBe(
      `batch ${batches[0]!.id} is cancelled: ${BAD - 1} will not be enlarged\n`,
    );
    expect((await workers.status()).batches).toEqual([]);
    expect(await program.fails(2, "queue", "attach", ...workers.queue)).toContain("has no batch: put one in with sftgan upscale");
  });

  it("goes on without whoever asked for it, and can be followed again", async () => {
    const child = program.start("upscale", "in/0.png", "in/1.png", "in/2.png", "detached", ...workers.queue, ...TINY);
    const said: string[] = [];
    child.stderr.on("data", (data) => said.push(String(data)));
    const ended = new Promise((resolve) => child.on("close", resolve));
    await expect.poll(() => said.join("")).toContain("no worker takes pictures from the queue: start one with sftgan worker");
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    const [, id] = /sftgan queue attach (\w+) --queue/.exec(said.join("")) ?? [];
    const worker = workers.start();
    const attached = await program.run("queue", "attach", id!, ...workers.queue);
    expect(attached).toMatchObject({ code: 0 });
    expect(attached.out).toContain("3 enlarged, 0 already there, 0 failed");
    expect((await program.run("queue", "attach", id!, ...workers.queue)).out).toBe("3 enlarged, 0 already there, 0 failed\n");
    await workers.end(worker);
    await program.run("queue", "cancel", id!, ...workers.queue);
  });
});

describe("a worker", () => {
  it("waits for a server that is not there, and goes on when it is", async () => {
    await workers.redis.stop();
    const worker = workers.start();
    await expect.poll(worker.said).toContain("is not there: waiting for it");
    expect(await program.fails(5, "queue", "status", ...workers.queue)).toContain("is not there (ECONNREFUSED): start it");
    await workers.redis.start();
    expect((await upscale("in/0.png", "late/0.png")).code).toBe(0);
    expect(worker.said().match(/waiting for it/g)?.length).toBe(1);
    expect(await workers.end(worker)).toBe(0);
  });

  it("gives its picture back when told to end, and loses none to the end of what computes", async () => {
    await program.noise("long.png", { width: 400, height: 300 });
    const first = workers.start("--grace", "0");
    const batch = program.run("upscale", "long.png", "long/long.png", ...workers.queue, "--model", "lite");
    await expect.poll(async () => (await workers.active()).length).toBe(1);
    expect(await workers.end(first)).toBe(0);
    expect((await workers.status()).batches.some(({ pictures, ended }) => pictures === 1 && ended === 0)).toBe(true);
    const second = workers.start(...SEVERAL);
    await expect.poll(async () => (await workers.active())[0]?.stage ?? "").not.toBe("");
    killComputing(second);
    expect(await batch).toMatchObject({ code: 0, out: expect.stringMatching(/^long\/long\.png {2}1600 × 1200/) });
    expect(second.said()).toMatch(/the process that computes has ended.*: tried again/);
    expect(await workers.end(second)).toBe(0);
    expect(second.said()).not.toContain("did not end in time");
  }, 120_000);

  it("whose disk is full says so once, leaves nothing half written and ends; another does its picture and the rest", async () => {
    const hook = await program.write(
      "full.mjs",
      `import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";
      const write = fs.promises.writeFile;
      fs.promises.writeFile = async (file, content, options) => {
        await write(file, content.subarray(0, content.length >> 1), options);
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
      };
      syncBuiltinESMExports();`,
    );
    const full = workers.startHooked(hook);
    const batch = upscale("in/0.png", "in/1.png", "in/2.png", "room", "--json");
    expect(await full.ended).toBe(4);
    expect(full.said().match(/^sftgan: .*does not fit on the disk: make room.*$/gm)?.length).toBe(1);
    expect(full.said().match(/^sftgan: /gm)?.length).toBe(2); // and that it waits for pictures
    expect(await readdir(program.path("room"))).toEqual([]);
    const worker = workers.start();
    const ended = await batch;
    expect(JSON.parse(ended.out.trim().split("\n").at(-1)!)).toMatchObject({ enlarged: 3, skipped: 0, failed: 0 });
    expect((await readdir(program.path("room"))).sort()).toEqual(["0.png", "1.png", "2.png"]);
    expect(await workers.end(worker)).toBe(0);
  });

  const long = it.runIf(times > 1); // half a minute of waiting for stalled jobs
  long(
    "tries a picture three times where a device fails, then names it with its reason",
    async () => {
      const hook = await program.write(
        "failing.mjs",
        `import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";
        fs.promises.writeFile = async () => {
          throw Object.assign(new Error("EIO: i/o error, write"), { code: "EIO", syscall: "write" });
        };
        syncBuiltinESMExports();`,
      );
      const failing = workers.startHooked(hook);
      const { code, err } = await upscale("in/0.png", "thrice");
      expect(code).not.toBe(0);
      expect(err).toContain("EIO");
      expect(failing.said().match(/EIO.*: tried again$/gm)?.length).toBe(2);
      expect(failing.said().match(/EIO/g)?.length).toBe(3);
      expect(await readdir(program.path("thrice"))).toEqual([]);
      await workers.end(failing);
    },
    60_000,
  );

  long(
    "sets aside a picture that has killed two workers, and another worker takes up what one was killed at",
    async () => {
      const batch = program.run("upscale", "long.png", "killer/long.png", ...workers.queue, "--model", "lite");
      for (let kills = 0; kills < 2; kills++) {
        const worker = workers.start("--stall", "2");
        await expect
          .poll(async () => (await workers.active())[0]?.worker ?? "", { timeout: 60_000 })
          .toContain(String(worker.child.pid));
        worker.child.kill("SIGKILL");
        await worker.ended;
      }
      const last = workers.start("--stall", "2");
      const { code, err } = await batch;
      expect(err).toContain("its worker ended without a word twice while at it");
      expect(code).toBe(5);
      await workers.end(last);
    },
    120_000,
  );

  it.runIf(times > 1 && SEVERAL.length > 0)(
    "of several that is killed is started again, and its picture is not lost",
    async () => {
      const several = workers.start("--stall", "2", ...SEVERAL);
      const batch = program.run("upscale", "long.png", "again/long.png", ...workers.queue, "--model", "lite");
      const workerAtIt = async () => (await workers.active())[0]?.worker ?? "";
      await expect.poll(workerAtIt, { timeout: 60_000 }).toMatch(/-\d+$/);
      const pid = Number((await workerAtIt()).split("-").at(-1));
      process.kill(pid, "SIGKILL");
      await expect.poll(several.said).toContain("a worker was killed (SIGKILL): starting another");
      expect(await batch).toMatchObject({ code: 0, out: expect.stringMatching(/^again\/long\.png {2}1600 × 1200/) });
      expect(await workers.end(several)).toBe(0);
      expect(several.said()).not.toContain("did not end in time");
    },
    120_000,
  );

  it("touches nothing outside of its root, whatever a job says, and takes no job that it does not understand", async () => {
    const outside = program.path("../sftgan-outside.png");
    await symlink("/etc", program.path("etc"));
    await program.write("mine.png", "not of this program's making");
    const recipe = recipeText({});
    const greedy = recipeText({ overwrite: true });
    const client = new Redis(workers.redis.url);
    for (const { text, hash } of [recipe, greedy]) await client.set(`sftgan:recipe:${hash}`, text);
    const job = (from: string, to: string, hash = recipe.hash) => ({ from, to, size: 1, recipe: hash });
    const jobs: [unknown, string][] = [
      [job("../../../etc/hostname", "x.png"), "leads out of the root"],
      [job("/etc/hostname", "x.png"), "leads out of the root"],
      [job("in/0.png", "../sftgan-outside.png"), "leads out of the root"],
      [job("etc/hostname", "x.png"), "is a link that leads out of the root"],
      [job("in/0.png", "etc/x.png"), "is a link that leads out of the root"],
      [job("in/0.png", "mine.png"), "exists and is not of this program's making"],
      [job("in/0.png", "mine.png", greedy.hash), "this worker may not: start it with --overwrite"],
      [job("in/0.png", "in/0.png"), "is read by this command"],
      [job("in/0.png", "x.json"), "is no picture by its ending"],
      [job("in/0.png", "x.png", "f".repeat(64)), "is not in the queue: plan the batch again"],
      [{ from: ["in/0.png"] }, "is of no form that this program knows"],
    ];
    const queue = new Queue("sftgan", { connection: { url: workers.redis.url } });
    const added = await queue.addBulk(jobs.map(([data], i) => ({ name: "upscale", data, opts: { jobId: `odd-${i}` } })));
    const worker = workers.start();
    for (const [i, { id }] of added.entries())
      await expect
        .poll(async () => (await queue.getJob(id!))?.failedReason ?? "", { message: `job ${i}` })
        .toContain(jobs[i]![1]);
    expect(await readFile(program.path("mine.png"), "utf8")).toBe("not of this program's making");
    await expect(stat(outside)).rejects.toThrow("ENOENT");
    expect(jobId(job("a", "b.png"))).toMatch(/^[0-9a-f]{32}$/);
    await workers.end(worker);
    await queue.close();
    client.disconnect();
  });

  it("that does not see the root gives its picture back and says so, and takes no other", async () => {
    await mkdir(program.path("empty"));
    const blind = workers.start("--root", program.path("empty"));
    const batch = upscale("in/0.png", "seen/0.png");
    expect(await blind.ended).toBe(1);
    expect(blind.said()).toContain('shows nothing where "in/0.png" should be: mount it, or give another --root');
    const worker = workers.start();
    expect(await batch).toMatchObject({ code: 0, out: expect.stringContaining("seen/0.png") });
    await workers.end(worker);
    await rm(join(program.folder, "empty"), { recursive: true });
  });

  it("goes on where folders are taken away or emptied during a batch: their pictures fail, the rest are done", async () => {
    for (const name of ["gone", "emptied"]) {
      await mkdir(program.path(name));
      await program.noise(`${name}/${name}.png`, { width: 3, height: 3 });
    }
    const child = program.start(
      ...["upscale", "in/0.png", "gone/gone.png", "emptied/emptied.png", "in/1.png", "rest"],
      ...workers.queue,
      ...TINY,
    );
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => said.push(String(data)));
    const ended = new Promise((resolve) => child.on("close", resolve));
    await expect.poll(() => said.join("")).toContain("no worker takes pictures from the queue");
    await rm(program.path("gone"), { recursive: true });
    await rm(program.path("emptied/emptied.png"));
    const worker = workers.start();
    expect(await Promise.race([ended, worker.ended])).toBe(3);
    expect(said.join("")).toContain("2 enlarged, 0 already there, 2 failed");
    for (const name of ["gone", "emptied"]) expect(said.join("")).toContain(`"${name}/${name}.png" does not exist`);
    expect(await workers.end(worker)).toBe(0);
  });
});

describe("sftgan upscale --queue", () => {
  it("says what is wrong before anything is put into the queue", async () => {
    const fails = (code: number, ...args: string[]) => program.fails(code, ...args);
    expect(await fails(2, "upscale", "in", "out", "--queue", "here")).toContain('--queue is "here": it must be like redis://');
    expect(await fails(5, "upscale", "in", "out", "--queue", "redis://127.0.0.1:1")).toContain("is not there (ECONNREFUSED)");
    expect(await fails(2, "upscale", "in", "out", ...workers.queue, "--part", "1/2")).toContain("give --part or --queue");
    expect(await fails(2, "upscale", "in", "out", ...workers.queue, "--threads", "1")).toContain("give it to sftgan worker");
    expect(await fails(2, "upscale", "in", "out", "--root", ".")).toContain("--root goes with --queue");
    expect(await fails(2, "upscale", "in", "out", ...workers.queue, "--root", "in")).toContain("lies outside of the root");
    expect(await fails(2, "upscale", "in/0.png", "-", ...workers.queue)).toContain("give paths");
    expect(await fails(2, "worker", ...workers.queue, "--root", "nowhere")).toContain('--root "nowhere" is no folder');
    expect(await fails(2, "worker", "--root", ".")).toContain("--queue URL is needed");
    expect(await fails(2, "worker", ...workers.queue, "--root", ".", "--threads", "1000")).toContain("are more than the");
    expect(await fails(2, "worker", ...workers.queue, "--root", ".", "--device", "wasm", "--stall", "29")).toContain(
      "from 30 to",
    );
    expect(await fails(2, "queue", "start", ...workers.queue)).toContain("must be one of status, attach, retry, cancel");
  });
});
