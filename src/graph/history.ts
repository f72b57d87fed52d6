/**
 * What each node gave last, and by how little it differs from what it gave before: a node that can update a result then
 * computes the part that changed, and puts it into the last one.
 */

import { type Region, union } from "../region";
import type { Before } from "./node";

export interface Source {
  readonly key: string;
  readonly output: string;
}

interface Result {
  readonly type: string;
  readonly key: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, Source>>;
  /** By the key of an earlier result: where each output differs from it. An output that is not named is the same. */
  readonly trail: ReadonlyMap<string, Readonly<Record<string, Region>>>;
}

/** A drag makes a result at every move, of which those downstream may have missed some. */
const LONGEST_TRAIL = 64;

export class History {
  private readonly nodes = new Map<string, Result>();

  /**
   * What a node's result may be updated from: its last result, if it is of the same type and every input either is the same
   * or is known to differ in one rectangle only.
   */
  before(
    id: string,
    type: string,
    sources: Readonly<Record<string, Source & { readonly node: string }>>,
    outputsOf: (key: string) => unknown,
  ): Before | undefined {
    const last = this.nodes.get(id);
    const outputs = last && (outputsOf(last.key) as Readonly<Record<string, unknown>> | undefined);
    if (!last || !outputs || last.type !== type) return undefined;
    if (Object.keys(sources).length !== Object.keys(last.sources).length) return undefined;
    const changed: Record<string, Region> = {};
    for (const [socket, { key, output, node }] of Object.entries(sources)) {
      const then = last.sources[socket];
      if (!then || then.output !== output) return undefined;
      if (then.key === key) continue;
      const source = this.nodes.get(node);
      const regions = source?.key === key ? source.trail.get(then.key) : undefined;
      if (!regions) return undefined;
      const region = regions[output];
      if (region) changed[socket] = region;
    }
    return { key: last.key, params: last.params, outputs, changed };
  }

  /** Notes a node's result; `changed` says where it differs from the one it was updated from. */
  record(
    id: string,
    { type, key, params, sources }: Omit<Result, "trail">,
    update?: { readonly before: Before; readonly changed: Readonly<Record<string, Region>> },
  ): void {
    const last = this.nodes.get(id);
    if (last?.key === key) return;
    const trail = new Map<string, Readonly<Record<string, Region>>>();
    if (update && last?.key === update.before.key) {
      for (const [earlier, regions] of [...last.trail].slice(1 - LONGEST_TRAIL))
        trail.set(earlier, unite(regions, update.changed));
      trail.set(last.key, update.changed);
    }
    this.nodes.set(id, { type, key, params, sources, trail });
  }
}

function unite(a: Readonly<Record<string, Region>>, b: Readonly<Record<string, Region>>): Record<string, Region> {
  const all: Record<string, Region> = { ...a };
  for (const [output, region] of Object.entries(b)) all[output] = all[output] ? union(all[output], region) : region;
  return all;
}
