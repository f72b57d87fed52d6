/** Remembers in this tab that a run is under way, so that a page loaded again in its midst can say so and go on. */
const KEY = "sftgan:running";

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

/** Whether the tab's last page was left in the midst of a run; the next call says no. False where nothing is remembered. */
export function wasInterrupted(storage: () => Storage = () => sessionStorage): boolean {
  try {
    const was = storage().getItem(KEY) !== null;
    storage().removeItem(KEY);
    return was;
  } catch {
    return false; // without storage of a tab's own it is not known
  }
}

/** A run has begun, or ended. */
export function noteRun(isUnderWay: boolean, storage: () => Storage = () => sessionStorage): void {
  try {
    if (isUnderWay) storage().setItem(KEY, "1");
    else storage().removeItem(KEY);
  } catch {
    // as above
  }
}
