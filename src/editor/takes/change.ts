/** Says what changed between two lists of takes, for the labels of undo. */
import type { StoredGraph } from "../../graph/stored";
import { readTakes } from "../../graph/takes";

/** "keep take “plant”"; undefined where the takes are the same. */
export function describeTakes(before: StoredGraph, after: StoredGraph): string | undefined {
  const [was, is] = [readTakes(before).takes, readTakes(after).takes];
  if (JSON.stringify(was) === JSON.stringify(is)) return undefined;
  const names = (takes: typeof was) => takes.list.map(({ name }) => name);
  const only = (some: readonly string[], others: readonly string[]) => some.find((name, i) => name !== others[i]) ?? some.at(-1);
  if (is.list.length > was.list.length) return `keep take “${only(names(is), names(was))}”`;
  if (is.list.length < was.list.length) return `delete take “${only(names(was), names(is))}”`;
  return `rename take “${only(names(was), names(is))}”`;
}
