/** What passes between our nodes and the page's own: whether what those give has changed, and what ours gave them last. */
import type { Engine, RunReport } from "../browser/protocol";
import { isPicture, signature, valueIn } from "./external-in";
import { collect, deliver, type Outputs } from "./external-out";
import { isExternal, type LGraph, type LGraphNode, linkOf, nodesOf } from "./host";

/** Milliseconds between looks at an external picture. */
const LOOK = 250;

export class Exchange {
  readonly #graph: LGraph;
  /** What each external output gave, by `origin.slot`; undefined until it is known. */
  #given: ReadonlyMap<string, string> | undefined;
  /** When each external picture was last looked at, by `origin.slot`. */
  readonly #looked = new Map<string, number>();
  #outputs: Outputs = new Map();

  constructor(graph: LGraph) {
    this.#graph = graph;
  }

  /** The engine has been given the values with these signatures: what differs from them has changed. */
  given(signatures: ReadonlyMap<string, string>): void {
    this.#given = signatures;
  }

  /** Nothing has changed until the engine is given values again. */
  rest(): void {
    this.#looked.clear();
    this.#given = undefined;
  }

  /** An external node gives this one something else than the engine was given. */
  changed(node: LGraphNode): boolean {
    const given = this.#given;
    if (!given) return false;
    const now = performance.now();
    return (node.inputs ?? []).some(({ link: id }) => {
      const link = linkOf(this.#graph, id);
      const origin = link && this.#graph.getNodeById(link.origin_id);
      if (!link || !origin || !isExternal(origin)) return false;
      const output = `${link.origin_id}.${link.origin_slot}`;
      const value = valueIn(this.#graph, link);
      if (isPicture(value)) {
        if (now - (this.#looked.get(output) ?? 0) < LOOK) return false;
        this.#looked.set(output, now);
      }
      return signature(value) !== given.get(output);
    });
  }

  /** Puts what came out of a node into its links. */
  deliver(node: LGraphNode): void {
    deliver(node, this.#outputs.get(node.id));
  }

  /** What came out of a run for external nodes. `current` turns false when a newer run has begun. */
  collect(engine: Engine, report: RunReport, current: () => boolean): Promise<Outputs> {
    return collect(this.#graph, engine, report, this.#outputs, current);
  }

  /**
   * Gives external nodes what came out. After a `complete` run they get nothing where nothing came out any more; after another
   * they keep what they have.
   */
  hand(outputs: Outputs, complete: boolean): void {
    const all = complete ? outputs : new Map([...this.#outputs, ...outputs]);
    for (const node of nodesOf(this.#graph)) {
      const now = all.get(node.id);
      const gone = [...(this.#outputs.get(node.id)?.keys() ?? [])].filter((name) => !now?.has(name));
      deliver(node, new Map(gone.map((name) => [name, undefined])));
      deliver(node, now);
    }
    this.#outputs = all;
    setTimeout(() => this.#graph.setDirtyCanvas(true, false), 50); // once the page's own loop has carried them on
  }
}
