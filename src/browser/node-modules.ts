/** Imports modules of nodes, in whatever thread computes: what the page is given of them is their schemas. */
import type { AnyNode } from "../graph/node";

/**
 * The definitions in the modules at these addresses, in order. `taken` are types that others have. Rejects with an error that
 * names the module.
 */
export async function importNodes(urls: readonly string[], taken: readonly string[]): Promise<AnyNode[]> {
  if (urls.length === 0) return [];
  const { nodesOf } = await import("../toolkit/module");
  const nodes: AnyNode[] = [];
  for (const url of urls) {
    const module = await import(/* @vite-ignore */ /* webpackIgnore: true */ url).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : error;
      throw new Error(
        `the node module "${url}" cannot be loaded (${reason}): check its address, that it imports nothing, and that the Content-Security-Policy allows scripts from there`,
      );
    });
    nodes.push(...(await nodesOf(module, url, new Set([...taken, ...nodes.map(({ type }) => type)]))));
  }
  return nodes;
}
