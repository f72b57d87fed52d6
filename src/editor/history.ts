/** Undo and redo over whole states: bounded in steps and in characters, with names for people. No DOM, no litegraph. */

interface Step {
  readonly state: string;
  /** What led to this state, such as "move Segment". */
  readonly label: string;
  /** Steps that follow one another with the same key within `MERGE_MS` become one. */
  readonly merge?: string | undefined;
  readonly time: number;
  /** The ids of the nodes inside of which it was made, the outermost first. */
  readonly path: readonly number[];
}

/** A state to go to, and the step on the way: what it did and where. */
export type Restored = Pick<Step, "state" | "label" | "path">;

const MERGE_MS = 800;

export interface HistoryLimits {
  /** Steps that can be undone. */
  readonly steps: number;
  /** Characters kept over all states; the oldest go first. The present one always stays. */
  readonly characters: number;
}

export class History {
  #past: Step[] = [];
  #present: Step;
  #future: Step[] = [];

  constructor(
    state: string,
    private readonly limits: HistoryLimits = { steps: 200, characters: 64e6 },
  ) {
    this.#present = { state, label: "", time: 0, path: [] };
  }

  get present(): string {
    return this.#present.state;
  }
  /** What undo would take back; undefined where there is nothing. */
  get undoLabel(): string | undefined {
    return this.#past.length ? this.#present.label : undefined;
  }
  get redoLabel(): string | undefined {
    return this.#future.at(-1)?.label;
  }

  /** Makes `state` the present. What was undone is forgotten. */
  record(state: string, label: string, merge?: string, now = Date.now(), path: readonly number[] = []): void {
    if (state === this.#present.state) return;
    const before = this.#present;
    const joins =
      merge !== undefined && merge === before.merge && now - before.time <= MERGE_MS && this.#past.length && !this.#future.length;
    if (!joins) this.#past.push(before);
    this.#present = { state, label, merge, time: now, path };
    this.#future = [];
    this.#trim();
  }

  /** The last step went on, and has led here. */
  join(state: string, label: string, path: readonly number[] = []): void {
    if (!this.#past.length || this.#future.length) this.record(state, label, undefined, undefined, path);
    else this.#present = { state, label, time: Date.now(), path };
    this.#trim();
  }

  /** Replaces the present by what it has become without anybody's doing, such as a node that grew around a picture. */
  amend(state: string): void {
    this.#present = { ...this.#present, state };
  }

  /** Goes back one step and returns the state to restore and what was taken back. */
  undo(): Restored | undefined {
    const before = this.#past.pop();
    if (!before) return undefined;
    const { label, path } = this.#present;
    this.#future.push(this.#present);
    this.#present = before;
    return { state: before.state, label, path };
  }

  redo(): Restored | undefined {
    const after = this.#future.pop();
    if (!after) return undefined;
    this.#past.push(this.#present);
    this.#present = after;
    return { state: after.state, label: after.label, path: after.path };
  }

  #trim(): void {
    while (this.#past.length > this.limits.steps) this.#past.shift();
    let characters = this.#past.reduce((sum, step) => sum + step.state.length, this.#present.state.length);
    while (characters > this.limits.characters && this.#past.length) characters -= this.#past.shift()!.state.length;
  }
}
