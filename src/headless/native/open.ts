/** How onnxruntime opens a model, for networks and for what is done beside them. */
import type { InferenceSession } from "onnxruntime-node";

export type Onnx = typeof import("onnxruntime-node");

/**
 * Each session has threads of its own: they stop waiting busily when its run has ended, or they would take the processor from
 * the next one's.
 */
const extra = { session: { force_spinning_stop: "1" } };

export const openModel = (onnx: Onnx, model: Uint8Array, threads: number, device = "cpu"): Promise<InferenceSession> =>
  onnx.InferenceSession.create(model, {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    extra,
  });
