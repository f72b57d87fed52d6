import { describe, expect, it } from "vitest";
import { Progress } from "../../src/graph/progress";

describe("How far a run is", () => {
  it("goes by the number of nodes as long as nothing is known of what they take", () => {
    const progress = new Progress(["a", "b"]);
    progress.set("a", 0.5);
    progress.set("of another run", 1);
    expect(progress.overall).toEqual({ done: 0, total: 2, fraction: 0.25 });
  });

  it("goes by their work where that is known", () => {
    const progress = new Progress(["a", "b", "c"]);
    progress.weigh(
      new Map([
        ["a", 1],
        ["b", 9],
      ]),
    );
    progress.set("a", 1);
    progress.set("c", 1);
    expect(progress.overall).toEqual({ done: 2, total: 3, fraction: 0.1 });
    progress.set("b", 1);
    expect(progress.overall).toEqual({ done: 3, total: 3, fraction: 1 });
  });

  it("is nothing of nothing", () => {
    expect(new Progress([]).overall).toEqual({ done: 0, total: 0, fraction: 0 });
  });
});
