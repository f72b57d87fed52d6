/** What following a batch makes of what others do to it meanwhile. */
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "bullmq";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { startRedis } from "../../../scripts/redis.mjs";
import { BatchReport } from "../../../src/headless/batch-report";
import { Batches } from "../../../src/headless/queue/batches";
import { follow } from "../../../src/headless/queue/follow";
import { recipeText } from "../../../src/headless/queue/job";
import { addressOf } from "../../../src/headless/queue/server";

let redis: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
afterEach(() => void vi.useRealTimers());

describe("follow", () => {
  it("ends with the pictures that are left where the batch is planned again without some", async () => {
    const batches = await Batches.open(addressOf(redis.url, {}));
    const recipe = recipeText({});
    const job = (name: string) => ({ from: `in/${name}`, to: `out/${name}`, size: 1, recipe: recipe.hash });
    const batch = { id: "00000001", inputs: ["in"], out: "out" };
    await batches.add(batch, recipe, ["a.png", "b.png", "c.png"].map(job));
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }); // it looks at all jobs once in 20 s
    const report = new BatchReport(3, { quiet: true });
    const { signal } = new AbortController();
    let how: string | undefined;
    const followed = follow(batches, batch, { report, since: "0-0", shown: (way) => way, signal }).then((ended) => {
      how = ended;
    });
    await expect.poll(() => vi.getTimerCount()).toBe(1);
    await batches.add(batch, recipe, [job("a.png")]);
    const skip = async () => ({ kind: "skipped" });
    const worker = new Worker("sftgan", skip, { connection: { url: redis.url }, skipVersionCheck: true });
    for (let looks = 0; looks < 100 && how === undefined; looks++) {
      vi.advanceTimersByTime(2000);
      await delay(50);
    }
    expect(how).toBe("done");
    expect(report.counts).toMatchObject({ done: 0, skipped: 1, failed: 0 });
    await followed;
    await worker.close();
    await batches.close();
  });
});
