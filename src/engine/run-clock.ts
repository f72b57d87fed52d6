/** How long a run is still going to take, from what it says on its way; and what is learned from it for the next ones. */
import type { NodeForecast, RunEvent } from "../graph/running";
import { type Rates, type Share, timeLeft } from "./rates";

export class RunClock {
  private readonly began: number;
  private readonly nodes = new Map<string, { -readonly [K in keyof Share]: Share[K] } & { began?: number }>();

  /** `typeOf` gives the type of a node of the graph that is run. */
  constructor(
    private readonly rates: Rates,
    private readonly typeOf: (id: string) => string,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.began = now();
  }

  hear(event: RunEvent): void {
    if (event.kind === "forecast") this.know(event.nodes);
    const node = "node" in event ? this.nodes.get(event.node) : undefined;
    if (!node) return;
    if (event.kind === "started") node.began = this.now();
    if (event.kind === "progress") node.done = event.fraction;
    if (event.kind === "finished" || event.kind === "cached" || event.kind === "failed") node.done = 1;
    if (event.kind === "finished" && !event.updated) this.rates.note(node.type, node.multiplyAdds, event.ms);
  }

  /** Milliseconds; undefined as long as nothing says how many. */
  get left(): number | undefined {
    const now = this.now();
    const shares = [...this.nodes.values()].map(({ began, ...share }) =>
      began === undefined ? share : { ...share, ms: now - began },
    );
    return timeLeft(shares, this.rates, now - this.began);
  }

  private know(forecasts: ReadonlyMap<string, NodeForecast>): void {
    for (const [id, { multiplyAdds }] of forecasts)
      this.nodes.set(id, { type: this.typeOf(id), multiplyAdds, done: this.nodes.get(id)?.done ?? 0 });
  }
}
