/** Links of a stored graph in the slots at their ends, which say them once more. */
import type { StoredLink, StoredNode } from "./stored";

/** The nodes with these links in their slots, and no others. */
export function withLinks(nodes: readonly StoredNode[], links: readonly StoredLink[]): StoredNode[] {
  const into = new Map(links.map(([id, , , target, slot]) => [`${target}.${slot}`, id]));
  const outOf = new Map<string, number[]>();
  for (const [id, origin, slot] of links) {
    const own = outOf.get(`${origin}.${slot}`);
    if (own) own.push(id);
    else outOf.set(`${origin}.${slot}`, [id]);
  }
  return nodes.map((node) => ({
    ...node,
    ...(node.inputs && { inputs: node.inputs.map((one, slot) => ({ ...one, link: into.get(`${node.id}.${slot}`) ?? null })) }),
    ...(node.outputs && {
      outputs: node.outputs.map((one, slot) => ({ ...one, links: outOf.get(`${node.id}.${slot}`) ?? null })),
    }),
  }));
}
