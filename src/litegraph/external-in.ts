/** Values from the page's own nodes: what flows in a link, pictures as PNG bytes, and whether either has changed. */
import { isOff, MODE, modeOf } from "../graph/modes";
import type { StoredLink, StoredNode } from "../graph/stored";
import { reach } from "../graph/traverse";
import { Wires } from "../graph/wires";
import {
  dataOf,
  isExternal,
  type LGraph,
  type LGraphNode,
  type LLink,
  linkOf,
  linksOf,
  nodesInOrder,
  nodesOf,
  registrationOf,
} from "./host";

type Drawn = Exclude<CanvasImageSource, VideoFrame> | ImageData;

const KINDS = [
  "HTMLCanvasElement",
  "OffscreenCanvas",
  "HTMLImageElement",
  "ImageBitmap",
  "HTMLVideoElement",
  "SVGImageElement",
  "VideoFrame",
  "ImageData",
];

/** True for whatever a canvas can draw, and for ImageData. */
export const isPicture = (value: unknown): value is Drawn =>
  KINDS.some((kind) => {
    const Class = (globalThis as unknown as Record<string, unknown>)[kind];
    return typeof Class === "function" && value instanceof Class;
  });

/** The link that feeds in the end, past nodes that are bypassed; undefined where a mode lets nothing through. */
export function sourceOf(graph: LGraph, link: LLink): LLink | undefined {
  const origin = graph.getNodeById(link.origin_id);
  if (!origin || !isOff(modeOf(origin))) return link;
  const { definitions } = registrationOf(graph);
  const tuple = (one: LLink): StoredLink => [one.id, one.origin_id, one.origin_slot, one.target_id, one.target_slot, one.type];
  const wiring = { nodes: nodesOf(graph) as unknown as StoredNode[], links: linksOf(graph).map(tuple) };
  const feed = new Wires(wiring, (type) => definitions.get(type)).follow(tuple(link));
  return "link" in feed ? linkOf(graph, feed.link[0]) : undefined;
}

/** What an external node last put into a link, or has ready for it, as modes let it through; undefined if that is nothing. */
export function valueIn(graph: LGraph, stated: LLink): unknown {
  const link = sourceOf(graph, stated);
  const origin = link && graph.getNodeById(link.origin_id);
  if (!link || !origin || !isExternal(origin)) return undefined;
  const data = dataOf(link);
  if (data !== undefined && data !== null) return data;
  return (origin.outputs?.[link.origin_slot] as { _data?: unknown } | undefined)?._data ?? undefined;
}

/**
 * Executes the external nodes that feed ours, sources first: for a page whose run loop is not running. Like that loop it leaves
 * out those whose mode is not "always". What a node throws is given by its id.
 */
export function executeSources(graph: LGraph): ReadonlyMap<number, string> {
  const errors = new Map<number, string>();
  const externalSources = (node: LGraphNode): LGraphNode[] =>
    (node.inputs ?? []).flatMap((input) => {
      const link = linkOf(graph, input.link);
      const origin = link && graph.getNodeById(link.origin_id);
      return origin && isExternal(origin) ? [origin] : [];
    });
  const ours = nodesOf(graph).filter((node) => !isExternal(node));
  const wanted = reach(ours.flatMap(externalSources), externalSources);
  for (const node of nodesInOrder(graph)) {
    if (!wanted.has(node) || (node.mode ?? MODE.always) !== MODE.always) continue;
    try {
      node.onExecute?.();
    } catch (error) {
      errors.set(node.id, error instanceof Error ? error.message : String(error));
    }
  }
  return errors;
}

/** A picture's size in pixels; 0 × 0 while it has none. */
export function sizeOf(picture: Drawn): { width: number; height: number } {
  const { naturalWidth, naturalHeight, videoWidth, videoHeight, displayWidth, displayHeight } = picture as unknown as Record<
    string,
    number | undefined
  >;
  const { width, height } = picture as { width: unknown; height: unknown };
  const svg = (side: unknown) =>
    typeof side === "object" && side ? (side as SVGAnimatedLength).baseVal.value : (side as number);
  return {
    width: Math.round(naturalWidth ?? videoWidth ?? displayWidth ?? svg(width) ?? 0),
    height: Math.round(naturalHeight ?? videoHeight ?? displayHeight ?? svg(height) ?? 0),
  };
}

/** A picture's pixels as a PNG file. Throws an error where the browser does not give them. */
export async function encodePicture(picture: Drawn): Promise<Uint8Array> {
  const { width, height } = sizeOf(picture);
  if (!(width > 0 && height > 0)) throw new Error("the picture has no pixels yet: wait until it is loaded");
  const canvas = new OffscreenCanvas(width, height);
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error(`the browser gives no canvas of ${width} × ${height} pixels: hand over a smaller picture`);
  try {
    if (picture instanceof ImageData) ctx.putImageData(picture, 0, 0);
    else ctx.drawImage(picture, 0, 0, width, height);
    return new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
  } catch (error) {
    if ((error as Error).name === "SecurityError")
      throw new Error(
        "the picture comes from another site, which lets nobody read it: serve it with CORS headers or from this site",
      );
    throw new Error(`the picture cannot be read (${(error as Error).message}): hand over a canvas, an image or ImageData`);
  }
}

const SAMPLE = 96;
let sampler: OffscreenCanvasRenderingContext2D | null | undefined;

/**
 * Something that changes when the value does: numbers and text by value, pictures by their size and a small copy of their
 * pixels. A change too faint for that is seen by the next run that is asked for.
 */
export function signature(value: unknown): string {
  if (!isPicture(value)) return `${typeof value}:${typeof value === "object" ? "" : String(value)}`;
  const { width, height } = sizeOf(value);
  if (!(width > 0 && height > 0)) return "empty";
  try {
    sampler ??= new OffscreenCanvas(SAMPLE, SAMPLE).getContext("2d", { willReadFrequently: true });
    if (!sampler) return `${width}x${height}`;
    let source: CanvasImageSource;
    if (value instanceof ImageData) {
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext("2d")!.putImageData(value, 0, 0);
      source = canvas;
    } else source = value;
    sampler.clearRect(0, 0, SAMPLE, SAMPLE);
    sampler.drawImage(source, 0, 0, SAMPLE, SAMPLE);
    const pixels = new Uint32Array(sampler.getImageData(0, 0, SAMPLE, SAMPLE).data.buffer);
    let hash = 0x811c9dc5;
    for (const pixel of pixels) hash = Math.imul(hash ^ pixel, 0x01000193) ^ (hash >>> 15);
    return `${width}x${height}:${hash >>> 0}`;
  } catch {
    sampler = undefined; // a picture of another site has spoilt it
    return `${width}x${height}:unreadable`;
  }
}
