/** What a folder holds that is not enlarged: by reason, so that ten thousand files take a line and not ten thousand. */
import { printable } from "./terminal";

/** Names in a line. */
const MOST = 4;

export class LeftOut {
  private readonly reasons = new Map<string, { count: number; readonly names: string[] }>();

  /** `reason` says what one such thing is, as in "hidden". */
  add(reason: string, name: string): void {
    const group = this.reasons.get(reason) ?? { count: 0, names: [] };
    this.reasons.set(reason, group);
    group.count++;
    if (group.names.length < MOST) group.names.push(name);
  }

  has(reason: string): boolean {
    return this.reasons.has(reason);
  }

  /** A line for each reason. */
  get lines(): string[] {
    return [...this.reasons].map(([reason, { count, names }]) => {
      const more = count > names.length ? `, and ${count - names.length} more` : "";
      return printable(`not enlarged: ${names.join(", ")}${more} (${reason})`);
    });
  }

  /** By reason, for JSON. */
  get counts(): Readonly<Record<string, { readonly count: number; readonly names: readonly string[] }>> {
    return Object.fromEntries(this.reasons);
  }
}
