/** The values in the weights-* fixtures, as test/fixtures/make-weights.py wrote them. */
import { fixture } from "../fixture";

type Expected = Record<string, { shape: number[]; data: number[] }>;

const all = JSON.parse(new TextDecoder().decode(await fixture("weights-expected.json")));

export const views = Object.entries(all.views as Expected);
export const array = (name: string): Expected[string] => (all as Expected)[name]!;
/** Element k of tensor t of a fixture's network. */
export const pattern = (t: number, k: number): number => (((31 * t + k) % 17) - 8) / 16;
