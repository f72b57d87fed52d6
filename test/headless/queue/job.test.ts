/** What lies in the queue, and what is refused of it. */
import { describe, expect, it } from "vitest";
import { checkedJob, checkedRecipe, checkedReturned, jobId, progressOf, recipeText } from "../../../src/headless/queue/job";

const RECIPE = recipeText({ model: "lite", "read-damaged": true });
const JOB = { from: "in/a.jpg", to: "out/a.png", size: 1234, recipe: RECIPE.hash };
const KNOWN = new Set(["model", "read-damaged"]);

describe("jobId", () => {
  it("is one for one picture, recipe and result, and another for any other", () => {
    const ids = [
      JOB,
      { ...JOB, from: "in/b.jpg" },
      { ...JOB, to: "out/b.png" },
      { ...JOB, size: 1 },
      { ...JOB, recipe: "0".repeat(64) },
    ];
    expect(jobId({ ...JOB })).toBe(jobId(JOB));
    expect(new Set(ids.map(jobId)).size).toBe(ids.length);
  });

  it("does not go by the order of options", () => {
    expect(recipeText({ "read-damaged": true, model: "lite" })).toEqual(RECIPE);
  });
});

describe("checkedJob", () => {
  it("takes what upscale puts there", () => {
    expect(checkedJob({ ...JOB })).toEqual(JOB);
  });

  it.each([
    [null],
    ["text"],
    [{}],
    [{ ...JOB, from: "" }],
    [{ ...JOB, from: 7 }],
    [{ ...JOB, to: "out/a\0.png" }],
    [{ ...JOB, from: "x".repeat(5000) }],
    [{ ...JOB, size: "1234" }],
    [{ ...JOB, size: 1.5 }],
    [{ ...JOB, recipe: "../../etc" }],
  ])("refuses %j", (data) => {
    expect(() => checkedJob(data)).toThrow("the job is of no form that this program knows: plan the batch again");
  });

  it.each(["out/a.json", "out/a", ".bashrc", "out/a.constructor"])("refuses the result %s, which is no picture", (to) => {
    expect(() => checkedJob({ ...JOB, to })).toThrow(`the job's result "${to}" is no picture by its ending`);
  });
});

describe("checkedRecipe", () => {
  it("takes a recipe of the hash that the job says", () => {
    expect(checkedRecipe(RECIPE.text, RECIPE.hash, KNOWN)).toEqual({ model: "lite", "read-damaged": true });
    const file = recipeText({ model: { path: "weights/a.pth", sha256: "0".repeat(64) } });
    expect(checkedRecipe(file.text, file.hash, KNOWN)).toEqual({ model: { path: "weights/a.pth", sha256: "0".repeat(64) } });
  });

  it("refuses one that is not there, of another hash, of another form, or with an option that it does not know", () => {
    expect(() => checkedRecipe(null, RECIPE.hash, KNOWN)).toThrow("is not in the queue: plan the batch again");
    expect(() => checkedRecipe("{}", RECIPE.hash, KNOWN)).toThrow("is not in the queue: plan the batch again");
    const odd = recipeText({ model: 7 as never });
    expect(() => checkedRecipe(odd.text, odd.hash, KNOWN)).toThrow("the batch's --model is of no form that this program knows");
    const newer = recipeText({ hologram: true });
    expect(() => checkedRecipe(newer.text, newer.hash, KNOWN)).toThrow(
      "asks for --hologram, which this version does not know: update sftgan",
    );
    const proto = recipeText(JSON.parse('{"__proto__": true}'));
    expect(() => checkedRecipe(proto.text, proto.hash, KNOWN)).toThrow("asks for --__proto__");
  });
});

describe("what workers say", () => {
  it("is taken as it is, or refused", () => {
    const done = { kind: "done", width: 8, height: 4, ms: 3, warnings: ["a"] };
    expect(checkedReturned(done)).toEqual(done);
    expect(checkedReturned({ kind: "skipped", more: 1 })).toEqual({ kind: "skipped" });
    for (const odd of [undefined, "done", { kind: "done" }, { ...done, width: "8" }, { ...done, warnings: [1] }])
      expect(() => checkedReturned(odd)).toThrow("it ended in a way that this version does not know");
    expect(progressOf({ stage: "Segment", fraction: 0.5, worker: "a-1" })).toEqual({
      stage: "Segment",
      fraction: 0.5,
      worker: "a-1",
    });
    for (const odd of [7, { exit: 1 }, { stage: "Segment", fraction: 2, worker: "a" }]) expect(progressOf(odd)).toBeUndefined();
  });
});
