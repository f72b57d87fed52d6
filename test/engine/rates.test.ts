import { describe, expect, it } from "vitest";
import { Rates, timeLeft } from "../../src/engine/rates";
import { RunClock } from "../../src/engine/run-clock";

describe("What nodes took", () => {
  it("says how long more of the same takes, and what other work may, by the heaviest", () => {
    const rates = new Rates();
    expect(rates.time("a", 1e9)).toBeUndefined();
    rates.note("a", 2e9, 1000);
    rates.note("b", 2e9, 3000);
    expect(rates.time("a", 1e10)).toBe(5000);
    rates.note("b", 4e9, 6000);
    expect(rates.time("c", 4e9)).toBeUndefined();
    expect(rates.guess("c", 4e9)).toBe(6000);
    expect(rates.guess("a", 4e9)).toBe(2000);
  });

  it("counts for nothing where it was too short, and gives way to what is much larger but not to what is much smaller", () => {
    const rates = new Rates();
    rates.note("a", 1e8, 5000);
    rates.note("a", 1e10, 50);
    expect(rates.time("a", 1e9)).toBeUndefined();
    rates.note("a", 1e9, 1000);
    rates.note("a", 1e11, 10_000);
    expect(rates.time("a", 1e11)).toBe(10_000);
    rates.note("a", 1e9, 1000);
    expect(rates.time("a", 1e11)).toBe(10_000);
    rates.note("a", 1e11, 40_000);
    expect(rates.time("a", 1.5e11)).toBeCloseTo(45_000);
  });

  it("is remembered as plain data, of which anything odd counts for nothing", () => {
    const rates = new Rates();
    rates.note("a", 2e9, 1000);
    expect(new Rates(structuredClone(rates.stored)).time("a", 2e9)).toBe(1000);
    for (const odd of [undefined, null, 3, "a", [[1, 2]], [["a", Number.NaN, 1]], [["a", 1e9, 0]], [["a", 1e9, -1]], [null]])
      expect(new Rates(odd).time("a", 1e9)).toBeUndefined();
  });
});

describe("The time left of a run", () => {
  const half = [
    { type: "a", multiplyAdds: 1e9, done: 1 },
    { type: "a", multiplyAdds: 1e9, done: 0 },
  ];

  it("follows from what was measured before, and is put right by how fast this run is", () => {
    const rates = new Rates([["a", 1e9, 10_000]]);
    expect(timeLeft(half, rates, 10_000)).toBe(10_000);
    expect(timeLeft(half, rates, 36_000)).toBe(30_000);
  });

  it("guesses at light nodes that have not been measured, and at no heavy ones", () => {
    const rates = new Rates([["a", 1e9, 10_000]]);
    const light = [...half, { type: "light", multiplyAdds: 1e8, done: 0 }];
    expect(timeLeft(light, rates, 10_000)).toBe(11_000);
    expect(timeLeft([...half, { type: "heavy", multiplyAdds: 1e9, done: 0 }], rates, 10)).toBeUndefined();
  });

  it("is said without any such once the run itself shows it", () => {
    const rates = new Rates();
    expect(timeLeft(half, rates, 10)).toBeUndefined();
    expect(timeLeft(half, rates, 8000)).toBe(8000);
    expect(timeLeft([{ type: "a", multiplyAdds: 1e9, done: 0.001 }], rates, 8000)).toBeUndefined();
    expect(timeLeft([], rates, 8000)).toBeUndefined();
  });

  it("goes by the node at work where that does most of the rest, not by what a light one took before it", () => {
    const shares = [
      { type: "light", multiplyAdds: 1e9, done: 1 },
      { type: "heavy", multiplyAdds: 98e9, done: 0.5, ms: 49_000 },
      { type: "other", multiplyAdds: 1e9, done: 0 },
    ];
    expect(timeLeft(shares, new Rates([["light", 1e9, 100_000]]), 149_000)).toBeCloseTo(50_000);
    const first = [
      { ...shares[0]!, done: 0.5, ms: 50_000 },
      { ...shares[1]!, done: 0, ms: undefined },
    ];
    expect(timeLeft(first, new Rates(), 50_000)).toBeUndefined();
  });
});

describe("A run's clock", () => {
  it("learns from nodes that were computed, not from those that were there or only mended", () => {
    const rates = new Rates();
    let now = 0;
    const clock = new RunClock(
      rates,
      (id) => id,
      () => now,
    );
    const load = { multiplyAdds: 4e9, bytes: 0, held: 0 };
    clock.hear({ kind: "forecast", nodes: new Map(["a", "b", "c"].map((id) => [id, load])) });
    const outputs = {};
    clock.hear({ kind: "finished", node: "b", ms: 9000, outputs, key: "", updated: true });
    expect(rates.time("b", 4e9)).toBeUndefined();
    now = 5000;
    clock.hear({ kind: "progress", node: "a", fraction: 0.5 });
    expect(clock.left).toBeCloseTo(5000);
    clock.hear({ kind: "finished", node: "a", ms: 6000, outputs, key: "", updated: false });
    expect(rates.time("a", 4e9)).toBe(6000);
    clock.hear({ kind: "failed", node: "c", message: "" });
    expect(clock.left).toBe(0);
  });
});
