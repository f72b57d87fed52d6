/** Puts a take's recipe back into the graph: the nodes it was kept from are set and wired as they were, those gone are added. */
import { withLinks } from "../../graph/links";
import { isOff, MODE, modeOf } from "../../graph/modes";
import type { AnySchema, Param } from "../../graph/node";
import { paramType } from "../../graph/param";
import { type Embedded, withData } from "../../graph/recipe";
import type { StoredGraph, StoredLink, StoredNode } from "../../graph/stored";
import { findNode, flat, withNode } from "../../graph/subgraphs";
import { entriesOf, type RecipeNode, type Take, type Takes } from "../../graph/takes";
import { socketEntries } from "../catalog";
import { freePlace } from "../free-place";
import type { Definitions } from "../layers";
import type { Box } from "../wires/geometry";

export interface Restored {
  readonly graph: StoredGraph;
  /** What nodes are called that were gone and have been added. */
  readonly added: readonly string[];
  /** The result's node. */
  readonly result: number;
}

/** Of a node whose size is not known, its title included. */
const SIZE = [220, 160] as const;
const TITLE = 30;
const GAP = 40;

/**
 * `graph` with the recipe of one of `takes` in it. What hangs on the recipe's nodes but is no part of it stays as it is. Nodes of
 * the recipe inside of subgraphs are set there; where they have to be wired anew, their subgraphs are unpacked.
 */
export function restore(stored: StoredGraph, takes: Takes, take: Take, definitions: Definitions, files: Embedded): Restored {
  const own = new Set(entriesOf(takes.nodes, take.result).map((entry) => takes.nodes[entry]!.id));
  const { graph: opened, owners } = flat(stored);
  if (![...owners.keys()].some((id) => own.has(id))) return restoreInto(stored, takes, take, definitions, files);
  const restored = restoreInto(opened, takes, take, definitions, files);
  const isWiredAnew = JSON.stringify(endsIn(restored.graph)) !== JSON.stringify(endsIn(opened));
  if (restored.added.length || isWiredAnew) {
    const holds = (id: number): boolean =>
      [...owners].some(([inner, owner]) => owner.id === id && (own.has(inner) || holds(inner)));
    return restoreInto(flat(stored, ({ id }) => holds(id)).graph, takes, take, definitions, files);
  }
  const set = restored.graph.nodes
    .filter(({ id }) => own.has(id))
    .reduce(
      (now, { id, mode, properties }) => withNode(now, id, (node) => ({ ...node, mode, properties }) as StoredNode),
      stored,
    );
  const within = new Set(restored.graph.nodes.flatMap(({ id }) => (own.has(id) ? (findNode(stored, id)?.path ?? []) : [])));
  const graph = [...within].reduce(
    (now, id) => withNode(now, id, (node) => (isOff(modeOf(node)) ? { ...node, mode: MODE.always } : node)),
    set,
  );
  return { ...restored, graph };
}

/** The ends of a graph's links, in one order. */
const endsIn = ({ links }: StoredGraph): string[] => links.map(([, ...ends]) => ends.slice(0, 4).join()).sort();

function restoreInto(graph: StoredGraph, takes: Takes, take: Take, definitions: Definitions, files: Embedded): Restored {
  const entries = entriesOf(takes.nodes, take.result);
  const ids = placeIds(graph, takes.nodes, entries);
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const added: string[] = [];
  for (const entry of [...entries].reverse()) {
    const recipe = takes.nodes[entry]!;
    const id = ids.get(entry)!;
    const there = nodes.get(id);
    if (there) {
      const properties = { ...there.properties, ...withData(recipe.properties, files) };
      nodes.set(id, { ...there, mode: isOff(modeOf(there)) ? MODE.always : (there.mode ?? MODE.always), properties });
      continue;
    }
    const def = definitions(recipe.type);
    added.push(recipe.title ?? def?.title ?? recipe.type);
    const fed = entries.filter((other) => Object.values(takes.nodes[other]!.inputs).some(([from]) => from === entry));
    nodes.set(
      id,
      newNode(
        recipe,
        id,
        def,
        placeOf(
          nodes,
          fed.map((other) => ids.get(other)!),
        ),
        files,
      ),
    );
  }
  const links = wire(graph, takes.nodes, ids, nodes, definitions);
  return {
    graph: {
      ...graph,
      last_node_id: Math.max(graph.last_node_id, ...nodes.keys()),
      last_link_id: links.reduce((last, [id]) => Math.max(last, id), graph.last_link_id),
      nodes: withLinks([...nodes.values()], links),
      links,
    },
    added: added.reverse(),
    result: ids.get(take.result[0])!,
  };
}

