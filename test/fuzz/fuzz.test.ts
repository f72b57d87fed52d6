/** A few hundred inputs of every kind, always the same ones; `npm run fuzz` runs more, each bounded in time and memory. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kinds } from ".";
import { holdsFor } from "./kind";

const SEED = 20261126;
const RUNS = 300;

describe("Whatever is in a file, and whatever is done to a graph", () => {
  it.each(kinds.map((kind) => [kind.name, kind] as const))("%s: it is taken or refused with one message", async (_, kind) => {
    const { runs = RUNS } = kind;
    let read = 0;
    const each = fc.asyncProperty(kind.inputs, async (input) => {
      if (await holdsFor(kind, input)) read++;
    });
    await fc.assert(each, { seed: SEED, numRuns: runs });
    expect(read, "inputs that were read").toBeGreaterThan(runs / 50);
  });
});
