import { expect, it } from "vitest";
import { Consent } from "../../../src/editor/app/consent";
import type { LongRun } from "../../../src/editor/long-runs/outlook";
import type { Remedy } from "../../../src/editor/long-runs/remedies";
import { graphOf } from "../../graph-builder";

const GRAPH = graphOf([["load-lr"]]);
const REMEDY = { label: "Take lite", ms: 1000, step: "", remedied: () => ({ graph: GRAPH, node: 1, added: [] }) } as Remedy;

function setUp() {
  const next: { before?: LongRun | undefined; during?: readonly Remedy[] | undefined } = {};
  const consent = new Consent({ before: async () => next.before, during: async () => next.during, forget() {} });
  const long = (ms: number) => {
    next.before = { ms, bytes: 4e8, remedies: [REMEDY] };
  };
  return { next, consent, long };
}

it("A long run of an app waits for an answer; what was agreed to, and what is not much longer, is not asked about again", async () => {
  const { consent, long } = setUp();
  expect(await consent.before(GRAPH, "1")).toBe(true);
  long(120_000);
  expect(await consent.before(GRAPH, "1")).toBe(false);
  expect(consent.question).toMatchObject({ text: "This takes about 2 min and 400 MB of memory on this device.", waits: true });
  expect(await consent.before(GRAPH, "1")).toBe(false); // something else was set meanwhile
  consent.agree();
  expect([consent.question, await consent.before(GRAPH, "1")]).toEqual([undefined, true]);
  long(150_000);
  expect(await consent.before(GRAPH, "1")).toBe(true);
  long(400_000);
  expect(await consent.before(GRAPH, "1")).toBe(false);
  consent.settle();
  expect(consent.question).toBeDefined();
  consent.forget();
  expect(consent.question).toBeUndefined();
});

it("A run that proves to be long is spoken of while it is under way, and no longer", async () => {
  const { consent, next } = setUp();
  const hear = async (isWanted: boolean) => {
    consent.hear({ kind: "overall", done: 1, total: 2, fraction: 0.1, left: 180_000 }, GRAPH, () => isWanted);
    await Promise.resolve();
    await Promise.resolve();
    return consent.question;
  };
  expect(await hear(true)).toBeUndefined();
  next.during = [REMEDY];
  expect(await hear(false)).toBeUndefined();
  expect(await hear(true)).toEqual({ text: "This takes about 3 min more.", remedies: [REMEDY], waits: false });
  consent.settle();
  expect(consent.question).toBeUndefined();
});