/** The node of each entry: the one it was kept from where that is still there, else its id where that is free, else a new one. */
function placeIds(graph: StoredGraph, nodes: readonly RecipeNode[], entries: readonly number[]): Map<number, number> {
  const types = new Map(graph.nodes.map(({ id, type }) => [id, type]));
  const used = new Set<number>();
  const ids = new Map<number, number>();
  let last = Math.max(graph.last_node_id, ...types.keys(), ...entries.map((entry) => nodes[entry]!.id));
  for (const entry of entries) {
    const { id, type } = nodes[entry]!;
    const fits = !used.has(id) && (types.get(id) ?? type) === type;
    ids.set(entry, fits ? id : ++last);
    used.add(ids.get(entry)!);
  }
  return ids;
}

function newNode(
  recipe: RecipeNode,
  id: number,
  def: AnySchema | undefined,
  pos: readonly [number, number],
  files: Embedded,
): StoredNode {
  const inputs = socketEntries(def?.inputs ?? {}).map(([name, { type }]) => ({ name, type, link: null }));
  const outputs = socketEntries(def?.outputs ?? {}).map(([name, { type }]) => ({ name, type, links: null }));
  const title = recipe.title && { title: recipe.title };
  return {
    id,
    type: recipe.type,
    ...title,
    pos,
    flags: {},
    mode: 0,
    inputs,
    outputs,
    properties: withData(recipe.properties, files),
  };
}

/** Left of what the node feeds, or right of all. */
function placeOf(nodes: ReadonlyMap<number, StoredNode>, fed: readonly number[]): readonly [number, number] {
  const boxes = [...nodes.values()].map((node): Box => {
    const [left, top] = node.pos ?? [0, 0];
    const [width, height] = node.size ?? SIZE;
    return [left, top - TITLE, width, height + TITLE];
  });
  const target = fed.map((id) => nodes.get(id)?.pos).find((pos) => pos !== undefined);
  const right = Math.max(0, ...boxes.map(([left, , width]) => left + width));
  const [x, y] = target ? [target[0] - SIZE[0] - GAP, target[1]] : [right + GAP, boxes[0]?.[1] ?? 0];
  const [left, top] = freePlace([x, y - TITLE, SIZE[0], SIZE[1] + TITLE], boxes);
  return [left, top + TITLE];
}

/** The graph's links, those into the recipe's nodes as the recipe has them. Missing slots are added to `nodes`. */
function wire(
  graph: StoredGraph,
  recipe: readonly RecipeNode[],
  ids: ReadonlyMap<number, number>,
  nodes: Map<number, StoredNode>,
  definitions: Definitions,
): StoredLink[] {
  const slot = (id: number, list: "inputs" | "outputs", name: string): number => {
    const node = nodes.get(id)!;
    const slots = node[list] ?? [];
    const at = slots.findIndex((one) => one.name === name);
    if (at >= 0) return at;
    nodes.set(id, { ...node, [list]: [...slots, { name, type: typeOf(definitions(node.type), list, name) }] });
    return slots.length;
  };
  const targets = new Set(ids.values());
  const links = graph.links.filter((link) => !targets.has(link[3]));
  let last = Math.max(graph.last_link_id, ...graph.links.map(([id]) => id));
  for (const [entry, target] of ids)
    for (const [name, [from, output]] of Object.entries(recipe[entry]!.inputs)) {
      const origin = ids.get(from)!;
      const ends = [origin, slot(origin, "outputs", output), target, slot(target, "inputs", name)] as const;
      const same = graph.links.find((link) => ends.every((end, i) => link[i + 1] === end));
      links.push(same ?? [++last, ...ends, typeOf(definitions(nodes.get(origin)!.type), "outputs", output)]);
    }
  return links;
}

function typeOf(def: AnySchema | undefined, list: "inputs" | "outputs", name: string): string | number {
  const found = socketEntries(def?.[list] ?? {}).find(([socket]) => socket === name)?.[1].type;
  const param = list === "inputs" && def && Object.hasOwn(def.params, name) ? (def.params[name] as Param) : undefined;
  return found ?? (param && paramType(param)) ?? 0;
}
