/**
 * A list of photos that outlives its page: the files, how far each is, and results that are not handed over yet, in the browser's
 * storage under the name of the tab. A page loaded again, or a later one where that tab is gone, goes on from there. Where the
 * storage does not work or has no more room, the list goes with the page.
 */
import { del, delMany, get, keys, set, type UseStore } from "idb-keyval";
import { openStorage } from "../../browser/storage";
import type { Folder } from "./folder";
import { type Photo, type PhotoState, WAITING } from "./photo";

/** A result that belongs into a .zip that was not handed over. */
export interface Result {
  readonly path: string;
  readonly file: Blob;
}

export interface Restored {
  readonly photos: readonly Photo[];
  /** How many of those that are not done were not kept. */
  readonly missing: number;
  readonly results: readonly Result[];
  /** A batch was under way, into this folder, or into a .zip. */
  readonly isUnderWay: boolean;
  readonly folder?: Folder | undefined;
  /** It is that of this tab, and of no other. */
  readonly isOwn: boolean;
}

/** What is stored under the owner's name; files and results are beside it, under names that begin with it. */
interface List {
  readonly isUnderWay: boolean;
  readonly folder?: Folder | undefined;
  /** Results of photos that are done and could not be kept. */
  readonly lost: readonly string[];
  readonly photos: readonly { readonly id: number; readonly path: string; readonly state: PhotoState }[];
}

/** Bytes of photos and results that are kept. */
const MOST_BYTES = 4 * 2 ** 30;
/** Photos may be large and a disk slow. */
const PATIENCE = { open: 3000, act: 60_000 };

export class KeptList {
  #owner: string;
  /** One after another, so that what is written last holds. */
  #work: Promise<unknown> = Promise.resolve();
  #isBroken = false;
  #bytes = 0;
  /** Sizes of the photos that are kept, by id. */
  readonly #files = new Map<number, number>();
  #unkept = new Set<number>();
  /** Sizes of the results that are kept, by their keys. */
  #results = new Map<string, number>();
  #lost: string[] = [];
  #count = 0;
  #under: Pick<List, "isUnderWay" | "folder"> = { isUnderWay: false };
  #photos: readonly Photo[] = [];

  /** `claim` takes the name of a tab that is gone; false where it is not. */
  constructor(
    owner: string,
    private readonly claim: (owner: string) => Promise<boolean>,
    private readonly store: UseStore = openStorage("sftgan-batch", "photos", () => {}, PATIENCE),
    private readonly mostBytes = MOST_BYTES,
  ) {
    this.#owner = owner;
  }

  /** All that is listed outlives the page. */
  get isWhole(): boolean {
    return !this.#isBroken && this.#unkept.size === 0;
  }

