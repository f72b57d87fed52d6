/** What goes from one process to the other through a file. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, expect, it, vi } from "vitest";
import { readShared, SharedFile } from "../../../src/headless/native/shared-file";

const bytes = (value: number, count: number) => new Uint8Array(count).fill(value);
const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith("sftgan-") && name.length === 43); // a random name

afterEach(() => void vi.unstubAllEnvs());

it("holds what was written until it is forgotten, takes its place again, and is seen by nobody else", () => {
  const names = ours();
  const file = SharedFile.create()!;
  expect(ours()).toEqual(names);
  const [one, two, three] = [1, 2, 3].map((value) => file.write(bytes(value, 1000 * value))!);
  expect([one, two, three]).toEqual([
    { at: 0, bytes: 1000 },
    { at: 1000, bytes: 2000 },
    { at: 3000, bytes: 3000 },
  ]);
  file.forget(two!);
  expect(file.write(bytes(4, 1500))).toEqual({ at: 1000, bytes: 1500 });
  expect(file.write(bytes(5, 501))).toEqual({ at: 6000, bytes: 501 });
  expect(file.write(bytes(6, 500))).toEqual({ at: 2500, bytes: 500 });
  for (const [written, value] of [
    [one!, 1],
    [{ at: 1000, bytes: 1500 }, 4],
    [{ at: 2500, bytes: 500 }, 6],
    [three!, 3],
  ] as const)
    expect(readShared(file.descriptor, written)).toEqual(bytes(value, written.bytes));
  for (const at of [0, 1000, 2500, 3000, 6000]) file.forget({ at, bytes: 0 });
  expect(() => readShared(file.descriptor, one!), "nothing is kept").toThrow("cut short");
  file.close();
  expect(file.write(bytes(7, 10)), "no room").toBeUndefined();
});

it("is not there where no file can be made", () => {
  vi.stubEnv("TMPDIR", "/proc/nowhere");
  expect(SharedFile.create()).toBeUndefined();
});
