import { expect, it } from "vitest";
import { noteRun, wasInterrupted } from "../../src/editor/interrupted";

it("a page knows once that the one before it was left in the midst of a run, and of one that has ended nothing", () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  noteRun(true, storage);
  expect([wasInterrupted(storage), wasInterrupted(storage)]).toEqual([true, false]);
  noteRun(true, storage);
  noteRun(false, storage);
  expect(wasInterrupted(storage)).toBe(false);
});

it("a browser that keeps nothing is no trouble", () => {
  const none = (): never => {
    throw new Error("denied");
  };
  noteRun(true, none);
  expect(wasInterrupted(none)).toBe(false);
});
