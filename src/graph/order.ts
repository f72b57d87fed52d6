/** In what order nodes are computed: what feeds a node before the node. */
import type { Graph } from "./parse";

/** The ids `targets` need, sources first, and a sentence for each node that lies on a cycle or is not there. */
export function order(
  graph: Graph,
  targets: readonly string[],
): { readonly ids: string[]; readonly errors: Map<string, string> } {
  const sorted = new Set<string>();
  const open: string[] = [];
  const errors = new Map<string, string>();
  const visit = (id: string) => {
    if (sorted.has(id)) return;
    if (open.includes(id)) {
      const loop = [...open.slice(open.indexOf(id)), id].map((node) => graph.get(node)!.title.slice(0, 40));
      const shown = loop.length > 7 ? [...loop.slice(0, 3), "…", ...loop.slice(-3)] : loop;
      errors.set(id, `it depends on itself (${shown.join(" → ")}): remove one of these links`);
      return;
    }
    const node = graph.get(id);
    if (!node) {
      errors.set(id, `the graph has no node ${id}: choose one of ${[...graph.keys()].slice(0, 20).join(", ")}`);
      return;
    }
    open.push(id);
    for (const link of Object.values(node.inputs)) if (graph.has(link.node)) visit(link.node);
    open.pop();
    sorted.add(id);
  };
  for (const id of targets) visit(id);
  return { ids: [...sorted], errors };
}
