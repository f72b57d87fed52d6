/** The keys of a run's results: hashes of what a node is, its parameters, its files' content and the keys of what feeds it. */
import { sha256 } from "./file";
import { identityOf } from "./identity";
import type { AnyNode, FileRef, Param } from "./node";
import type { GraphNode } from "./parse";

export class Keys {
  readonly #all = new Map<string, string>();

  /** `file`: the content of a file that is not named by it. */
  constructor(private readonly file: (ref: FileRef) => Promise<Uint8Array>) {}

  /** By node, those that have been found. */
  get all(): ReadonlyMap<string, string> {
    return this.#all;
  }

  get(id: string): string | undefined {
    return this.#all.get(id);
  }

  /** Those of these nodes, where they are known. */
  of(ids: readonly string[]): string[] {
    return ids.flatMap((id) => this.#all.get(id) ?? []);
  }

  /**
   * Finds a node's key, after those of all that feed it; false where one of these has none. Throws an error for a file that is
   * not there.
   */
  async find(def: AnyNode, node: GraphNode): Promise<boolean> {
    const sources = Object.entries(node.inputs).map(([socket, link]) => [socket, this.get(link.node), link.output] as const);
    if (sources.some(([, key]) => key === undefined)) return false;
    const params = await this.#fingerprints(def, node, Object.keys(def.params));
    this.#all.set(node.id, await sha256(identityOf(def.type, params, sources)));
    return true;
  }

  /** The key of something that a node computes on the way and that depends on these of its sockets and parameters only. */
  async ofMemo(def: AnyNode, node: GraphNode, name: string, dependsOn: readonly string[]): Promise<string> {
    const sources = dependsOn
      .filter((socket) => socket in node.inputs)
      .map((socket) => {
        const link = node.inputs[socket]!;
        return [socket, this.get(link.node), link.output];
      });
    const params = await this.#fingerprints(def, node, dependsOn);
    return sha256(JSON.stringify([def.type, "memo", name, params, sources]));
  }

  /** Parameters in a fixed order, files by their content. */
  async #fingerprints(def: AnyNode, node: GraphNode, names: readonly string[]): Promise<unknown[]> {
    const linked = (name: string) => Object.hasOwn(node.inputs, name);
    const entries = names.filter((name) => name in def.params && !linked(name)).sort();
    return Promise.all(
      entries.map(async (name) => {
        const value = node.params[name];
        if ((def.params[name] as Param).kind !== "file" || value === null) return [name, value];
        const ref = value as FileRef;
        return [name, ref.sha256 ?? (await sha256(await this.file(ref)))];
      }),
    );
  }
}
