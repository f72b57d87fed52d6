/** How large a picture will be, where that is known before anything is computed. */
import bicubicUpscale from "../../nodes/bicubic-upscale";
import resize from "../../nodes/resize";
import sftResblocks from "../../nodes/sft-resblocks";
import upsample from "../../nodes/upsample";
import { inspectPicture } from "../codec/inspect";
import { turn } from "../codec/orientation";
import { PHOTO_LOADERS } from "../engine/ends";
import type { FileRef } from "../graph/node";
import type { Graph, Link } from "../graph/parse";
import { resizedSize, type SizeAsked } from "../image/resize";
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

/** What Resize is asked for a size by. */
const ASKED = ["width", "height", "factor"] as const satisfies (keyof SizeAsked)[];

/**
 * The size of what `link` gives, from the header of the picture it comes from. Undefined where another node stands between
 * or gives a size, or where the picture cannot be read: the run says why.
 */
export async function knownSize(
  graph: Graph,
  link: Link | undefined,
  work: Work,
  passed: ReadonlySet<string> = new Set(),
): Promise<Size | undefined> {
  const node = link && graph.get(link.node);
  if (!node || passed.has(node.id)) return undefined;
  const sizeOfInput = (input: string) => knownSize(graph, node.inputs[input], work, new Set([...passed, node.id]));
  if (PHOTO_LOADERS.includes(node.type)) return headerOf(node.params.file as FileRef | null, work);
  if (node.type === resize.type) {
    if (ASKED.some((name) => node.inputs[name])) return undefined; // computed
    const [size, of] = [await sizeOfInput("image"), await sizeOfInput("of")];
    const isKnown = of !== undefined || !node.inputs.of;
    return size && isKnown ? resizedSize(size, node.params as unknown as SizeAsked, of) : undefined;
  }
  const step = STEPS.get(node.type);
  const input = step?.from.find((name) => node.inputs[name]);
  return input === undefined ? undefined : enlarged(await sizeOfInput(input), step!.scale);
}

const enlarged = (size: Size | undefined, scale: number) => size && scaledSize(size, scale);

async function headerOf(ref: FileRef | null, work: Work): Promise<Size | undefined> {
  if (!ref) return undefined;
  try {
    const { orientation, ...stored } = inspectPicture(await fileOf(ref, work), ref.name);
    const { width, height } = turn(stored, orientation);
    return { width, height };
  } catch {
    return undefined;
  }
}
