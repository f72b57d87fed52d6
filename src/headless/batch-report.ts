/** What is said of many pictures: a line for each as it ends, what was left out, a summary, and the exit code that follows. */
import { sizeText } from "../region";
import { EXIT } from "./failure";
import type { Job } from "./jobs";
import type { LeftOut } from "./left-out";
import { Progress } from "./progress";
import { STANDARD } from "./sources";
import { print, printable, printError, printNote, printWarning } from "./terminal";

/** A picture was enlarged. */
export interface Done {
  readonly kind: "done";
  readonly width: number;
  readonly height: number;
  readonly ms: number;
  readonly warnings: readonly string[];
}

/** How a picture ended. */
export type Outcome =
  | Done
  /** The result was there. */
  | { readonly kind: "skipped" }
  /** `exit` is the code for this kind of failure. */
  | { readonly kind: "failed"; readonly message: string; readonly exit: number };

export interface ReportOptions {
  /** One JSON object a line. */
  readonly json?: boolean;
  /** Nothing but what went wrong. */
  readonly quiet?: boolean;
  /** Standard output has a picture: what is said goes to standard error. */
  readonly piped?: boolean;
}

/** Failures are named once more at the end where so many pictures went by, and at most so many of them. */
const MANY = 20;

type Named = Pick<Job, "from" | "to">;

export class BatchReport {
  readonly progress: Progress;
  readonly counts = { done: 0, skipped: 0, failed: 0, warned: 0 };
  private readonly failures: string[] = [];
  private exit: number = EXIT.done;

  constructor(
    private total: number,
    private readonly options: ReportOptions = {},
  ) {
    this.progress = new Progress(total, { quiet: options.quiet ?? false });
  }

  /** A picture has ended. `before`: long ago, so that it is only counted, and named where it failed. */
  ended({ from, to }: Named, outcome: Outcome, before = false): void {
    const { kind } = outcome;
    this.counts[kind]++;
    this.progress.finished(kind === "done" && !before);
    if (before && kind !== "failed") return;
    this.progress.clear();
    if (this.options.json) print(JSON.stringify({ from, to, ...plain(outcome) }));
    switch (kind) {
      case "done":
        if (outcome.warnings.length > 0) this.counts.warned++;
        for (const warning of outcome.warnings) printWarning(`${from}: ${warning}`);
        this.line(
          printable(`${to === STANDARD ? "standard output" : to}  ${sizeText(outcome)}, ${(outcome.ms / 1000).toFixed(1)} s`),
        );
        break;
      case "skipped":
        this.line(printable(`${to}  already there`));
        break;
      case "failed":
        this.exit = this.total > 1 ? EXIT.some : outcome.exit;
        if (this.failures.length < MANY) this.failures.push(outcome.message);
        printError(outcome.message);
    }
  }

  /** So many pictures are not to be enlarged any more. */
  dropped(count: number): void {
    this.total -= count;
    this.progress.dropped(count);
  }

  /** What the folders hold beside the pictures, and how many ended how. Returns the exit code. */
  summary(left: LeftOut): number {
    const { done, skipped, failed, warned } = this.counts;
    this.progress.clear();
    if (this.options.json)
      print(JSON.stringify({ enlarged: done, skipped, failed, warned, ok: failed === 0, notEnlarged: left.counts }));
    if (failed > 0 && this.total > MANY) {
      for (const message of this.failures) printNote(`failed: ${message}`);
      if (failed > this.failures.length) printNote(`failed: ${failed - this.failures.length} more`);
    }
    for (const line of left.lines) this.line(line);
    const warnings = warned > 0 ? `, ${warned} with a warning` : "";
    if (this.total !== 1) this.line(`${done} enlarged, ${skipped} already there, ${failed} failed${warnings}`);
    return this.exit;
  }

  private line(text: string): void {
    if (this.options.quiet || this.options.json) return;
    if (this.options.piped) printNote(text);
    else print(text);
  }
}

function plain({ kind, ...rest }: Outcome): object {
  return { status: kind, ...rest };
}
