/** What `extra.sftgan` says about a graph: its title, and a line on what it is for. */

export interface About {
  readonly title: string;
  readonly description: string;
}

export const DEFAULT_TITLE = "Untitled";

/** Of a graph in which nothing of it need be there. */
export function about(graph: unknown): About {
  const own = (graph as { extra?: { sftgan?: { title?: unknown; description?: unknown } } } | null)?.extra?.sftgan;
  const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "");
  return { title: text(own?.title) || DEFAULT_TITLE, description: text(own?.description) };
}