  /** The list is another, or of one photo (`one`) it is known what has become of it. */
  note(photos: readonly Photo[], one?: Photo): void {
    this.#photos = photos;
    if (one) {
      if (one.state.kind !== "running") this.#write();
      return;
    }
    if (photos.length === 0) {
      this.#clear();
      return;
    }
    const listed = new Set(photos.map(({ id }) => id));
    const gone = [...this.#files.keys()].filter((id) => !listed.has(id));
    for (const id of gone) {
      this.#bytes -= this.#files.get(id)!;
      this.#files.delete(id);
    }
    if (gone.length) this.#do(() => delMany(gone.map(this.#fileKey), this.store));
    this.#unkept = new Set();
    for (const photo of photos) if (!this.#files.has(photo.id)) this.#keep(photo);
    this.#write();
  }

  #keep({ id, file }: Photo): void {
    if (this.#bytes + file.size > this.mostBytes) {
      this.#unkept.add(id);
      return;
    }
    this.#bytes += file.size;
    this.#files.set(id, file.size);
    this.#do(() =>
      set(this.#fileKey(id), file, this.store).catch(() => {
        this.#unkept.add(id); // it has changed since it was chosen, or there is no room
      }),
    );
  }

  begin(folder: Folder | undefined): void {
    this.#under = { isUnderWay: true, folder };
    this.#write();
  }
  /** Where all is done nothing needs to be kept. */
  end(): void {
    this.#under = { isUnderWay: false };
    if (this.#photos.every(({ state }) => state.kind === "done")) this.#clear();
    else this.#write();
  }

  /** A result that is in a .zip under this name. To be called before its photo is noted. */
  result(path: string, bytes: Uint8Array): void {
    if (this.#bytes + bytes.length > this.mostBytes) {
      this.#lost.push(path);
      return;
    }
    this.#bytes += bytes.length;
    const key = `${this.#owner}/result/${String(++this.#count).padStart(9, "0")}`;
    this.#results.set(key, bytes.length);
    const result: Result = { path, file: new Blob([bytes as Uint8Array<ArrayBuffer>]) };
    this.#do(() => set(key, result, this.store).catch(() => this.#lost.push(path)));
  }
  /** The results so far are the user's. */
  handedOver(): void {
    const kept = this.#results;
    for (const bytes of kept.values()) this.#bytes -= bytes;
    this.#results = new Map();
    this.#lost = [];
    this.#do(() => delMany([...kept.keys()], this.store));
  }

  /** What the last page of this tab has left, or one whose tab is gone. */
  async restore(): Promise<Restored | undefined> {
    try {
      const all = (await keys<string>(this.store)).sort();
      const owners = all.filter((key) => !key.includes("/"));
      for (const owner of [this.#owner, ...owners.filter((one) => one !== this.#owner)]) {
        const list = owners.includes(owner) ? await get<List>(owner, this.store) : undefined;
        const isOwn = owner === this.#owner;
        if (!list || (!isOwn && !(await this.claim(owner)))) continue;
        const keysOf = (kind: string) => all.filter((key) => key.startsWith(`${owner}/${kind}/`));
        const files = new Map<string, File>();
        for (const key of keysOf("file")) files.set(key, (await get<File>(key, this.store))!);
        const results = new Map<string, Result>();
        for (const key of keysOf("result")) results.set(key, (await get<Result>(key, this.store))!);
        if (!isOwn && !list.isUnderWay && !results.size) {
          await delMany([owner, ...files.keys()], this.store); // listed, and left
          continue;
        }
        return this.#adopt(owner, list, files, results, isOwn);
      }
    } catch {
      this.#isBroken = true;
    }
    return undefined;
  }

  #adopt(owner: string, list: List, files: Map<string, File>, results: Map<string, Result>, isOwn: boolean): Restored {
    this.#owner = owner;
    this.#results = new Map([...results].map(([key, { file }]) => [key, file.size]));
    this.#count = Number([...results.keys()].at(-1)?.split("/").at(-1) ?? 0);
    this.#under = { isUnderWay: list.isUnderWay, folder: list.folder };
    const isLost = (state: PhotoState): boolean => state.kind === "done" && list.lost.includes(state.name);
    const listed = list.photos.map((one) => (isLost(one.state) ? { ...one, state: WAITING } : one));
    const photos = listed.flatMap((one): Photo[] => {
      const file = files.get(this.#fileKey(one.id));
      return file ? [{ ...one, file }] : [];
    });
    for (const { id, file } of photos) this.#files.set(id, file.size);
    this.#bytes = [...this.#files.values(), ...this.#results.values()].reduce((sum, size) => sum + size, 0);
    this.#photos = photos;
    // What was computed and not noted is computed anew.
    const done = new Set(listed.flatMap(({ state }) => (state.kind === "done" ? [state.name] : [])));
    const missing = listed.filter(({ id, state }) => state.kind !== "done" && !this.#files.has(id)).length;
    return { photos, missing, results: [...results.values()].filter(({ path }) => done.has(path)), ...this.#under, isOwn };
  }

  readonly #fileKey = (id: number): string => `${this.#owner}/file/${id}`;

  #write(): void {
    const photos = this.#photos.map(({ id, path, state }) => ({ id, path, state: state.kind === "running" ? WAITING : state }));
    const under = this.#under;
    this.#do(async () => {
      const list: List = { ...under, lost: this.#lost, photos };
      try {
        await set(this.#owner, list, this.store);
      } catch (error) {
        if ((error as DOMException).name !== "DataCloneError") throw error;
        await set(this.#owner, { ...list, folder: undefined }, this.store); // a folder that this browser cannot keep
      }
    });
  }

  #clear(): void {
    const all = [...this.#files.keys()].map(this.#fileKey).concat([...this.#results.keys()]);
    this.#files.clear();
    this.#results = new Map();
    this.#lost = [];
    this.#bytes = 0;
    this.#unkept = new Set();
    this.#under = { isUnderWay: false };
    this.#do(async () => {
      await delMany(all, this.store);
      await del(this.#owner, this.store);
    });
  }

  #do(act: () => Promise<unknown>): void {
    if (this.#isBroken) return;
    this.#work = this.#work
      .then(() => (this.#isBroken ? undefined : act()))
      .catch(() => {
        this.#isBroken = true;
      });
  }
}
