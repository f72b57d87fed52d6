/** What an engine says to the page of a run: what it would take, results with their pictures, a part that is looked at, what it has come to, and how the engine is. */
import * as tf from "@tensorflow/tfjs-core";
import { peakOf } from "../engine/forecast";
import type { Rates } from "../engine/rates";
import { plainValues, summarise } from "../engine/summary";
import { drawnOutput, rasterOf, warningsOf } from "../engine/view";
import type { Outputs } from "../graph/cache";
import type { AnyNode } from "../graph/node";
import type { Graph } from "../graph/parse";
import type { RunEvent, RunForecast, RunResult } from "../graph/running";
import { sizeOf } from "../image/raster";
import { drawPart, drawView, isSmallPart, MOST_IN_FOCUS } from "./drawing";
import { CANCELLED, type EngineEvent, type Forecast, type RunReport, type Scope, type ViewRequest } from "./protocol";
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

/** What computes, and what it holds; `atWork`: whose graph. */
export function statusOf({ backend: { name, reason }, gpu, kernels }: Session, atWork: Scope | undefined): EngineEvent {
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
    busy: atWork !== undefined,
    ...(atWork?.scope !== undefined && { scope: atWork.scope }),
  };
}

/** What a run has come to. `result`: undefined where it was stopped. */
export function reportOf(graph: Graph, types: ReadonlyMap<string, AnyNode>, result: RunResult | undefined): RunReport {
  if (!result) return CANCELLED;
  const values = [...result.outputs].map(([id, outputs]) => [id, plainValues(types.get(graph.get(id)!.type)!, outputs)] as const);
  return {
    cancelled: false,
    errors: Object.fromEntries(result.errors),
    values: Object.fromEntries(values.filter(([, plain]) => Object.keys(plain).length > 0)),
  };
}

/** What a run would take: its time where all of its nodes are known and have been measured here. `budget`: bytes. */
export function forecastOf(graph: Graph, { nodes, isComplete }: RunForecast, rates: Rates, budget: number): Forecast {
  const times = [...nodes].map(([id, { multiplyAdds }]) => rates.guess(graph.get(id)!.type, multiplyAdds));
  return {
    multiplyAdds: [...nodes.values()].reduce((sum, one) => sum + one.multiplyAdds, 0),
    bytes: peakOf(nodes.values(), budget),
    ...(isComplete && !times.includes(undefined) && { ms: times.reduce<number>((sum, ms) => sum + ms!, 0) }),
  };
}
