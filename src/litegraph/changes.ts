/** Which nodes have been changed, and whether the graph then still computes what was last run. */
import type { LGraph } from "./host";
import { downstreamOf, type Recipes, recipesOf, sameRecipes } from "./recipe";

export class Changes {
  readonly #graph: LGraph;
  readonly #told: (affected: ReadonlySet<number> | undefined) => void;
  #touched = new Set<number>();
  /** What the last complete run, or the one under way, was run for; undefined where it did not come to its end. */
  #done: Recipes | undefined;
  /** As of the last run or change. Undo makes all nodes anew, most of them as they were. */
  #known: Recipes = new Map();

  /**
   * `told` is called once for all changes of a turn of the event loop, with the ids of the nodes whose results they change;
   * with undefined where, all in all, nothing is to be computed that was not, or is not being, computed.
   */
  constructor(graph: LGraph, told: (affected: ReadonlySet<number> | undefined) => void) {
    this.#graph = graph;
    this.#told = told;
  }

  add(id: number): void {
    if (this.#touched.size === 0) queueMicrotask(() => this.#flush());
    this.#touched.add(id);
  }

  /** The node's change has yet to be told. */
  has(id: number): boolean {
    return this.#touched.has(id);
  }

  /** All results of the graph, as it is now, are being computed. */
  run(): void {
    this.#known = this.#done = recipesOf(this.#graph);
  }

  /** They have not been computed to the end. */
  undone(): void {
    this.#done = undefined;
  }

  /** Tells of no change any more. */
  close(): void {
    this.#touched.clear();
  }

  #flush(): void {
    if (this.#touched.size === 0) return;
    const now = recipesOf(this.#graph);
    const changed = [...this.#touched].filter((id) => now.get(id) !== this.#known.get(id));
    this.#touched = new Set();
    this.#known = now;
    const same = this.#done && sameRecipes(now, this.#done);
    this.#told(same ? undefined : downstreamOf(this.#graph, changed));
  }
}
