/** Which of our kernels give on a GPU what they should: each is checked before it is used, once, which is remembered. */
import type { Checked } from "./choices";
import type { Notes } from "./notes";

/** What is wrong with a set of kernels; undefined where nothing is. Rejects where that cannot be found out. */
export type Check<C extends Checked = Checked> = (checked: C) => Promise<string | undefined>;

export class Rightness<C extends Checked = Checked> {
  private readonly found = new Map<C, Promise<boolean>>();
  private readonly failures: C[] = [];

  constructor(
    private readonly notes: Notes,
    private readonly check: Check<C>,
  ) {}

  /** Those that are not. */
  get wrong(): readonly C[] {
    return this.failures;
  }

  /** False where it cannot be found out. */
  of(checked: C): Promise<boolean> {
    const found = this.found.get(checked) ?? this.findOut(checked).catch(() => false);
    this.found.set(checked, found);
    return found;
  }

  private async findOut(checked: C): Promise<boolean> {
    const known = await this.notes.get(`right ${checked}`);
    const right = typeof known === "boolean" ? known : (await this.check(checked)) === undefined;
    if (!right) this.failures.push(checked);
    if (right !== known) await this.notes.set(`right ${checked}`, right);
    return right;
  }
}
