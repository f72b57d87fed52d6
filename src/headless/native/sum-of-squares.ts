/** The sum of the squares of samples, by onnxruntime: looking at a large map takes next to no time. */
import { encodeOnnx } from "../../kernels/onnx/proto";
import { OPSET, PRODUCER } from "../../kernels/onnx/write";
import { type Onnx, openModel } from "./open";

export type SumOfSquares = (samples: Float32Array) => Promise<number>;

export async function openSumOfSquares(onnx: Onnx, threads: number): Promise<SumOfSquares> {
  const model = encodeOnnx({
    producer: PRODUCER,
    name: "sum of squares",
    description: "",
    metadata: {},
    opset: OPSET,
    nodes: [{ op: "ReduceSumSquare", inputs: ["samples"], output: "sum", attributes: { keepdims: 0 } }],
    initialisers: [],
    inputs: [{ name: "samples", shape: ["count"] }],
    outputs: [{ name: "sum", shape: [] }],
  });
  const session = await openModel(onnx, model, { threads });
  return async (samples) => {
    const { sum } = await session.run({ samples: new onnx.Tensor("float32", samples, [samples.length]) });
    return (sum!.data as Float32Array)[0]!;
  };
}
