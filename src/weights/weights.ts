/** A network's weights as a value with one owner: host arrays, and the copies that readers made of them. */
import type { HostTensor, Weights } from "../types";

/**
 * Weights of these tensors. They count for what they take on the host and once more on a device; disposing them disposes the
 * copies, and a reader that is still asked makes new ones.
 */
export function weightsOf(tensors: Readonly<Record<string, HostTensor>>): Weights {
  const copies = new Map<string, { dispose(): void }>();
  return {
    tensors,
    copies,
    bytes: 2 * Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0),
    sources: [],
    kept: false,
    dispose() {
      for (const copy of copies.values()) copy.dispose();
      copies.clear();
    },
  };
}

/** The weights' tensor `name`. Throws an error where they lack it. */
export function hostTensor({ tensors }: Pick<Weights, "tensors">, name: string): HostTensor {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`The weights lack "${name}"; load a complete checkpoint of this architecture.`);
  return tensor;
}
