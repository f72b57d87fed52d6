import { describe, expect, it } from "vitest";
import { foldBatchNorms, isTrainingCheckpoint } from "../../src/weights/fold";
import type { HostTensor } from "../../src/weights/host-tensor";
import { sentence } from "./files";

const tensor = (shape: number[], ...data: number[]): HostTensor => ({ shape, data: Float32Array.from(data) });
const checkpoint = (): Record<string, HostTensor> => ({
  "stem.0.0.weight": tensor([2, 1, 1, 2], 1, 2, 3, 4),
  "stem.0.1.weight": tensor([2], 2, 3),
  "stem.0.1.bias": tensor([2], 0.5, -1),
  "stem.0.1.running_mean": tensor([2], 10, 20),
  "stem.0.1.running_var": tensor([2], 4 - 1e-5, 9 - 1e-5),
  "stem.0.1.num_batches_tracked": tensor([], 7),
  "out.weight": tensor([1], 5),
});

describe("foldBatchNorms", () => {
  it("makes one convolution of each with its batch norm, and passes on what has none", () => {
    expect(isTrainingCheckpoint(checkpoint())).toBe(true);
    const folded = foldBatchNorms(checkpoint(), "a", (conv) => conv.replace(/\.0$/, ""));
    expect(Object.keys(folded)).toEqual(["stem.0.weight", "stem.0.bias", "out.weight"]);
    expect(folded["stem.0.weight"]).toEqual(tensor([2, 1, 1, 2], 1, 2, 3, 4)); // scaled by 2 / 2 and 3 / 3
    expect(folded["stem.0.bias"]).toEqual(tensor([2], 0.5 - 10, -1 - 20));
    expect(isTrainingCheckpoint(folded)).toBe(false);
  });

  it("names what does not fit", async () => {
    const { "stem.0.1.bias": _, ...missing } = checkpoint();
    expect(await sentence(() => foldBatchNorms(missing, "a"))).toContain('"stem.0.1.bias" is missing where [2] is expected');
    const wrong = { ...checkpoint(), "stem.0.1.running_var": tensor([3], 1, 1, 1) };
    expect(await sentence(() => foldBatchNorms(wrong, "a"))).toContain('"stem.0.1.running_var" is [3] where [2] is expected');
  });
});
