/** What of a list of photos outlives its page: files, states, results that are not handed over yet. */
import type { UseStore } from "idb-keyval";
import { expect, it } from "vitest";
import { KeptList } from "../../../src/editor/batch/kept";
import { type Photo, type PhotoState, WAITING } from "../../../src/editor/batch/photo";
import { FAILING, memory } from "../../browser/storage-fakes";

const photo = (id: number, content: string, state: PhotoState = WAITING): Photo => ({
  id,
  path: `${content}.jpg`,
  file: new File([content], `${content}.jpg`),
  state,
});
const done = (name: string): PhotoState => ({ kind: "done", name, bytes: 3, ms: 1, size: "", warnings: [] });
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
const open = (store: UseStore, owner = "tab", claimable: readonly string[] = [], most?: number) =>
  new KeptList(owner, async (other) => claimable.includes(other), store, most);
const restored = async (list: KeptList) => {
  const found = await list.restore();
  if (!found) return undefined;
  const photos = found.photos.map(({ id, path, state }) => `${id} ${path} ${state.kind}`);
  const results = await Promise.all(found.results.map(async ({ path, file }) => `${path} ${await file.text()}`));
  return { ...found, photos, results };
};

/** Two of three are done, one of them noted. */
async function interrupted(store: UseStore, most?: number): Promise<KeptList> {
  const list = open(store, "tab", [], most);
  const photos = [photo(1, "a"), photo(2, "b"), photo(3, "c")];
  list.note(photos);
  list.begin(undefined);
  list.result("a.png", new TextEncoder().encode("AAA"));
  photos[0]!.state = done("a.png");
  list.note(photos, photos[0]);
  list.result("b.png", new TextEncoder().encode("BBB"));
  photos[1]!.state = { kind: "running", fraction: 0.5, at: "" };
  list.note(photos, photos[1]);
  await settle();
  return list;
}

it("A page that is loaded again has the photos, how far each is, and the results that belong to them", async () => {
  const store = memory();
  expect((await interrupted(store)).isWhole).toBe(true);
  expect(await restored(open(store))).toMatchObject({
    photos: ["1 a.jpg done", "2 b.jpg waiting", "3 c.jpg waiting"],
    results: ["a.png AAA"],
    missing: 0,
    isUnderWay: true,
    isOwn: true,
  });
});

it("Results that were handed over are kept no more, and nothing is once all is done or the list is cleared", async () => {
  const store = memory();
  const list = await interrupted(store);
  list.handedOver();
  await settle();
  expect(await restored(open(store))).toMatchObject({ results: [], isUnderWay: true });
  list.note([photo(1, "a", done("a.png"))]);
  list.end();
  await settle();
  expect(await restored(open(store))).toBeUndefined();
  (await interrupted(store)).note([]);
  await settle();
  expect(await restored(open(store))).toBeUndefined();
});

it("Another page takes over what was under way in a tab that is gone, and leaves alone what another tab has", async () => {
  const store = memory();
  await interrupted(store);
  expect(await restored(open(store, "other"))).toBeUndefined();
  const found = await restored(open(store, "other", ["tab"]));
  expect(found).toMatchObject({ isOwn: false, results: ["a.png AAA"] });
  const idle = open(store, "left");
  idle.note([photo(1, "z")]);
  await settle();
  expect(await restored(open(store, "new", ["left"]))).toBeUndefined();
  expect(await restored(open(store, "left"))).toBeUndefined();
});

it("What there is no room for is told: its photos are to be added again, its results computed again", async () => {
  const store = memory();
  const list = await interrupted(store, 5); // three photos of a byte, and no result of three
  expect(list.isWhole).toBe(true);
  expect(await restored(open(store))).toMatchObject({ photos: expect.arrayContaining(["1 a.jpg waiting"]), results: [] });
  const tight = open(memory(), "tab", [], 2);
  tight.note([photo(1, "a"), photo(2, "b"), photo(3, "c")]);
  expect(tight.isWhole).toBe(false);
});

it.each(Object.keys(FAILING).filter((kind) => !["silent", "mute"].includes(kind)))(
  "Where the storage is %s the list goes with the page, and nothing else fails",
  async (kind) => {
    const list = await interrupted(FAILING[kind]!);
    expect(list.isWhole).toBe(false);
    expect(await restored(list)).toBeUndefined();
  },
);
