/** Which pictures fall to which task of an array job. */
import { describe, expect, it } from "vitest";
import { inPart, partOf } from "../../src/headless/part";

const jobs = (count: number) => Array.from({ length: count }, (_, i) => ({ place: `folder ${i % 7}/picture ${i}.png` }));

describe("--part", () => {
  it("reads the number of the part, from 1, and how many there are", () => {
    expect(partOf("3/8", {})).toEqual({ number: 3, of: 8 });
    expect(partOf("1/1", {})).toEqual({ number: 1, of: 1 });
  });

  it.each(["", "3", "0/8", "9/8", "3/0", "-1/8", "1.5/8", "3/8/2", " 3/8", "3/1000001", "3/99999999999", "Auto"])(
    'refuses "%s", and says what it takes',
    (text) => {
      expect(() => partOf(text, {})).toThrow(`--part is "${text}": it must be like 3/8`);
    },
  );

  it("gives every picture to one part and one only, in its order, about as many to each", () => {
    const all = jobs(4000);
    const parts = Array.from({ length: 8 }, (_, i) => inPart(all, { number: i + 1, of: 8 }));
    expect(new Set(parts.flat()).size).toBe(4000);
    expect(parts.flat().length).toBe(4000);
    for (const part of parts) {
      expect(part).toEqual(all.filter((job) => part.includes(job)));
      expect(Math.abs(part.length - 500)).toBeLessThan(100);
    }
  });

  it("gives a picture to the same part whatever lies beside it, and however its accents are written", () => {
    const part = { number: 2, of: 3 };
    const some = jobs(100).filter((_, i) => i % 3 > 0);
    expect(inPart(some, part)).toEqual(inPart(jobs(100), part).filter(({ place }) => some.some((job) => job.place === place)));
    for (let number = 1; number <= 3; number++)
      expect(inPart([{ place: "caf\u00e9.png" }], { number, of: 3 }).length).toBe(
        inPart([{ place: "cafe\u0301.png" }], { number, of: 3 }).length,
      );
  });
});

describe("--part auto", () => {
  it("reads what Kubernetes, AWS Batch and Slurm say", () => {
    expect(partOf("auto", { JOB_COMPLETION_INDEX: "0", JOB_COMPLETIONS: "5" })).toEqual({ number: 1, of: 5 });
    expect(partOf("auto", { AWS_BATCH_JOB_ARRAY_INDEX: "4", AWS_BATCH_JOB_ARRAY_SIZE: "5" })).toEqual({ number: 5, of: 5 });
    expect(partOf("auto", { SLURM_ARRAY_TASK_ID: "2", SLURM_ARRAY_TASK_COUNT: "4" })).toEqual({ number: 3, of: 4 });
  });

  it("counts Slurm's tasks from wherever, and in whatever steps, they are numbered", () => {
    const slurm = (id: number, min: number, max: number, step: number, count: number) =>
      partOf("auto", {
        SLURM_ARRAY_TASK_ID: String(id),
        SLURM_ARRAY_TASK_MIN: String(min),
        SLURM_ARRAY_TASK_MAX: String(max),
        SLURM_ARRAY_TASK_STEP: String(step),
        SLURM_ARRAY_TASK_COUNT: String(count),
      });
    expect(slurm(1, 1, 8, 1, 8)).toEqual({ number: 1, of: 8 });
    expect(slurm(8, 1, 8, 1, 8)).toEqual({ number: 8, of: 8 });
    expect(slurm(14, 10, 16, 2, 4)).toEqual({ number: 3, of: 4 });
    expect(() => slurm(7, 3, 7, 1, 2)).toThrow("with gaps, so which part task 7 is cannot be told");
  });

  it("says what is missing or makes no sense", () => {
    expect(() => partOf("auto", {})).toThrow("and none is set: start it as an array job");
    expect(() => partOf("auto", { JOB_COMPLETION_INDEX: "1" })).toThrow(
      "JOB_COMPLETIONS is not set, and Kubernetes has a whole number there, which the manifest must set: set it",
    );
    expect(() => partOf("auto", { JOB_COMPLETION_INDEX: "x", JOB_COMPLETIONS: "3" })).toThrow('JOB_COMPLETION_INDEX is "x"');
    expect(() => partOf("auto", { JOB_COMPLETION_INDEX: "3", JOB_COMPLETIONS: "3" })).toThrow("which is no part of a whole");
    expect(() =>
      partOf("auto", { JOB_COMPLETION_INDEX: "3", JOB_COMPLETIONS: "4", SLURM_ARRAY_TASK_ID: "1", SLURM_ARRAY_TASK_COUNT: "2" }),
    ).toThrow("finds both JOB_COMPLETION_INDEX and SLURM_ARRAY_TASK_ID set");
  });
});
