/** How onnxruntime opens a model, for networks and for what is done beside them. */
import type { InferenceSession } from "onnxruntime-node";

export type Onnx = typeof import("onnxruntime-node");

/**
 * Each session has threads of its own, which wait busily for what comes next: for a millisecond, as between two operations, and
 * not for many from the opening on, which would take the processor from what is opened next, and from the parent.
 */
const extra = { session: { intra_op: { spin_duration_us: "1000" } } };

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
