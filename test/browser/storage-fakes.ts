/** Storages that fail, each in a way of its own. */
import type { UseStore } from "idb-keyval";

const failing =
  (error: () => Error): UseStore =>
  () =>
    Promise.reject(error());

export const FAILING: Readonly<Record<string, UseStore>> = {
  missing: () => {
    throw new ReferenceError("indexedDB is not defined");
  },
  throwing: failing(() => new DOMException("The operation is insecure.", "SecurityError")),
  full: failing(() => new DOMException("The quota has been exceeded.", "QuotaExceededError")),
  silent: () => new Promise(() => {}),
  /** Opens, and then answers nothing. */
  mute: (_mode, act) => {
    const never = () => ({});
    const store = { get: never, getAll: never, getAllKeys: never, put: never, delete: never, transaction: {} };
    return Promise.resolve(act(store as never));
  },
};

/** What the user is told of each. */
export const TOLD: Readonly<Record<string, RegExp>> = {
  missing: /keeps nothing for this page .* Export with files/,
  throwing: /keeps nothing for this page .* Export with files/,
  full: /is full: free some disk space.* Export with files/,
  silent: /does not answer: close other tabs.* Export with files/,
  mute: /does not answer: close other tabs.* Export with files/,
};

/** A store that holds what it is given, as far as idb-keyval's functions use one. */
export function memory(): UseStore {
  const kept = new Map<IDBValidKey, unknown>();
  const request = (result?: unknown) => {
    const made: { result: unknown; onsuccess?: () => void } = { result };
    queueMicrotask(() => made.onsuccess?.());
    return made;
  };
  const store = {
    transaction: {
      set oncomplete(done: () => void) {
        queueMicrotask(done);
      },
    },
    put: (value: unknown, key: IDBValidKey) => void kept.set(key, structuredClone(value)),
    delete: (key: IDBValidKey) => void kept.delete(key),
    get: (key: IDBValidKey) => request(kept.get(key)),
    getAll: () => request([...kept.values()]),
    getAllKeys: () => request([...kept.keys()]),
  };
  return async (_mode, act) => act(store as unknown as IDBObjectStore);
}
