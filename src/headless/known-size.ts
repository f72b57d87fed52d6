/** How large a picture will be, where that is known before anything is computed. */

import bicubicUpscale from "../../nodes/bicubic-upscale";
import loadLr from "../../nodes/load-lr";
import sftResblocks from "../../nodes/sft-resblocks";
import upsample from "../../nodes/upsample";
import { inspectPicture } from "../codec/inspect";
import type { FileRef } from "../graph/node";
import type { Graph, Link } from "../graph/parse";
import { scaledSize } from "../region";
import { SCALE, type Size } from "../types";
import { fileOf } from "./graph-file";
import type { Work } from "./work";

/** Nodes that keep their input's size or enlarge it, by type: through which input, and how many times. */
const STEPS: ReadonlyMap<string, { readonly from: readonly string[]; readonly scale: number }> = new Map([
  [upsample.type, { from: ["features"], scale: SCALE }],
  [bicubicUpscale.type, { from: ["image"], scale: SCALE }],
  [sftResblocks.type, { from: ["features", "image"], scale: 1 }],
]);

/**
 * The size of what `link` gives, from the header of the picture it comes from. Undefined where another node stands between,
 * or where the picture cannot be read: the run says why.
 */
export async function knownSize(graph: Graph, link: Link | undefined, work: Work): Promise<Size | undefined> {
  let scale = 1;
  const passed = new Set<string>();
  for (let at = link; at && !passed.has(at.node); ) {
    passed.add(at.node);
    const node = graph.get(at.node);
    if (node?.type === loadLr.type) return enlarged(await headerOf(node.params.file as FileRef | null, work), scale);
    const step = STEPS.get(node?.type ?? "");
    if (!node || !step) return undefined;
    scale *= step.scale;
    at = step.from.map((name) => node.inputs[name]).find((input) => input !== undefined);
  }
  return undefined;
}

const enlarged = (size: Size | undefined, scale: number) => size && scaledSize(size, scale);

async function headerOf(ref: FileRef | null, work: Work): Promise<Size | undefined> {
  if (!ref) return undefined;
  try {
    return inspectPicture(await fileOf(ref, work), ref.name);
  } catch {
    return undefined;
  }
}
