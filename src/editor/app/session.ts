/** The graph of an app with what a person has set in it, what is in its subgraphs in their places, and the way back. No DOM. */
import { batch, computed, signal } from "@preact/signals-core";
import type { AnySchema } from "../../graph/node";
import { opened } from "../../graph/parse";
import type { StoredGraph } from "../../graph/stored";
import { withValues } from "../../graph/subgraphs";
import { appOf } from "./model";

interface Step {
  readonly graph: StoredGraph;
  /** Steps with one key made shortly after another are one. */
  readonly key: string;
  readonly time: number;
}

const MERGE_MS = 800;
const MOST_STEPS = 100;

export class AppSession {
  readonly #steps = signal<readonly Step[]>([]);
  /** Of `#steps`, the one that holds. */
  readonly #at = signal(0);
  readonly #model = computed(() => appOf(this.graph, this.definitions));

  constructor(
    graph: StoredGraph,
    readonly definitions: readonly AnySchema[],
  ) {
    this.#steps.value = [{ graph: opened(graph, definitions).graph, key: "", time: 0 }];
  }

  /** A signal, as all that is read here. */
  get graph(): StoredGraph {
    return this.#steps.value[this.#at.value]!.graph;
  }
  get model() {
    return this.#model.value;
  }
  get canUndo(): boolean {
    return this.#at.value > 0;
  }
  get canRedo(): boolean {
    return this.#at.value < this.#steps.value.length - 1;
  }

  /** Sets parameters of a node as one step. The same ones shortly after, as while a slider is dragged, belong to it. */
  set(node: number, values: Readonly<Record<string, unknown>>, now = Date.now()): void {
    const key = `${node} ${Object.keys(values).join()}`;
    const graph = withValues(this.graph, node, values);
    const past = this.#steps.value.slice(0, this.#at.value + 1);
    const last = past.at(-1)!;
    const joins = past.length > 1 && !this.canRedo && last.key === key && now - last.time <= MERGE_MS;
    this.#step(joins ? past.slice(0, -1) : past, { graph, key, time: now });
  }

  /** Another graph in the place of this one, as one step. */
  replace(graph: StoredGraph, now = Date.now()): void {
    this.#step(this.#steps.value.slice(0, this.#at.value + 1), { graph, key: "", time: now });
  }

  #step(past: readonly Step[], step: Step): void {
    const steps = [...past, step].slice(-MOST_STEPS);
    batch(() => {
      this.#steps.value = steps;
      this.#at.value = steps.length - 1;
    });
  }

  undo(): void {
    if (this.canUndo) this.#at.value--;
  }
  redo(): void {
    if (this.canRedo) this.#at.value++;
  }
}
