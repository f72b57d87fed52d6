/**
 * The graph survives a reload, a crash and a closed tab: its text is kept in IndexedDB after every change, apart for each
 * tab, the last few of them. Where the browser has no storage (private windows of some), nothing is kept and nothing fails.
 */
import { createStore, del, entries, set } from "idb-keyval";

export interface SavedGraph {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface Autosave {
  /** This tab's graph if it has one (a reload), else the latest of any tab. */
  restore(): Promise<SavedGraph | undefined>;
  /** Other tabs' graphs, the latest first. */
  recent(): Promise<SavedGraph[]>;
  /** Writes soon; the last call wins. */
  save(title: string, text: () => string): void;
  /** Writes what waits to be written. */
  flush(): void;
}

/** Kept graphs, beside the tab's own. */
const MOST = 8;
const DELAY_MS = 250;
const TAB = "sftgan:tab";

export async function createAutosave(): Promise<Autosave> {
  const store = createStore("sftgan-editor", "graphs");
  const key = await tabKey();
  let waiting: { title: string; text: () => string } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const all = async (): Promise<SavedGraph[]> => {
    try {
      const kept = await entries<string, Omit<SavedGraph, "key">>(store);
      return kept.map(([key, graph]) => ({ ...graph, key })).sort((a, b) => b.time - a.time);
    } catch {
      return [];
    }
  };
  const flush = (): void => {
    clearTimeout(timer);
    if (!waiting) return;
    const { title, text } = waiting;
    waiting = undefined;
    set(key, { title, text: text(), time: Date.now() }, store).catch(() => {});
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
  window.addEventListener("pagehide", flush);

  return {
    async restore() {
      const kept = await all();
      for (const old of kept.filter((graph) => graph.key !== key).slice(MOST)) del(old.key, store).catch(() => {});
      return kept.find((graph) => graph.key === key) ?? kept[0];
    },
    recent: async () => (await all()).filter((graph) => graph.key !== key).slice(0, MOST),
    save(title, text) {
      waiting = { title, text };
      clearTimeout(timer);
      timer = setTimeout(flush, DELAY_MS);
    },
    flush,
  };
}

/** A name for this tab that a reload keeps. A duplicated tab, which starts with the other's, takes one of its own. */
async function tabKey(): Promise<string> {
  try {
    const known = sessionStorage.getItem(TAB);
    if (known && (await claim(known))) return known;
    const fresh = crypto.randomUUID();
    sessionStorage.setItem(TAB, fresh);
    await claim(fresh);
    return fresh;
  } catch {
    return "only";
  }
}

/** Holds a lock on the name until the page is gone; false where another page holds it. */
const claim = (key: string): Promise<boolean> =>
  new Promise((resolve) => {
    const held = navigator.locks?.request(`${TAB}:${key}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise<void>(() => {}) : undefined;
    });
    if (held) held.catch(() => resolve(true));
    else resolve(true);
  });
