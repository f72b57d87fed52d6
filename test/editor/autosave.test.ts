/** The kept graph, where the browser's storage works and where it does not. */
import type { UseStore } from "idb-keyval";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openStorage } from "../../src/browser/storage";
import { type Autosave, createAutosave } from "../../src/editor/autosave";
import { FAILING, memory, TOLD } from "../browser/storage-fakes";

const tab = new Map<string, string>();

beforeEach(() => {
  tab.clear();
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("navigator", {}); // no locks, as on a page over plain http
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => tab.get(key) ?? null,
    setItem: (key: string, value: string) => void tab.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

const keep = async (autosave: Autosave, title: string): Promise<void> => {
  autosave.save(title, () => `{"of":"${title}"}`);
  autosave.flush();
  await new Promise((resolve) => setTimeout(resolve));
};

describe("A kept graph", () => {
  it("is found again by its tab, and listed in others", async () => {
    const store = memory();
    const told: string[] = [];
    const open = () => createAutosave((notice) => told.push(notice), store);
    const first = await open();
    await keep(first, "one");
    expect(await first.recent()).toEqual([]);
    const own = new Map(tab);
    tab.clear();
    const second = await open();
    await keep(second, "two");
    expect((await second.recent()).map(({ title }) => title)).toEqual(["one"]);
    expect(await second.restore()).toMatchObject({ title: "two", text: '{"of":"two"}' });
    expect(own).not.toEqual(tab);
    expect(told).toEqual([]);
  });

  it("belongs to one tab: a duplicate, which starts with the other's name, takes one of its own, without locks too", async () => {
    const store = memory();
    await createAutosave(() => {}, store);
    const [first] = tab.values();
    await createAutosave(() => {}, store);
    expect([...tab.values()]).not.toEqual([first]);
  });
});

describe.each(Object.keys(FAILING))("A storage that is %s", (kind) => {
  it("keeps nothing, says so once, and holds nothing up", async () => {
    const told: string[] = [];
    const store = openStorage("a", "b", (notice) => told.push(notice), { open: 20, act: 20 }, FAILING[kind]);
    const autosave = await createAutosave(() => {}, store);
    expect(await autosave.restore()).toBeUndefined();
    await keep(autosave, "one");
    expect(await autosave.recent()).toEqual([]);
    expect(told).toEqual([expect.stringMatching(TOLD[kind]!)]);
  });
});

describe("A storage that answers late", () => {
  it("is not written over, and is used again once it answers", async () => {
    const store = memory();
    const before = await createAutosave(() => {}, store);
    await keep(before, "before");
    let answer = (): void => {};
    const late: UseStore = (mode, act) =>
      new Promise<void>((resolve) => {
        answer = resolve;
      }).then(() => store(mode, act));
    let isLate = true;
    const told: string[] = [];
    const patient = openStorage(
      "a",
      "b",
      (notice) => told.push(notice),
      { open: 20, act: 20 },
      (mode, act) => (isLate ? late(mode, act) : store(mode, act)),
    );
    vi.stubGlobal(
      "BroadcastChannel",
      class {
        postMessage() {}
      },
    ); // the tab of before is gone
    const after = await createAutosave(() => {}, patient);
    expect(await after.restore()).toBeUndefined();
    isLate = false;
    answer();
    await new Promise((resolve) => setTimeout(resolve));
    await keep(after, "after");
    expect((await after.recent()).map(({ title }) => title)).toEqual(["before"]);
    expect(told).toHaveLength(1);
  });
});
