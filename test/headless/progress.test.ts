/** How far a command is, as a terminal and as a log show it. */
import { describe, expect, it } from "vitest";
import { Progress, rateText } from "../../src/headless/progress";

/** A stream that keeps what is written, and a clock that is set. */
function screen(isTTY: boolean) {
  const written: string[] = [];
  const clock = { at: 0 };
  const stream = { isTTY, columns: 100, hasColors: () => false, write: (text: string) => written.push(text) };
  return { written, clock, options: { stream: stream as unknown as NodeJS.WriteStream, now: () => clock.at } };
}

describe("Progress", () => {
  it("shows how many of how many, the pace of those that were computed, and the time left", () => {
    const { written, clock, options } = screen(true);
    const progress = new Progress(100, options);
    for (let i = 0; i < 40; i++) progress.finished(false); // they were there already
    progress.show("a.jpg", 0);
    expect(written.at(-1)).toMatch(/█{10}░{14} 40 of 100 {2}a\.jpg$/);
    for (let i = 0; i < 4; i++) {
      clock.at += 10_000;
      progress.finished(true);
    }
    clock.at += 5000;
    progress.show("b\u001b[31m.jpg", 0.5);
    expect(written.at(-1)).toMatch(/ 44 of 100 {2}6\.0 a minute {2}9 min left {2}b�\[31m\.jpg$/);
    progress.clear();
    expect(written.at(-1)).toBe("\r\u001b[K");
    progress.clear();
    expect(written).toHaveLength(3);
  });

  it("shows of one picture how much is done, and is no wider than the terminal", () => {
    const { written, options } = screen(true);
    new Progress(1, options).show("x".repeat(200), 0.5);
    expect(written[0]).toMatch(/█{12}░{12} {2}50 % {2}x+$/);
    expect(written[0]!.length).toBe("\r\u001b[K".length + 99);
  });

  it("writes a plain line now and then where there is no terminal, and nothing where it is to be quiet", () => {
    const { written, clock, options } = screen(false);
    const [log, quiet, one] = [new Progress(9, options), new Progress(9, { ...options, quiet: true }), new Progress(1, options)];
    for (; clock.at <= 60_000; clock.at += 1000)
      for (const progress of [log, quiet, one]) {
        progress.show("a.jpg", 0.25);
        if (clock.at === 30_000) progress.finished(true);
        progress.clear();
      }
    expect(written).toEqual(["sftgan: 0 of 9\n", "sftgan: 1 of 9, 1.3 a minute, 6 min left\n"]);
  });

  it("says paces as people do", () => {
    expect([0.2, 1, 9.96, 34.4].map(rateText)).toEqual(["12.0 an hour", "1.0 a minute", "10.0 a minute", "34 a minute"]);
  });
});
