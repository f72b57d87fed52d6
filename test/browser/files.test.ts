import { clear, createStore, keys, set } from "idb-keyval";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { FileStore } from "../../src/browser/files";
import { openStorage } from "../../src/browser/storage";
import { sha256 } from "../../src/graph/file";
import { FAILING, TOLD } from "./storage-fakes";

const store = createStore("litegraph-sftgan", "files");
beforeEach(() => clear(store));

const file = (value: number) => new Uint8Array(10).fill(value);
const kept = async () => (await keys(store)).filter((key) => key !== "index").sort();
const hashes = async (...values: number[]) => (await Promise.all(values.map((value) => sha256(file(value))))).sort();

describe("The user's files", () => {
  it("go when there are too many bytes of them, the least recently used first", async () => {
    const files = new FileStore({ stored: 35 });
    const refs = [];
    const clock = vi.spyOn(Date, "now").mockReturnValue(0);
    onTestFinished(() => clock.mockRestore());
    for (const value of [1, 2, 3]) {
      clock.mockReturnValue(value);
      refs.push(await files.add(file(value), "a"));
    }
    clock.mockReturnValue(4);
    expect(await files.read(refs[0]!)).toEqual(file(1));
    clock.mockReturnValue(5);
    const last = await files.add(file(4), "d");
    expect(await kept()).toEqual(await hashes(1, 3, 4));
    expect(await files.read(refs[1]!)).toBeUndefined();
    expect(await new FileStore().read(last)).toEqual(file(4));
  });

  it("count once, however often they are added", async () => {
    const files = new FileStore({ stored: 20 });
    for (const value of [1, 1, 2, 1]) await files.add(file(value), "a");
    expect(await kept()).toEqual(await hashes(1, 2));
  });

  it("of a store without an index count too, and go first", async () => {
    for (const value of [1, 2]) await set(await sha256(file(value)), file(value), store);
    await new FileStore({ stored: 20 }).add(file(3), "a");
    const now = await kept();
    expect(now).toHaveLength(2);
    expect(now).toContain((await hashes(3))[0]);
  });

  it("that are too large to be stored are there for this visit", async () => {
    const files = new FileStore({ file: 9 });
    const ref = await files.add(file(1), "a");
    expect(await kept()).toEqual([]);
    expect(await files.read(ref)).toEqual(file(1));
    expect(await new FileStore().read(ref)).toBeUndefined();
  });
});

describe.each(Object.keys(FAILING))("In a storage that is %s, files", (kind) => {
  it("are there for this visit, and the user is told once", async () => {
    const told: string[] = [];
    const storage = openStorage("a", "b", (notice) => told.push(notice), { open: 50, act: 50 }, FAILING[kind]);
    const files = new FileStore({}, () => {}, storage);
    const refs = [await files.add(file(1), "a"), await files.add(file(2), "b")];
    expect(await files.read(refs[0]!)).toEqual(file(1));
    expect(await files.read(refs[1]!)).toEqual(file(2));
    expect(await files.read({ name: "c", sha256: "00" })).toBeUndefined();
    expect(told).toEqual([expect.stringMatching(TOLD[kind]!)]);
  });
});

describe("Passing files", () => {
  it("are never stored, and go when others come, the least recently used first", async () => {
    const files = new FileStore({ passing: 25 });
    const add = (value: number) => files.add(file(value), "frame.png", { keep: false });
    const [first, second] = [await add(1), await add(2)];
    expect(await files.read(first)).toEqual(file(1));
    const third = await add(3);
    expect(await files.read(second)).toBeUndefined();
    expect(await files.read(first)).toEqual(file(1));
    expect(await files.read(third)).toEqual(file(3));
    const large = await files.add(new Uint8Array(100), "frame.png", { keep: false });
    expect(await files.read(large)).toHaveLength(100);
    expect(await files.read(third)).toBeUndefined();
    expect(await keys(store)).toEqual([]);
  });
});
