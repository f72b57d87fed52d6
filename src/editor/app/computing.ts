/** An app's runs: of the graph as it is, the newest only, with how far they are and what is wrong, for people. No DOM. */
import { signal } from "@preact/signals-core";
import type { Engine, EngineEvent, ViewRequest } from "../../browser/protocol";
import type { StoredGraph } from "../../graph/stored";
import { type NodeState, newState } from "../../litegraph/state";

export type AppState =
  | { readonly kind: "idle" | "done" | "stopped" }
  /** `fraction`: of the work, 0 to 1; `at`: the title of the node at work; `left`: milliseconds, where they are known. */
  | { readonly kind: "running"; readonly fraction: number; readonly at: string; readonly left?: number | undefined }
  | { readonly kind: "failed"; readonly message: string };

export interface RunParts {
  consent?(): Promise<boolean>;
  readonly isResult?: boolean;
}

export interface ComputingParts {
  readonly engine: Pick<Engine, "run" | "encode" | "cancel" | "listen">;
  titleOf(node: string): string;
  /** What is in view, to be computed first. */
  focus(): ViewRequest | undefined;
  onEvent(event: EngineEvent): void;
}

export class Computing {
  readonly #state = signal<AppState>({ kind: "idle" });
  readonly #warnings = signal<readonly string[]>([]);
  #nodes = new Map<string, NodeState>();
  /** Counts runs: of an older one nothing is told any more. */
  #runs = 0;
  /** Runs that the engine is asked for and has not ended. */
  #underWay = 0;

  constructor(private readonly parts: ComputingParts) {
    parts.engine.listen((event) => event.scope === undefined && this.#hear(event));
  }

  /** A signal. */
  get state(): AppState {
    return this.#state.value;
  }
  /** About a result that is there all the same. A signal. */
  get warnings(): readonly string[] {
    return this.#warnings.value;
  }
  get busy(): boolean {
    return this.#state.peek().kind === "running";
  }

  of(node: string): NodeState {
    let state = this.#nodes.get(node);
    if (!state) {
      state = newState();
      this.#nodes.set(node, state);
    }
    return state;
  }

  /** What was shown is of another photo. */
  async forget(graph: StoredGraph): Promise<void> {
    this.#runs++;
    this.#nodes = new Map();
    this.#state.value = { kind: "idle" };
    this.#warnings.value = [];
    this.parts.engine.cancel();
    await this.parts.engine.run(graph, undefined, { glance: "anew" }).catch(() => {}); // a run says what is wrong
  }

  /**
   * Computes a node, once `consent`, where it is given, has resolved to true. A run under way ends, and what it has computed is
   * kept. `isResult`: the node is the app's result; else the app is not done when it is.
   */
  async run(graph: StoredGraph, target: string, { consent, isResult = true }: RunParts = {}): Promise<void> {
    const isDone = this.#state.peek().kind === "done";
    const run = ++this.#runs;
    if (consent && this.#underWay) this.parts.engine.cancel(); // what is asked before a run would wait for the one under way
    this.#warnings.value = [];
    this.#state.value = { kind: "running", fraction: 0, at: "" };
    try {
      if (consent && !(await consent())) {
        const { key } = this.of(target);
        if (key !== undefined) this.of(target).phase = "waiting"; // what is shown is of what was set before
        if (run === this.#runs) this.#state.value = { kind: "idle" };
        return;
      }
      if (run !== this.#runs) return;
      for (const state of this.#nodes.values())
        if (state.phase !== "idle") Object.assign(state, { phase: "waiting", error: undefined });
      this.#underWay++;
      const { cancelled, errors } = await this.parts.engine
        .run(graph, [target], { focus: this.parts.focus() })
        .finally(() => this.#underWay--);
      if (run !== this.#runs) return;
      const [failed] = Object.entries(errors);
      for (const [node, error] of Object.entries(errors)) Object.assign(this.of(node), { phase: "failed", error });
      if (failed) this.#fail(`${this.parts.titleOf(failed[0])}: ${failed[1]}`);
      else this.#state.value = { kind: cancelled ? "stopped" : !isResult && !isDone ? "idle" : "done" };
    } catch (error) {
      if (run === this.#runs) this.#fail(messageOf(error));
    }
  }

  /** What runs is stopped, and what it has computed is kept. */
  stop(): void {
    if (!this.busy) return;
    this.#runs++;
    this.parts.engine.cancel();
    this.#state.value = { kind: "stopped" };
  }

  /** The file of a Save node. Rejects with an error. */
  async encode(graph: StoredGraph, save: string) {
    const before = this.state;
    const run = ++this.#runs;
    this.#state.value = { kind: "running", fraction: 0, at: this.parts.titleOf(save) };
    try {
      const file = await this.parts.engine.encode(graph, save);
      if (run === this.#runs) this.#state.value = { kind: "done" };
      return file;
    } catch (error) {
      if (run === this.#runs) this.#state.value = before.kind === "running" ? { kind: "stopped" } : before;
      throw error;
    }
  }

  #fail(message: string): void {
    this.#state.value = { kind: "failed", message };
  }

  #hear(event: EngineEvent): void {
    if ("node" in event && event.kind !== "preview") this.#note(event);
    const now = this.#state.peek();
    if (now.kind === "running" && event.kind === "started") this.#state.value = { ...now, at: this.parts.titleOf(event.node) };
    if (now.kind === "running" && event.kind === "overall")
      this.#state.value = { ...now, fraction: event.fraction, left: event.left };
    this.parts.onEvent(event);
  }

  #note(event: Extract<EngineEvent, { readonly node: string }>): void {
    const state = this.of(event.node);
    switch (event.kind) {
      case "started":
        Object.assign(state, { phase: "running", fraction: 0 });
        break;
      case "progress":
        state.fraction = event.fraction;
        break;
      case "failed":
        Object.assign(state, { phase: "failed", error: event.message });
        break;
      case "finished":
      case "cached": {
        Object.assign(state, { phase: "finished", summary: event.summary, key: event.key, error: undefined });
        const known = this.#warnings.peek();
        const all = [...new Set([...known, ...(event.warnings ?? [])])];
        if (all.length > known.length) this.#warnings.value = all;
      }
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
