/** How fast nodes compute on this device, measured from what they took; and how long a run will take by that. */

/** What nodes of one type took, later ones counting for more. */
interface Taken {
  readonly multiplyAdds: number;
  readonly ms: number;
}

/** What is too short says more of starting than of computing. */
const SHORTEST_MS = 100;
const FEWEST = 1e9;
/** What is so many times smaller than what was measured before says less. */
const MUCH = 8;

export class Rates {
  private readonly taken = new Map<string, Taken>();

  /** `stored` is what `stored` of an earlier visit was; anything else counts for nothing. */
  constructor(stored?: unknown) {
    if (!Array.isArray(stored)) return;
    for (const [type, multiplyAdds, ms] of stored.filter(Array.isArray))
      if (typeof type === "string" && multiplyAdds > 0 && ms > 0 && Number.isFinite(multiplyAdds / ms))
        this.taken.set(type, { multiplyAdds, ms });
  }

  /** To be kept: plain data. */
  get stored(): readonly (readonly [type: string, multiplyAdds: number, ms: number])[] {
    return [...this.taken].map(([type, { multiplyAdds, ms }]) => [type, multiplyAdds, ms]);
  }

  /** A node of a type has taken so long for so much. */
  note(type: string, multiplyAdds: number, ms: number): void {
    if (ms < SHORTEST_MS || multiplyAdds < FEWEST) return;
    const before = this.taken.get(type);
    if (before && multiplyAdds * MUCH < before.multiplyAdds) return;
    const kept = before && before.multiplyAdds * MUCH > multiplyAdds ? 0.5 : 0;
    this.taken.set(type, {
      multiplyAdds: multiplyAdds + kept * (before?.multiplyAdds ?? 0),
      ms: ms + kept * (before?.ms ?? 0),
    });
  }

  /** Milliseconds for work of a type; undefined where that has not been measured. */
  time(type: string, multiplyAdds: number): number | undefined {
    const own = this.taken.get(type);
    return own && (multiplyAdds * own.ms) / own.multiplyAdds;
  }

  /** The same, by what was measured of the heaviest work where that has not been; undefined where nothing has. */
  guess(type: string, multiplyAdds: number): number | undefined {
    const [heaviest] = [...this.taken].sort(([, a], [, b]) => b.multiplyAdds - a.multiplyAdds);
    return this.time(type, multiplyAdds) ?? (heaviest && this.time(heaviest[0], multiplyAdds));
  }
}

/** Milliseconds before a run, or a node of it, says by itself how fast it is, and which part of it has to be done by then. */
const SOON_MS = 3000;
const SOME = { run: 0.1, node: 0.01 };
/** A node that does so much of what there is left speaks for the rest. */
const MUCH_OF_REST = 0.4;
/** Nodes that have not been measured are guessed at where they do at most so much of what is left. */
const LITTLE_OF_REST = 0.1;
/** What was measured before counts for as much as so long a part of this run. */
const TRUST_MS = 3000;

/** What a node does in a run. */
export interface Share {
  readonly type: string;
  readonly multiplyAdds: number;
  /** The part of it that is done, 0 to 1. */
  readonly done: number;
  /** Milliseconds since it began, of the node at work. */
  readonly ms?: number | undefined;
}

/**
 * Milliseconds left of a run that has gone on for `elapsed`: by what was measured before, put right by how fast this run is, or by
 * how fast it is alone; undefined as long as neither says anything.
 */
export function timeLeft(shares: readonly Share[], rates: Rates, elapsed: number): number | undefined {
  let [did, toDo, guessed, predictedDone, predictedLeft] = [0, 0, 0, 0, 0];
  for (const { type, multiplyAdds, done } of shares) {
    const ms = rates.guess(type, multiplyAdds) ?? 0;
    did += done * multiplyAdds;
    toDo += (1 - done) * multiplyAdds;
    if (rates.time(type, multiplyAdds) === undefined) guessed += (1 - done) * multiplyAdds;
    predictedDone += done * ms;
    predictedLeft += (1 - done) * ms;
  }
  if (shares.length > 0 && guessed <= LITTLE_OF_REST * toDo)
    return (predictedLeft * (elapsed + TRUST_MS)) / (predictedDone + TRUST_MS);
  const now = shares.find(({ ms, done }) => ms !== undefined && ms >= SOON_MS && done >= SOME.node && done < 1);
  if (now && now.multiplyAdds >= MUCH_OF_REST * toDo) return (toDo * now.ms!) / (now.done * now.multiplyAdds);
  return elapsed >= SOON_MS && did > 0 && did >= SOME.run * (did + toDo) ? (elapsed * toDo) / did : undefined;
}
