/** One queue, one restart, one cancel: with a made-up session, whose backend does as it is told. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Job, Runner, type Session } from "../../src/engine/runner";
import type { RunResult } from "../../src/graph/running";

class Fake implements Session {
  readonly executor = { broken: false };
  readonly gone = new AbortController();
  readonly lost = this.gone.signal;
  abandon = vi.fn();
  close = vi.fn();
  isLost = () => this.lost.aborted;
}

const result = (name: string): RunResult => ({ outputs: new Map([[name, {}]]), errors: new Map() });
const names = (run: RunResult | undefined) => run && [...run.outputs.keys()];
const open = () => new AbortController().signal;
const turn = () => new Promise((resolve) => setTimeout(resolve));

let sessions: Fake[];
let notices: string[];
let starting: (() => Promise<void>) | undefined;
const runnerOf = () =>
  new Runner<Fake>({
    async start() {
      await starting?.();
      sessions.push(new Fake());
      return sessions.at(-1)!;
    },
    notice: (message) => notices.push(message),
  });
beforeEach(() => {
  sessions = [];
  notices = [];
  starting = undefined;
});
/** Ends when it is told to, or is stopped. */
function slow(name: string) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const begin = vi.fn();
  const job: Job<Fake> = {
    begin,
    compute: (_, signal) =>
      new Promise((resolve, reject) => {
        void ended.then(() => resolve(result(name)));
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  return { job, begin, end: () => end() };
}

describe("Runs", () => {
  it("leave nothing on the signal that stops them, which is one for a whole folder", async () => {
    const runner = runnerOf();
    const stop = open();
    const added = vi.spyOn(stop, "addEventListener");
    const removed = vi.spyOn(stop, "removeEventListener");
    for (const name of ["one", "two", "three"]) await runner.run({ compute: async () => result(name) }, stop);
    await turn();
    const gone = removed.mock.calls.map(([, listener]) => listener);
    expect(added).toHaveBeenCalled();
    expect(added.mock.calls.filter(([, listener]) => !gone.includes(listener))).toEqual([]);
  });

  it("take turns, on one session", async () => {
    const runner = runnerOf();
    const [one, two] = [slow("one"), slow("two")];
    const both = [runner.run(one.job, open()), runner.run(two.job, open())];
    await turn();
    expect([one.begin.mock.calls.length, two.begin.mock.calls.length]).toEqual([1, 0]);
    one.end();
    two.end();
    expect((await Promise.all(both)).map(names)).toEqual([["one"], ["two"]]);
    expect(sessions).toHaveLength(1);
    await runner.close();
    expect(sessions[0]!.close).toHaveBeenCalledOnce();
  });

  it("go on after one that fails", async () => {
    const runner = runnerOf();
    const failing = runner.run({ compute: () => Promise.reject(new Error("no luck")) }, open());
    const next = runner.run({ compute: async () => result("next") }, open());
    await expect(failing).rejects.toThrow("no luck");
    expect(names(await next)).toEqual(["next"]);
  });
});

describe("Cancel", () => {
  it("works while the session is still starting, at once, and nothing is computed", async () => {
    let started = () => {};
    starting = () => new Promise((resolve) => (started = resolve));
    const runner = runnerOf();
    const [stop, compute] = [new AbortController(), vi.fn()];
    const run = runner.run({ compute }, stop.signal);
    await turn();
    stop.abort();
    expect(await run).toBeUndefined();
    expect(sessions).toHaveLength(0);
    started();
    expect(names(await runner.run({ compute: async () => result("next") }, open()))).toEqual(["next"]);
    expect(compute).not.toHaveBeenCalled();
    expect(sessions).toHaveLength(1);
  });

  it("works before the turn has come, without waiting for what is under way, and never begins", async () => {
    const runner = runnerOf();
    const [one, two, stop] = [slow("one"), slow("two"), new AbortController()];
    const [first, second] = [runner.run(one.job, open()), runner.run(two.job, stop.signal)];
    stop.abort();
    expect(await second).toBeUndefined();
    one.end();
    expect(names(await first)).toEqual(["one"]);
    expect(two.begin).not.toHaveBeenCalled();
    const early = new AbortController();
    early.abort();
    expect(await runner.run(two.job, early.signal)).toBeUndefined();
  });

  it("stops what is under way, and waits for its end", async () => {
    const runner = runnerOf();
    const stop = new AbortController();
    let ended = false;
    const compute = (_: Fake, signal: AbortSignal) =>
      new Promise<RunResult>((_, reject) =>
        signal.addEventListener("abort", () =>
          setTimeout(() => {
            ended = true;
            reject(signal.reason);
          }, 5),
        ),
      );
    const run = runner.run({ compute }, stop.signal);
    await turn();
    stop.abort();
    expect(await run).toBeUndefined();
    expect(ended).toBe(true);
  });
});

describe("A backend that fails", () => {
  it("is replaced and the run repeated, once where memory ran out", async () => {
    const runner = runnerOf();
    const compute = vi.fn(async (session: Fake) => {
      session.executor.broken = true;
      return result("broken");
    });
    expect(names(await runner.run({ compute }, open()))).toEqual(["broken"]);
    expect(compute).toHaveBeenCalledTimes(2);
    expect(sessions.map(({ abandon }) => abandon.mock.calls.length)).toEqual([1, 1]);
    expect(notices).toEqual(["The memory ran out: the engine is started again and the run is repeated."]);
    expect(names(await runner.run({ compute: async () => result("well") }, open()))).toEqual(["well"]);
    expect(sessions).toHaveLength(3);
  });

  it("is replaced until it has been lost three times in one run", async () => {
    const runner = runnerOf();
    const compute = (session: Fake, signal: AbortSignal) => {
      session.gone.abort();
      return Promise.reject<RunResult>(signal.reason);
    };
    await expect(runner.run({ compute }, open())).rejects.toThrow("the graphics context was lost 3 times in one run");
    expect(sessions).toHaveLength(3);
    expect(notices).toHaveLength(2);
  });

  it("is let go of where it is lost between runs, and the next run has another", async () => {
    const runner = runnerOf();
    await runner.run({ compute: async () => result("one") }, open());
    sessions[0]!.gone.abort();
    expect(sessions[0]!.abandon).toHaveBeenCalledOnce();
    expect(await runner.opened()).toBeUndefined();
    await runner.run({ compute: async () => result("two") }, open());
    expect(sessions).toHaveLength(2);
  });

  it("that does not start is said, and tried again by the next run", async () => {
    const runner = runnerOf();
    starting = () => Promise.reject(new Error("no backend"));
    await expect(runner.run({ compute: async () => result("one") }, open())).rejects.toThrow("no backend");
    starting = undefined;
    expect(names(await runner.run({ compute: async () => result("one") }, open()))).toEqual(["one"]);
  });
});
