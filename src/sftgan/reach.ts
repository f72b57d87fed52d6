/** How far the generator's stages see, in low-resolution pixels each way: read from their lists of operations. */
import { reachOf } from "../kernels/cost";
import type { Network } from "../kernels/network";
import type { Model, Weights } from "../types";
import { head, residualBlocks, upsample } from "./generator";

export interface Reach {
  readonly head: number;
  /** Of one residual block. */
  readonly block: number;
  readonly upsample: number;
}

const known = new WeakMap<Weights, Reach>();

/** A tile with this much context around it comes out exact. */
export function stageReach(model: Model): Reach {
  const found = known.get(model.weights);
  if (found) return found;
  const most = (network: Network) => Math.max(...Object.values(reachOf(model, network)));
  const reach = { head: most(head(model)), block: most(residualBlocks(model, 0, 1)), upsample: most(upsample(model)) };
  known.set(model.weights, reach);
  return reach;
}
