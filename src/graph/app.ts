/**
 * What of a graph its app shows, as the graph keeps it in `extra.sftgan.app`: the parameters that are marked, in order, and the node
 * whose picture is the result. The app's name and its line of description are the graph's own.
 */
import { isRecord } from "./json";
import type { StoredGraph } from "./stored";

export interface AppMark {
  readonly node: number;
  readonly param: string;
}

export interface AppMarks {
  readonly controls: readonly AppMark[];
  /** A node's id; absent: the app chooses. */
  readonly result?: number;
}

/** Marks past these are dropped: no page with more is simple. */
export const MOST_MARKS = 100;
/** Characters of a parameter's name. */
const LONGEST_NAME = 200;

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Rebuilds what is stored, of any JSON; what is no mark is dropped. Undefined where nothing is marked. */
export function cleanMarks(value: unknown): AppMarks | undefined {
  if (!isRecord(value)) return undefined;
  const known = new Set<string>();
  const controls: AppMark[] = [];
  for (const one of Array.isArray(value.controls) ? value.controls : []) {
    if (controls.length === MOST_MARKS) break;
    if (!isRecord(one) || !isId(one.node) || typeof one.param !== "string" || one.param.length > LONGEST_NAME) continue;
    const key = `${one.node} ${one.param}`;
    if (known.has(key)) continue;
    known.add(key);
    controls.push({ node: one.node, param: one.param });
  }
  const marks = { controls, ...(isId(value.result) && { result: value.result }) };
  return controls.length > 0 || marks.result !== undefined ? marks : undefined;
}

/** The marks of a graph; undefined where there are none. */
export const marksOf = ({ extra }: Pick<StoredGraph, "extra">): AppMarks | undefined =>
  cleanMarks(isRecord(extra.sftgan) ? extra.sftgan.app : undefined);

/** What a graph keeps in `extra.sftgan` with these marks in the place of its own; undefined takes them away. */
export function withMarks(own: unknown, marks: AppMarks | undefined): Record<string, unknown> {
  const { app: _, ...others } = isRecord(own) ? own : {};
  const kept = cleanMarks(marks);
  return kept ? { ...others, app: kept } : others;
}

export const isMarked = (marks: AppMarks | undefined, { node, param }: AppMark): boolean =>
  marks?.controls.some((one) => one.node === node && one.param === param) ?? false;

/** The marks with this one added at the end, or taken away where it was there. Marks of nodes that are gone go too. */
export function toggleMark(marks: AppMarks | undefined, mark: AppMark, nodes: ReadonlySet<number>): AppMarks {
  const here = (marks?.controls ?? []).filter(({ node }) => nodes.has(node));
  const others = here.filter((one) => one.node !== mark.node || one.param !== mark.param);
  const { result } = marks ?? {};
  return {
    controls: others.length < here.length ? others : [...others, mark],
    ...(result !== undefined && nodes.has(result) && { result }),
  };
}
