/**
 * What the next run of a graph that is merely loaded takes, made ready while nothing else is to be done: weights that ship, and what
 * their networks run by, compiled one program after another. Whatever is asked for stops it.
 */
import { Stopped } from "../kernels/choose";
import { nextTask } from "../next-task";
import type { Session } from "./session";

/** Milliseconds without anything asked for before it begins. */
export const IDLE_MS = 500;

export class Ahead {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Goes up with what is foreseen. */
  private latest = 0;

  constructor(private readonly isCalm: () => boolean) {}

  /** Of the graph that is shown now: `names` are of weights that ship. */
  begin(session: Session, names: ReadonlySet<string>): void {
    this.forget();
    const own = this.latest;
    const turn = async () => {
      if (own !== this.latest || session.backend.isLost() || !this.isCalm()) throw new Stopped();
      await nextTask();
    };
    const attempt = async () => {
      try {
        for (const name of names) {
          await turn();
          await session.ahead(name, turn);
        }
      } catch (error) {
        // Of anything else that is wrong, the run tells.
        if (error instanceof Stopped && own === this.latest && !session.backend.isLost()) wait();
      }
    };
    const wait = () => {
      this.timer = setTimeout(attempt, IDLE_MS);
    };
    if (names.size > 0) wait();
  }

  /** The graph is another one, or runs. */
  forget(): void {
    clearTimeout(this.timer);
    this.latest++;
  }
}
