/** How onnxruntime opens a model, for networks and for what is done beside them. */
import type { InferenceSession } from "onnxruntime-node";

export type Onnx = typeof import("onnxruntime-node");

/**
 * Each session has threads of its own: they stop waiting busily when its run has ended, or they would take the processor from
 * the next one's.
 */
const extra = { session: { force_spinning_stop: "1" } };

export interface OpenOptions {
  readonly threads: number;
  readonly device?: string;
  /**
   * Takes less memory, and a tenth more time: without the last of onnxruntime's optimisations, which turns maps into another
   * order and has γ and β of all SFT layers computed before anything needs them.
   */
  readonly lean?: boolean;
}

export const openModel = (
  onnx: Onnx,
  model: Uint8Array,
  { threads, device = "cpu", lean = false }: OpenOptions,
): Promise<InferenceSession> =>
  onnx.InferenceSession.create(model, {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: lean ? "extended" : "all",
    enableMemPattern: false, // it takes memory of its own, for no time that could be measured
    logSeverityLevel: 3,
    extra,
  });
