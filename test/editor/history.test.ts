import { describe, expect, it } from "vitest";
import { History } from "../../src/editor/history";

describe("undo history", () => {
  it("goes back and forth and says what it takes back", () => {
    const history = new History("a");
    history.record("b", "add Segment");
    history.record("c", "move Segment");
    expect(history.undoLabel).toBe("move Segment");
    expect(history.undo()).toMatchObject({ state: "b", label: "move Segment" });
    expect(history.redoLabel).toBe("move Segment");
    expect(history.undo()).toMatchObject({ state: "a", label: "add Segment" });
    expect(history.undo()).toBeUndefined();
    expect(history.redo()).toMatchObject({ state: "b", label: "add Segment" });
    expect(history.present).toBe("b");
  });

  it("forgets what was undone once something new is done", () => {
    const history = new History("a");
    history.record("b", "one");
    history.undo();
    history.record("c", "two");
    expect(history.redo()).toBeUndefined();
    expect(history.undo()?.state).toBe("a");
  });

  it("makes one step of changes to one value that follow shortly", () => {
    const history = new History("a");
    history.record("b", "set blocks", "blocks", 1000);
    history.record("c", "set blocks", "blocks", 1500);
    history.record("d", "set blocks", "blocks", 5000);
    expect(history.undo()?.state).toBe("c");
    expect(history.undo()?.state).toBe("a");
  });

  it("does not join a change to one made before an undo", () => {
    const history = new History("a");
    history.record("b", "set", "k", 1000);
    history.record("c", "set", "other", 1100);
    history.undo();
    history.record("d", "set", "k", 1200);
    expect(history.undo()?.state).toBe("b");
  });

  it("makes one step of a change and what goes on from it, however much later", () => {
    const history = new History("a");
    history.join("b", "add Crop");
    expect(history.undoLabel).toBe("add Crop"); // there was no step to go on from
    history.record("c", "disconnect");
    history.join("d", "add Resize");
    expect(history.undo()).toMatchObject({ state: "b", label: "add Resize" });
    history.join("e", "add Note"); // what was undone is none
    expect(history.undo()).toMatchObject({ state: "b", label: "add Note" });
  });

  it("is no step where nothing changed, and none where the present only became something else by itself", () => {
    const history = new History("a");
    history.record("a", "nothing");
    history.amend("a2");
    expect(history.undo()).toBeUndefined();
    expect(history.present).toBe("a2");
  });

  it("keeps a bounded number of steps and of characters, the latest ones", () => {
    const steps = new History("0", { steps: 3, characters: 1e6 });
    for (let i = 1; i <= 10; i++) steps.record(String(i), "step");
    expect([steps.undo(), steps.undo(), steps.undo(), steps.undo()].map((step) => step?.state)).toEqual([
      "9",
      "8",
      "7",
      undefined,
    ]);
    const large = new History("x".repeat(100), { steps: 100, characters: 250 });
    large.record("y".repeat(100), "one");
    large.record("z".repeat(100), "two");
    expect(large.undo()?.state[0]).toBe("y");
    expect(large.undo()).toBeUndefined();
  });
});
