/** Says what changed between two stored graphs, for the labels of undo and to tell a person's edit from mere redrawing. */
import type { StoredGraph, StoredNode } from "../graph/stored";
import { parseStroke, strokeName, strokeWords } from "../prior/strokes";
import { paramEntries } from "./catalog";
import { sheetChange } from "./contact-sheet/changes";
import type { Definitions } from "./layers";
import { describeTakes } from "./takes/change";

export interface Change {
  /** For people, such as "move Segment" or "set blocks of SFT ResBlock×N". */
  readonly label: string;
  /** Changes with one key made shortly after another are one step of undo. */
  readonly merge?: string;
  /** Only positions, sizes, titles or groups: what the graph computes is the same. */
  readonly cosmetic: boolean;
  /** Another graph took the place of the one there was. */
  readonly replaced?: boolean;
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Wires as text, free of link ids: what is joined to what. */
function wires(graph: StoredGraph): Map<string, StoredNode | undefined> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const socket = (slots: StoredNode["inputs"], index: number): string => slots?.[index]?.name ?? `#${index}`;
  return new Map(
    graph.links.map(([, from, output, to, input]) => [
      `${from}.${socket(byId.get(from)?.outputs, output)}>${to}.${socket(byId.get(to)?.inputs, input)}`,
      byId.get(to),
    ]),
  );
}

/**
 * What a person did between `before` and `after`; undefined where they did nothing: the order of nodes in the list (the last one
 * clicked comes last), computed order, and sizes unless `resized` says that somebody dragged a corner. `definitions` are of the
 * types there are.
 */
export function describeChange(
  before: StoredGraph,
  after: StoredGraph,
  resized = false,
  definitions: Definitions = () => undefined,
): Change | undefined {
  const name = (node: StoredNode): string => node.title || definitions(node.type)?.title || node.type;
  const isSheet = ({ type }: StoredNode): boolean =>
    paramEntries(definitions(type)?.params ?? {}).some(([, { editor }]) => editor === "regions");
  const names = (nodes: readonly StoredNode[]): string => (nodes.length === 1 ? name(nodes[0]!) : `${nodes.length} nodes`);
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const now = new Map(after.nodes.map((node) => [node.id, node]));
  const added = after.nodes.filter((node) => !old.has(node.id));
  const removed = before.nodes.filter((node) => !now.has(node.id));
  if (added.length && removed.length) return { label: "replace nodes", cosmetic: false };
  if (added.length) return { label: `add ${names(added)}`, cosmetic: false };
  if (removed.length) return { label: `delete ${names(removed)}`, cosmetic: false };

  const oldWires = wires(before);
  const newWires = wires(after);
  const joined = [...newWires].filter(([wire]) => !oldWires.has(wire));
  const cut = [...oldWires].filter(([wire]) => !newWires.has(wire));
  const end = (joined[0] ?? cut[0])?.[1];
  const at = end ? ` ${name(end)}` : "";
  if (joined.length && cut.length) return { label: `rewire${at}`, cosmetic: false };
  if (joined.length) return { label: `connect${at}`, cosmetic: false };
  if (cut.length) return { label: `disconnect${at}`, cosmetic: false };

  const both = after.nodes.map((node) => [old.get(node.id)!, node] as const);
  for (const [was, is] of both) {
    const sheet = isSheet(is) && sheetChange(was.properties ?? {}, is.properties ?? {}, is.id);
    if (sheet) return sheet;
    const keys = new Set([...Object.keys(was.properties ?? {}), ...Object.keys(is.properties ?? {})]);
    for (const key of keys)
      if (!same(was.properties?.[key], is.properties?.[key]))
        return (
          strokeChange(was.properties?.[key], is.properties?.[key]) ?? {
            label: `set ${key} of ${name(is)}`,
            merge: `set ${is.id}.${key}`,
            cosmetic: false,
          }
        );
    if (!same(was.mode, is.mode)) return { label: `change the mode of ${name(is)}`, cosmetic: false };
  }
  const moved = both.filter(([was, is]) => !same(was.pos, is.pos)).map(([, is]) => is);
  if (moved.length) return { label: `move ${names(moved)}`, cosmetic: true };
  const titled = both.find(([was, is]) => !same(was.title, is.title));
  if (titled) return { label: `rename ${name(titled[0])}`, merge: `title ${titled[1].id}`, cosmetic: true };
  const led = both.find(([was, is]) => !same(routesOf(was), routesOf(is)));
  if (led) return { label: `reroute a wire of ${name(led[1])}`, cosmetic: true };
  const painted = both.find(([was, is]) => !same([was.color, was.bgcolor, was.flags], [is.color, is.bgcolor, is.flags]));
  if (painted) return { label: `change ${name(painted[1])}`, cosmetic: true };
  if (!same(before.groups, after.groups)) return { label: "change a group", cosmetic: true };
  const takes = same(before.extra, after.extra) ? undefined : describeTakes(before, after);
  if (takes) return { label: takes, cosmetic: true };
  if (!same(before.extra, after.extra)) return { label: "rename the graph", merge: "extra", cosmetic: true };
  const sized = resized && both.find(([was, is]) => !same(was.size, is.size));
  if (sized) return { label: `resize ${name(sized[1])}`, cosmetic: true };
  return undefined;
}

const routesOf = ({ flags }: StoredNode): unknown => (flags as { routes?: unknown } | undefined)?.routes;

/** What painting changed, one stroke a step; undefined where the values are no strokes. */
function strokeChange(was: unknown, is: unknown): Change | undefined {
  if (typeof was !== "string" || typeof is !== "string" || !/^1 [befl][0-7]\./.test(is || was)) return undefined;
  try {
    const [before, now] = [strokeWords(was), strokeWords(is)];
    const added = now.length > before.length && now.at(-1);
    const label = added ? strokeName(parseStroke(added)) : now.length ? "change the strokes" : "clear the strokes";
    return { label, cosmetic: false };
  } catch {
    return undefined;
  }
}
