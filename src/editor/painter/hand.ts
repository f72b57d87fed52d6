/** The hand that paints: the stroke being drawn, and those drawn that the engine's picture does not show yet. */
import { addStroke, type Stroke, strokeName } from "../../prior/strokes";
import { type Brush, type Sample, Trace } from "./brush";

export interface HandParts {
  /** The strokes that the graph has, as text. */
  strokes(): string;
  /** Gives the graph others, as no step of undo. */
  put(text: string): void;
  /** Gives it others as one step of undo, and runs. */
  write(text: string, label: string): void;
  /** Until it is released, what changes in the graph is no step of undo yet. */
  hold(): void;
  release(): void;
  /** Runs after every change. */
  readonly auto: boolean;
  say(note: string): void;
  fail(error: unknown): void;
}

/** Milliseconds between changes of the graph while a stroke is being drawn: shorter than the rest after which a run is stopped. */
const LIVE = 60;

export class Hand {
  #trace: Trace | undefined;
  /** The strokes before the one being drawn. */
  #before = "";
  #liveAt = 0;
  #pending: { readonly stroke: Stroke; readonly key: string | undefined; computed: boolean }[] = [];

  constructor(private readonly parts: HandParts) {}

  get isDrawing(): boolean {
    return this.#trace !== undefined;
  }
  /** The stroke being drawn, as far as it is one. */
  get stroke(): Stroke | undefined {
    return this.#trace?.stroke;
  }
  /** Strokes that are drawn and that the engine's picture does not show yet. */
  get pending(): readonly Stroke[] {
    return this.#pending.map(({ stroke }) => stroke);
  }

  begin(brush: Brush, at: Sample): void {
    this.#before = this.parts.strokes();
    this.parts.hold();
    this.#trace = new Trace(brush, at);
    this.#liveAt = performance.now();
  }

  add(sample: Sample): void {
    this.#trace?.add(sample);
  }

  /** While a stroke is being drawn the graph has it as far as it is, if runs follow changes. */
  live(): void {
    const { stroke, parts } = this;
    if (!parts.auto || !stroke || performance.now() - this.#liveAt < LIVE) return;
    this.#liveAt = performance.now();
    try {
      parts.put(addStroke(this.#before, stroke));
    } catch {
      // Said when the stroke ends.
    }
  }

  /** `key`: of what lies over the picture, so far. */
  finish(key: string | undefined): void {
    const { stroke, parts } = this;
    this.#end();
    if (!stroke) return;
    try {
      const text = addStroke(this.#before, stroke);
      this.#pending.push({ stroke, key, computed: false });
      parts.write(text, strokeName(stroke));
      parts.say(strokeName(stroke));
    } catch (error) {
      parts.fail(error);
    }
  }

  /** Drops the stroke being drawn; false where there is none. */
  abandon(): boolean {
    const { isDrawing } = this;
    this.#end();
    return isDrawing;
  }

  #end(): void {
    if (!this.#trace) return;
    this.#trace = undefined;
    if (this.parts.strokes() !== this.#before) this.parts.put(this.#before);
    this.parts.release();
  }

  /** What is drawn here only is not what the graph has any more. */
  forget(): void {
    this.#pending = [];
  }

  /** The engine has computed with all strokes so far. */
  computed(): void {
    for (const one of this.#pending) one.computed = true;
  }

  /** What lies over the picture now has another key: it shows what has been computed. */
  settle(key: string | undefined): void {
    this.#pending = this.#pending.filter((one) => !(one.computed && key !== undefined && key !== one.key));
  }
}
