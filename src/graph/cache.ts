/**
 * Node results by recipe key, least recently used first. The cache owns every tensor in it: results may share tensors (a
 * node may pass one through), so it counts in how many entries each is and disposes it with the last.
 */
import * as tf from "@tensorflow/tfjs-core";

export type Outputs = Readonly<Record<string, unknown>>;

/** What has to be disposed: a tensor, or a value of its own kind that says what it weighs and what it computes from. */
type Leaf = tf.Tensor | { readonly bytes: number; readonly sources: readonly Leaf[]; readonly kept?: boolean; dispose(): void };

/** Every leaf in a value, those it computes from included. Bytes such as an encoded file's are not looked into. */
export function leaves(value: unknown, found = new Set<Leaf>()): Set<Leaf> {
  if (value instanceof tf.Tensor) found.add(value);
  else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
    if ("sources" in value && "dispose" in value) {
      found.add(value as Leaf);
      for (const source of (value as Exclude<Leaf, tf.Tensor>).sources) leaves(source, found);
    } else for (const item of Object.values(value)) leaves(item, found);
  }
  return found;
}

/** What is marked as kept belongs to somebody else, such as the weights that ship with the package. */
const isKept = (leaf: Leaf) => leaf.kept === true;
const weight = (leaf: Leaf) => (leaf instanceof tf.Tensor ? leaf.size * tf.util.bytesPerElement(leaf.dtype) : leaf.bytes);

export class Cache {
  private readonly entries = new Map<string, { readonly value: unknown; readonly leaves: ReadonlySet<Leaf> }>();
  private readonly uses = new Map<Leaf, number>();
  /** Bytes of everything in the cache, each tensor counted once. */
  bytes = 0;

  constructor(readonly budget: number) {}

  get(key: string): unknown {
    const entry = this.entries.get(key);
    if (entry) {
      this.entries.delete(key); // now the most recently used
      this.entries.set(key, entry);
    }
    return entry?.value;
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  add(key: string, value: unknown): void {
    const own = new Set([...leaves(value)].filter((leaf) => !isKept(leaf)));
    for (const leaf of own) {
      const uses = this.uses.get(leaf) ?? 0;
      if (uses === 0) this.bytes += weight(leaf);
      this.uses.set(leaf, uses + 1);
    }
    this.delete(key);
    this.entries.set(key, { value, leaves: own });
  }

  /** Disposes the results not used for longest until the rest fit the budget; never those in `pinned`. */
  trim(pinned: ReadonlySet<string> = new Set()): void {
    for (const key of [...this.entries.keys()]) {
      if (this.bytes <= this.budget) return;
      if (!pinned.has(key)) this.delete(key);
    }
  }

  /** Disposes every result but those in `pinned`. */
  keep(pinned: ReadonlySet<string>): void {
    for (const key of [...this.entries.keys()]) if (!pinned.has(key)) this.delete(key);
  }

  clear(): void {
    for (const key of [...this.entries.keys()]) this.delete(key);
  }

  /** Disposes a result, as far as no other one has it too. */
  delete(key: string): void {
    for (const leaf of this.entries.get(key)?.leaves ?? []) {
      const uses = this.uses.get(leaf)! - 1;
      if (uses > 0) this.uses.set(leaf, uses);
      else {
        this.uses.delete(leaf);
        this.bytes -= weight(leaf);
        leaf.dispose();
      }
    }
    this.entries.delete(key);
  }
}
