/** How far a run is: by what its nodes take, as far as that is known, or by their number. */

/** What is said of a run as a whole. */
export interface Overall {
  /** Nodes done of nodes to do. */
  readonly done: number;
  readonly total: number;
  /** The part of the work that is done, 0 to 1. */
  readonly fraction: number;
}

export class Progress {
  private readonly parts: Map<string, number>;
  /** Multiply-adds by node; undefined: nodes count alike. */
  private loads: ReadonlyMap<string, number> | undefined;

  constructor(ids: Iterable<string>) {
    this.parts = new Map([...ids].map((id) => [id, 0]));
  }

  /** It is known what nodes take; one that is not among them counts for nothing. */
  weigh(loads: ReadonlyMap<string, number>): void {
    this.loads = [...loads.values()].some((load) => load > 0) ? loads : undefined;
  }

  /** A part of a node is done, 0 to 1. */
  set(id: string, part: number): void {
    if (this.parts.has(id)) this.parts.set(id, part);
  }

  get overall(): Overall {
    let [done, did, all] = [0, 0, 0];
    for (const [id, part] of this.parts) {
      const weight = this.loads ? (this.loads.get(id) ?? 0) : 1;
      if (part === 1) done++;
      did += part * weight;
      all += weight;
    }
    return { done, total: this.parts.size, fraction: all > 0 ? Math.min(1, did / all) : 0 };
  }
}
