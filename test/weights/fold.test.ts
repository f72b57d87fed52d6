import { describe, expect, it } from "vitest";
import type { HostTensor } from "../../src/types";
import { foldBatchNorms } from "../../src/weights/fold";
import { message } from "./files";

const tensor = (shape: number[], ...data: number[]): HostTensor => ({ shape, data: Float32Array.from(data) });
const checkpoint = (): Record<string, HostTensor> => ({
  "feature.0.weight": tensor([2, 1, 1, 2], 1, 2, 3, 4),
  "feature.1.weight": tensor([2], 2, 3),
  "feature.1.bias": tensor([2], 0.5, -1),
  "feature.1.running_mean": tensor([2], 10, 20),
  "feature.1.running_var": tensor([2], 4 - 1e-5, 9 - 1e-5),
  "feature.1.num_batches_tracked": tensor([], 7),
  "out.weight": tensor([1], 5),
});

describe("foldBatchNorms", () => {
  it("makes one convolution of each with its batch norm, and passes on what has none", () => {
    const folded = foldBatchNorms(checkpoint(), "a");
    expect(Object.keys(folded)).toEqual(["feature.0.weight", "feature.0.bias", "out.weight"]);
    expect(folded["feature.0.weight"]).toEqual(tensor([2, 1, 1, 2], 1, 2, 3, 4)); // scaled by 2 / 2 and 3 / 3
    expect(folded["feature.0.bias"]).toEqual(tensor([2], 0.5 - 10, -1 - 20));
  });

  it("goes over a name once, however many digits it has", () => {
    const name = `${"1".repeat(1e6)}a`;
    const mean = { [`${name}.running_mean`]: tensor([1], 1) };
    expect(foldBatchNorms(mean, "a")).toEqual({});
  });

  it("names what does not fit", async () => {
    const { "feature.1.bias": _, ...missing } = checkpoint();
    expect(await message(() => foldBatchNorms(missing, "a"))).toContain('"feature.1.bias" is missing where [2] is expected');
    const wrong = { ...checkpoint(), "feature.1.running_var": tensor([3], 1, 1, 1) };
    expect(await message(() => foldBatchNorms(wrong, "a"))).toContain('"feature.1.running_var" is [3] where [2] is expected');
  });
});
