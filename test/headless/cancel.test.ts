/** Signals that ask the program to stop. */
import { afterEach, expect, it, vi } from "vitest";
import { cancellation, GRACE } from "../../src/headless/cancel";

const listeners = () => [process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")];

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("aborts at the first, leaves the second to the operating system, and ends what does not stop", () => {
  vi.useFakeTimers();
  const complaint = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const before = listeners();
  const exit = vi.fn();
  const signal = cancellation(exit);
  expect(listeners()).toEqual(before.map((count) => count + 1));
  process.listeners("SIGTERM").at(-1)!("SIGTERM");
  expect(signal.aborted).toBe(true);
  expect(listeners()).toEqual(before);
  vi.advanceTimersByTime(GRACE - 1);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(exit.mock.calls).toEqual([[130]]);
  expect(complaint.mock.calls).toEqual([["sftgan: cancelled\n"]]);
});
