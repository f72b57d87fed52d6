/** One photo of a batch, and how far it is. */

export type PhotoState =
  | { readonly kind: "waiting" }
  /** `fraction`: of the graph's nodes, 0 to 1; `at`: the title of the node at work. */
  | { readonly kind: "running"; readonly fraction: number; readonly at: string }
  /** `name`: under which the result is in the .zip or the folder. `warnings`: about a result that is there all the same. */
  | {
      readonly kind: "done";
      readonly name: string;
      readonly bytes: number;
      readonly ms: number;
      readonly size: string;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "failed"; readonly message: string };

export interface Photo {
  readonly id: number;
  readonly file: File;
  /** Its path below the folder that was chosen, or its name. */
  readonly path: string;
  state: PhotoState;
  /** Why it will never be read, as its first bytes tell. */
  refusal?: string;
}

/** A file that is taken in, with its place below a folder that was chosen or dropped. */
export interface Found {
  readonly file: File;
  readonly path: string;
}

export const WAITING: PhotoState = { kind: "waiting" };

/** How many photos are in each state. */
export function countOf(photos: readonly Photo[]): Readonly<Record<PhotoState["kind"], number>> {
  const count = { waiting: 0, running: 0, done: 0, failed: 0 };
  for (const { state } of photos) count[state.kind]++;
  return count;
}

/** The pace is that of so many of the last photos. */
const WINDOW = 20;

/**
 * Milliseconds until all are done, as far as is known: by the mean of the last photos (`durations`), or by how fast the present
 * one goes on. `current`: its milliseconds so far, and how much of it is done, 0 to 1. Undefined: nobody knows yet.
 */
export function timeLeft(
  durations: readonly number[],
  waiting: number,
  current?: { readonly ms: number; readonly fraction: number },
): number | undefined {
  const last = durations.slice(-WINDOW);
  const own = current && current.fraction > 0.05 ? current.ms / current.fraction : undefined;
  const mean = last.length > 0 ? last.reduce((sum, ms) => sum + ms, 0) / last.length : own;
  if (mean === undefined) return undefined;
  return mean * waiting + (current ? Math.max(0, (own ?? mean) - current.ms) : 0);
}
