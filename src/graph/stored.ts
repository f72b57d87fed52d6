/**
 * The stored graph: litegraph's own JSON, what `LGraph.serialize()` writes, cut down to the fields we accept. Parameters
 * live in `properties` by name. `extra.sftgan.version` numbers our use of the format.
 */

export const VERSION = 1;

/** `[id, origin node, origin slot, target node, target slot, type]` */
export type StoredLink = readonly [number, number, number, number, number, string | number];

export interface StoredSlot {
  readonly name: string;
  readonly type: string | number;
  /** Inputs: the link's id. */
  readonly link?: number | null;
  /** Outputs: the links' ids. */
  readonly links?: readonly number[] | null;
}

export interface StoredNode {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly pos?: readonly [number, number];
  readonly size?: readonly [number, number];
  readonly mode?: number;
  readonly order?: number;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly inputs?: readonly StoredSlot[];
  readonly outputs?: readonly StoredSlot[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly color?: string;
  readonly bgcolor?: string;
}

export interface StoredGraph {
  readonly last_node_id: number;
  readonly last_link_id: number;
  readonly nodes: readonly StoredNode[];
  readonly links: readonly StoredLink[];
  readonly groups: readonly unknown[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly version: number;
}
