/**
 * Many items in three steps each: while one is in its middle step, which takes the machine, the next has its first and the one
 * before its last. Never more than one is ahead and one behind, and all steps of one kind run in the items' order.
 */

export interface Steps<T, Ready, Made> {
  before(item: T): Promise<Ready>;
  during(item: T, ready: Ready): Promise<Made>;
  after(item: T, made: Made): Promise<void>;
  /** What a step of this item rejected with. Where it throws, no later item goes on. */
  failed(item: T, error: unknown): void;
}

/** Resolves when all items have ended. Rejects with what `failed` throws; nothing is under way any more then. */
export async function pipeline<T, Ready, Made>(items: readonly T[], steps: Steps<T, Ready, Made>): Promise<void> {
  let ahead: Promise<Ready> | undefined;
  let behind: Promise<void> = Promise.resolve();
  const prepare = (index: number) => {
    ahead = index < items.length ? handled(steps.before(items[index]!)) : undefined;
  };
  prepare(0);
  try {
    for (const [index, item] of items.entries()) {
      const ready = ahead!;
      const made = ready.then(
        (found) => {
          prepare(index + 1);
          return steps.during(item, found);
        },
        (error) => {
          prepare(index + 1);
          throw error;
        },
      );
      await settled(made);
      await behind;
      behind = handled(made.then((found) => steps.after(item, found)).catch((error) => steps.failed(item, error)));
    }
    await behind;
  } finally {
    await Promise.all([ahead, behind].map(settled));
  }
}

/** The promise, of which a rejection is met later. */
function handled<P>(promise: Promise<P>): Promise<P> {
  promise.catch(() => {});
  return promise;
}

const settled = (promise: Promise<unknown> | undefined): Promise<unknown> => Promise.allSettled([promise]);
