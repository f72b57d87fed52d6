/**
 * The graph survives a reload, a crash and a closed tab: its text is kept in IndexedDB after every change, apart for each tab,
 * the last few of them. Where the browser's storage does not work, nothing is kept, the user is told, and nothing else fails.
 */
import { del, entries, set, type UseStore } from "idb-keyval";
import { openStorage } from "../browser/storage";

export interface SavedGraph {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface Autosave {
  /** A name for this tab that a reload keeps. */
  readonly tab: string;
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
/** Milliseconds for the storage, which the page waits for when it opens, and for other tabs to say that they are there. */
const PATIENCE = { open: 3000, act: 3000 };
const ANSWER_MS = 200;

/** `onFailure` is called once, with what to tell the user, where graphs are not kept. */
export async function createAutosave(
  onFailure: (notice: string) => void,
  store: UseStore = openStorage("sftgan-editor", "graphs", onFailure, PATIENCE),
): Promise<Autosave> {
  let key = await tabKey();
  let waiting: { title: string; text: () => string } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const all = async (): Promise<SavedGraph[]> => {
    const kept = await entries<string, Omit<SavedGraph, "key">>(store);
    return kept.map(([key, graph]) => ({ ...graph, key })).sort((a, b) => b.time - a.time);
  };
  const flush = (): void => {
    clearTimeout(timer);
    if (!waiting) return;
    const { title, text } = waiting;
    waiting = undefined;
    set(key, { title, text: text(), time: Date.now() }, store).catch(() => {}); // the storage reports it
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
  window.addEventListener("pagehide", flush);

  return {
    get tab() {
      return key;
    },
    async restore() {
      try {
        const kept = await all();
        for (const old of kept.filter((graph) => graph.key !== key).slice(MOST)) del(old.key, store).catch(() => {});
        return kept.find((graph) => graph.key === key) ?? kept[0];
      } catch {
        key = freshKey(); // what this tab kept may only be late: it is not written over
        return undefined;
      }
    },
    recent: async () => {
      const kept = await all().catch(() => []);
      return kept.filter((graph) => graph.key !== key).slice(0, MOST);
    },
    save(title, text) {
      waiting = { title, text };
      clearTimeout(timer);
      timer = setTimeout(flush, DELAY_MS);
    },
    flush,
  };
}

/** A name that no other tab has; `randomUUID` is for secure pages only. */
const newKey = (): string => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");

/** A name for this tab that a reload keeps. A duplicated tab, which starts with the other's, takes one of its own. */
async function tabKey(): Promise<string> {
  try {
    const known = sessionStorage.getItem(TAB);
    if (known && (await claim(known))) return known;
  } catch {
    // as below
  }
  return freshKey();
}

function freshKey(): string {
  const fresh = newKey();
  try {
    sessionStorage.setItem(TAB, fresh);
  } catch {
    // without storage of a tab's own, a reload finds the latest of any tab
  }
  void claim(fresh, true);
  return fresh;
}

/** Holds a tab's name until the page is gone; false where another page holds it, or none can say. */
export const claim = (key: string, isFresh = false): Promise<boolean> =>
  new Promise((resolve) => {
    const { locks } = navigator as Partial<Navigator>;
    if (!locks) return claimByAsking(key, isFresh, resolve);
    const held = locks.request(`${TAB}:${key}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise<void>(() => {}) : undefined;
    });
    held.catch(() => resolve(false));
    setTimeout(() => resolve(false), PATIENCE.open);
  });

/** Locks are for secure pages only: elsewhere the other tabs are asked. */
function claimByAsking(key: string, isFresh: boolean, resolve: (isFree: boolean) => void): void {
  const channel = new BroadcastChannel(`${TAB}:${key}`);
  let isHeld = isFresh;
  const timer = setTimeout(() => {
    isHeld = true;
    resolve(true);
  }, ANSWER_MS);
  channel.onmessage = ({ data }) => {
    if (data === "asks" && isHeld) channel.postMessage("held");
    if (data !== "held" || isHeld) return;
    clearTimeout(timer);
    channel.close();
    resolve(false);
  };
  channel.postMessage("asks");
}
