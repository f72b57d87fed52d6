import { describe, expect, it, vi } from "vitest";
import { unlessAborted } from "../src/abort";

/** A signal that knows how many listen. */
function watched() {
  const controller = new AbortController();
  const { signal } = controller;
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  const listening = () => added.mock.calls.filter(([, heard]) => !removed.mock.calls.some(([, gone]) => gone === heard)).length;
  return { controller, signal, added, listening };
}

describe("Waiting that a signal ends", () => {
  it("leaves nothing on the signal, whether the work ends well or fails", async () => {
    const { signal, added, listening } = watched();
    expect(await unlessAborted(Promise.resolve(5), signal)).toBe(5);
    await expect(unlessAborted(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
    expect(added).toHaveBeenCalledTimes(2);
    expect(listening()).toBe(0);
  });

  it("ends with undefined at once when it aborts, and where it has", async () => {
    const { controller, signal, listening } = watched();
    const waiting = unlessAborted(new Promise(() => {}), signal);
    controller.abort();
    expect(await waiting).toBeUndefined();
    expect(await unlessAborted(new Promise(() => {}), signal)).toBeUndefined();
    expect(listening()).toBe(0);
  });
});
