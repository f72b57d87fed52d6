/** An engine and what of our kernels is right on its GPU, and when they are tried. */
import { clear } from "idb-keyval";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openChoices } from "../../src/browser/choices";
import { CALM_MS, type CoreOptions } from "../../src/browser/core";
import { KernelsOnWebGL } from "../../src/browser/kernels";
import type { EngineStatus } from "../../src/browser/protocol";
import { withDriver } from "../driver";
import { coreOf, type HeardCore, METRICS, record, sixStages, tinyAssets } from "./engine";

afterEach(() => vi.restoreAllMocks());

async function withCore<T>(options: CoreOptions, work: (core: HeardCore) => Promise<T>): Promise<T> {
  const core = coreOf({ asset: await tinyAssets(), ...options });
  try {
    return await work(core);
  } finally {
    await core.close();
  }
}

describe("An engine", () => {
  it("gives the same picture by every driver, and says which of our kernels one computes wrong", async () => {
    const run = (options: CoreOptions = {}) =>
      withCore(options, async (core) => {
        await clear(openChoices());
        const events = record(core);
        const { errors, values } = await core.run(sixStages({ blocks: 1, limit: 32 }));
        expect(errors).toEqual({});
        const status = await vi.waitUntil(() =>
          events.findLast((event): event is EngineStatus & { kind: "status" } => event.kind === "status" && !event.busy),
        );
        return { psnr: values[METRICS]!.psnr as number, status };
      });
    const expected = await run({ backend: "wasm" });
    const right = await run();
    const wrong = await withDriver(/sum5 \+= m1 \* y1;/, "sum5 += 0.5 * (m1 * y1);", () =>
      withDriver(/tap\.g \* pairAt/, "0.5 * tap.g * pairAt", () => withDriver(/return dot\(y, y\);/, "return 0.0;", () => run())),
    );
    await clear(openChoices());
    expect(expected.psnr).toBeGreaterThan(0);
    for (const { psnr } of [right, wrong]) expect(psnr).toBeCloseTo(expected.psnr, 3);
    expect([right.status.segment, wrong.status.segment]).toEqual(["general", "stock"]);
    expect([right.status.wrong, [...wrong.status.wrong!].sort()]).toEqual([undefined, ["general", "resample", "squares"]]);
  });

  it("tries kernels once nothing has run for a while, as long as nothing else does, and not once it is closed", async () => {
    const waiting = new Map<unknown, () => void>();
    const { setTimeout: wait, clearTimeout: stop } = globalThis;
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((act: () => void, ms?: number) => {
      const timer = wait(ms === CALM_MS ? () => {} : act, ms);
      if (ms === CALM_MS) waiting.set(timer, act);
      return timer;
    }) as typeof setTimeout);
    vi.spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
      waiting.delete(timer);
      stop(timer);
    });
    const decide = vi.spyOn(KernelsOnWebGL.prototype, "decide").mockResolvedValue();
    await withCore({}, async (core) => {
      await core.run(sixStages({ blocks: 1 }));
      await core.run(sixStages());
      expect([waiting.size, decide.mock.calls.length]).toEqual([1, 0]);
      const events = record(core);
      for (const act of waiting.values()) act();
      const isCalm = decide.mock.calls[0]![0];
      expect(isCalm()).toBe(true);
      await expect.poll(() => events.map(({ kind }) => kind)).toContain("status");
      const run = core.run(sixStages({ blocks: 1 }), [METRICS]);
      expect(isCalm()).toBe(false);
      await run;
      expect(isCalm()).toBe(true);
      await core.close();
      expect([isCalm(), decide.mock.calls.length, waiting.size]).toEqual([false, 1, 0]);
    });
  });
});
