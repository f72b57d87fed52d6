/** Snippets: parts of graphs under names, kept in this browser as the graphs' own JSON. No DOM. */
import { readGraph } from "../../graph/clean";
import { isRecord } from "../../graph/json";
import type { StoredGraph } from "../../graph/stored";

export interface Snippet {
  readonly name: string;
  readonly graph: StoredGraph;
}

export const LIMITS = { count: 60, name: 80, characters: 200_000 } as const;

const KEY = "sftgan:snippets";

/** What of localStorage is used; it throws where a browser keeps nothing. */
export type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

export class Snippets {
  constructor(private readonly storage: () => Storage) {}

  /** By name. What cannot be read is left out; other tabs' are among them. */
  get all(): Snippet[] {
    let stored: unknown;
    try {
      stored = JSON.parse(this.storage().getItem(KEY) ?? "[]");
    } catch {
      return [];
    }
    const list = Array.isArray(stored) ? stored.slice(0, LIMITS.count).filter(isRecord) : [];
    return list.flatMap(({ name, graph }): Snippet[] => {
      try {
        return typeof name === "string" && name
          ? [{ name: name.slice(0, LIMITS.name), graph: readGraph(JSON.stringify(graph)) }]
          : [];
      } catch {
        return [];
      }
    });
  }

  /**
   * Keeps nodes under a name, numbered where another has it. Returns the name. Throws an error where they are too many or too
   * large, or the browser keeps nothing.
   */
  add(name: string, graph: StoredGraph): string {
    const all = this.all;
    const { length } = JSON.stringify(graph);
    if (!graph.nodes.length) throw new Error("a snippet needs nodes: select some");
    if (length > LIMITS.characters)
      throw new Error(
        `the snippet has ${length} characters; at most ${LIMITS.characters} are kept: leave out nodes with files in them`,
      );
    if (all.length >= LIMITS.count) throw new Error(`there are ${all.length} snippets, as many as are kept: delete one first`);
    const wanted = name.trim().slice(0, LIMITS.name - 4) || "Snippet";
    let free = wanted;
    for (let i = 2; all.some((one) => one.name === free); i++) free = `${wanted} ${i}`;
    this.#keep([...all, { name: free, graph }].sort((a, b) => a.name.localeCompare(b.name)));
    return free;
  }

  remove(name: string): void {
    this.#keep(this.all.filter((one) => one.name !== name));
  }

  #keep(all: readonly Snippet[]): void {
    try {
      this.storage().setItem(KEY, JSON.stringify(all));
    } catch (cause) {
      throw new Error("this browser keeps no snippets: it has no storage left, or its settings forbid it", { cause });
    }
  }
}
