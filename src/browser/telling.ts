/** What an engine says to the page of a run: results with their pictures, a part that is looked at, and how the engine is. */
import * as tf from "@tensorflow/tfjs-core";
import { summarise } from "../engine/summary";
import { drawnOutput, rasterOf, warningsOf } from "../engine/view";
import type { Outputs } from "../graph/cache";
import type { AnyNode } from "../graph/node";
import type { RunEvent } from "../graph/running";
import { sizeOf } from "../image/raster";
import { drawPart, drawView, isSmallPart, MOST_IN_FOCUS } from "./drawing";
import type { EngineEvent, ViewRequest } from "./protocol";
import type { Session } from "./session";

/** A node's result, with those pictures of it that are asked for. */
export async function resultOf(
  def: AnyNode,
  { kind, node, ms, outputs, key }: Extract<RunEvent, { kind: "finished" | "cached" }>,
  asked: readonly ViewRequest[],
): Promise<Extract<EngineEvent, { kind: "finished" | "cached" }>> {
  const draw = async (request: ViewRequest) => {
    const view = await drawView(def, outputs, key, request).catch(() => undefined);
    return view ? [{ request, view }] : [];
  };
  const views = (await Promise.all(asked.filter((request) => request.node === node).map(draw))).flat();
  const warnings = warningsOf(outputs);
  return {
    kind,
    node,
    ms,
    key,
    summary: summarise(def, outputs),
    ...(warnings.length > 0 && { warnings }),
    ...(views.length > 0 && { views }),
  };
}

/** The part of a result that is in focus; undefined where it cannot be drawn, or is as soon drawn whole. */
export async function previewOf(
  def: AnyNode,
  focus: ViewRequest,
  outputs: Outputs,
  key: string,
): Promise<Extract<EngineEvent, { kind: "preview" }> | undefined> {
  const { node, output, region } = focus;
  const socket = drawnOutput(def, output);
  const value = socket && outputs[socket.name];
  // Other values are stretched to what is drawn of them: a part would not look as it does among the rest.
  if (socket?.type !== "image" || !region || !isSmallPart(region, sizeOf(rasterOf(socket.type, value)))) return undefined;
  const drawn = await drawPart(socket.type, value, focus, MOST_IN_FOCUS);
  return drawn && { kind: "preview", node, region, view: { ...drawn, key } };
}

/** What computes, and what it holds. */
export function statusOf({ backend: { name, reason }, gpu, kernels }: Session, busy: boolean): EngineEvent {
  const { numTensors, numBytes } = tf.memory();
  const { used, segment, wrong = [] } = kernels ?? {};
  return {
    kind: "status",
    backend: name,
    ...(reason && { reason }),
    ...(gpu && { gpu }),
    ...(used && { kernels: used }),
    ...(segment && { segment }),
    ...(wrong.length > 0 && { wrong: [...wrong] }),
    tensors: numTensors,
    bytes: numBytes,
    busy,
  };
}
