/** Three steps for each of many, one ahead and one behind. */
import { expect, it, vi } from "vitest";
import { pipeline, type Steps } from "../../src/headless/pipeline";

/** Steps that end when they are told to, and what has begun and ended so far. */
function controlled() {
  const log: string[] = [];
  const waiting = new Map<string, { end(): void; fail(error: Error): void }>();
  const step = (name: string) => (item: string) =>
    new Promise<void>((resolve, reject) => {
      log.push(`${name} ${item}`);
      waiting.set(`${name} ${item}`, { end: resolve, fail: reject });
    });
  const failed = vi.fn<Steps<string, void, void>["failed"]>();
  const steps = { before: step("before"), during: step("during"), after: step("after"), failed };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  /** Lets a step end, or fail, and says what has begun since. */
  const end = async (name: string, error?: Error) => {
    const from = log.length;
    if (error) waiting.get(name)!.fail(error);
    else waiting.get(name)!.end();
    await turn();
    return log.slice(from);
  };
  return { steps, log, end, failed };
}

it("has the next one's first step and the last one's last while one is in the middle, and no more", async () => {
  const { steps, log, end } = controlled();
  const all = pipeline(["a", "b", "c"], steps);
  expect(log).toEqual(["before a"]);
  expect(await end("before a")).toEqual(["before b", "during a"]);
  expect(await end("before b")).toEqual([]);
  expect(await end("during a")).toEqual(["after a", "before c", "during b"]);
  expect(await end("before c")).toEqual([]);
  expect(await end("during b")).toEqual([]); // "a" is still in its last step
  expect(await end("after a")).toEqual(["after b", "during c"]);
  expect(await end("during c")).toEqual([]);
  expect(await end("after b")).toEqual(["after c"]);
  await end("after c");
  await all;
});

it("says of each which one failed, in whatever step, in their order, and goes on with the others", async () => {
  const order: string[] = [];
  const step = (name: string) => async (item: string) => {
    if (item === name) throw new Error(name);
  };
  await pipeline(["before", "during", "after", "none"], {
    before: step("before"),
    during: step("during"),
    after: async (item) => {
      await step("after")(item);
      order.push(item);
    },
    failed: (item, error) => void order.push(`${item}: ${(error as Error).message}`),
  });
  expect(order).toEqual(["before: before", "during: during", "after: after", "none"]);
});

it("ends where a failure ends everything, when nothing is under way any more", async () => {
  const { steps, log, end, failed } = controlled();
  failed.mockImplementation((_, error) => {
    throw error;
  });
  const ended = vi.fn();
  const all = pipeline(["a", "b", "c", "d"], steps).catch(ended);
  await end("before a");
  await end("before b");
  await end("during a");
  await end("after a", new Error("the disk is full"));
  expect(await end("during b")).toEqual([]);
  expect(ended).not.toHaveBeenCalled(); // "c" is still in its first step
  await end("before c");
  await all;
  expect(ended).toHaveBeenCalledWith(new Error("the disk is full"));
  expect(log).not.toContain("during c");
});

it("has nothing to do for nothing", async () => {
  const { steps, log } = controlled();
  await pipeline([], steps);
  expect(log).toEqual([]);
});
