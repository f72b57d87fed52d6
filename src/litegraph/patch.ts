/**
 * From one state of a graph to another in place, where they differ in our nodes and the links between them only, and none goes: most steps of
 * undo do, and making all nodes of a large graph anew takes long.
 */
import type { StoredGraph, StoredLink, StoredNode } from "../graph/stored";
import {
  definitionOf,
  type LGraph,
  type LGraphNode,
  type LiteGraphHost,
  type LLink,
  linksOf,
  nodesOf,
  registrationOf,
} from "./host";
import { whileLoading } from "./slots";

/** What litegraph says itself once nodes and links are there. `order` is the place of a node among those that run. */
const rest = ({ pos, size, title, properties, order, inputs, outputs, ...others }: StoredNode): string => JSON.stringify(others);
const graphFields = ({ nodes, links, last_node_id, last_link_id, ...others }: StoredGraph): string => JSON.stringify(others);
const withoutOrder = ({ order, ...others }: StoredNode): string => JSON.stringify(others);

/**
 * `before` is the graph as `save` gives it, `after` an earlier such state. False, with nothing done, where they differ in more;
 * fields that `after` has not are left, so whoever calls compares what has become of it, and loads it where it is not the same.
 */
export function patch(graph: LGraph, before: StoredGraph, after: StoredGraph): boolean {
  if (graphFields(before) !== graphFields(after)) return false;
  const { host, definitions } = registrationOf(graph);
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const live = new Map(nodesOf(graph).map((node) => [node.id, node]));
  const wanted = new Set(after.nodes.map(({ id }) => id));
  // What canvases hold of a node that goes, such as what is under the pointer, only loading takes from them.
  if ([...live.keys()].some((id) => !wanted.has(id))) return false;
  const changed: StoredNode[] = [];
  for (const node of after.nodes) {
    const [was, now] = [old.get(node.id), live.get(node.id)];
    if (was && withoutOrder(was) === withoutOrder(node)) continue;
    if (!definitions.has(node.type) || (now && (!was || !definitionOf(now) || rest(was) !== rest(node)))) return false;
    changed.push(node);
  }
  whileLoading(graph, () => {
    relink(graph, host.LLink, after.links);
    for (const { id, type } of changed) {
      if (live.has(id)) continue;
      const node = host.createNode(type) as LGraphNode;
      node.id = id;
      graph.add(node, true);
      live.set(id, node);
    }
    for (const stored of changed) live.get(stored.id)!.configure(structuredClone(stored) as never);
  });
  settle(graph, after, live);
  return true;
}

/** Gives a graph these links: those that are the same stay. */
function relink(graph: LGraph, Link: LiteGraphHost["LLink"], links: readonly StoredLink[]): void {
  const wanted = new Map(links.map((link) => [link[0], link]));
  const isSame = (link: LLink, [, from, output, to, input]: StoredLink) =>
    link.origin_id === from && link.origin_slot === output && link.target_id === to && link.target_slot === input;
  for (const link of linksOf(graph)) {
    const now = wanted.get(link.id);
    if (now && isSame(link, now)) wanted.delete(link.id);
    else delete graph.links[link.id];
  }
  for (const [id, from, output, to, input, type] of wanted.values())
    graph.links[id] = new Link(id, type as string, from, output, to, input);
}

/** Nodes are drawn and run in the order that is stored. */
function settle(graph: LGraph, { nodes, last_node_id, last_link_id }: StoredGraph, live: ReadonlyMap<number, LGraphNode>): void {
  Object.assign(graph, { last_node_id, last_link_id });
  const orders = nodes.map(({ id, order }) => [live.get(id) as LGraphNode & { order?: number | undefined }, order] as const);
  const drawn = nodesOf(graph) as LGraphNode[];
  drawn.splice(0, drawn.length, ...orders.map(([node]) => node)); // the last one clicked is drawn last
  const { _nodes_in_order: running } = graph as unknown as { _nodes_in_order: readonly LGraphNode[] };
  const isRunning = new Set(running);
  if (running.length === nodes.length && orders.every(([node, order]) => node.order === order && isRunning.has(node))) return;
  graph.updateExecutionOrder();
  for (const [node, order] of orders) node.order = order;
  const { _nodes_in_order: sorted } = graph as unknown as { _nodes_in_order: { order?: number }[] };
  sorted.sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
}
