/**
 * IndexedDB behind one door. A browser may have none (a private window, storage switched off), refuse it, have no room left, or
 * never answer: then each use of it fails within its time, the user is told once what to do, and everything else goes on.
 */
import { createStore, type UseStore } from "idb-keyval";

export interface Patience {
  /** Milliseconds until the database is open. */
  readonly open: number;
  /** Milliseconds for what is then read or written. */
  readonly act: number;
}

/** What the user is told, by what is wrong. */
const WRONG = {
  none: "This browser keeps nothing for this page (a private window, or site data is switched off in its settings)",
  full: "This browser's storage for this page is full: free some disk space, or clear old site data",
  silent: "This browser's storage does not answer: close other tabs of this page, or start the browser anew",
} as const;
const ADVICE = "As it is, graphs and files are gone when this page is closed: save yours by File, Export with files.";

class Silence extends Error {}

/** The message for a failed use of the storage. */
function storageNotice(error: unknown): string {
  const isFull = (error as DOMException | null)?.name === "QuotaExceededError";
  return `${WRONG[error instanceof Silence ? "silent" : isFull ? "full" : "none"]}. ${ADVICE}`;
}

/**
 * A store of a database, each use of which ends in time. `onFailure` is called at the first that fails, with what to tell the
 * user. A database that did not answer is not waited for again until it does.
 */
export function openStorage(
  database: string,
  name: string,
  onFailure: (notice: string) => void,
  patience: Patience,
  store: UseStore = createStore(database, name),
): UseStore {
  let isSilent = false;
  let isTold = false;
  return async (mode, act) => {
    try {
      if (isSilent) throw new Silence();
      return await inTime(store, mode, act, patience, (silent) => {
        isSilent = silent;
      });
    } catch (error) {
      if (!isTold) onFailure(storageNotice(error));
      isTold = true;
      throw error;
    }
  };
}

function inTime<T>(
  store: UseStore,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => T | PromiseLike<T>,
  patience: Patience,
  onAnswer: (silent: boolean) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const wait = (ms: number) =>
      setTimeout(() => {
        onAnswer(true);
        reject(new Silence("the storage does not answer"));
      }, ms);
    let timer = wait(patience.open);
    const answer = Promise.resolve().then(() =>
      store(mode, (opened) => {
        clearTimeout(timer);
        timer = wait(patience.act);
        return act(opened);
      }),
    );
    answer.then(resolve, reject).finally(() => (clearTimeout(timer), onAnswer(false)));
  });
}
