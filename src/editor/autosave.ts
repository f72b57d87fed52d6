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

export function createAutosave(): Autosave {
  const store = createStore("sftgan-editor", "graphs");
  const key = tabKey();
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

/** A name for this tab that a reload keeps. */
function tabKey(): string {
  try {
    const known = sessionStorage.getItem(TAB);
    if (known) return known;
    const fresh = crypto.randomUUID();
    sessionStorage.setItem(TAB, fresh);
    return fresh;
  } catch {
    return "only";
  }
}
