import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { describeModel } from "../../src/weights/describe";
import { generatorLayout, outdoorSceneSegLayout } from "../../src/weights/layouts";
import { disposeModel, loadModel } from "../../src/weights/model";
import { fixture } from "../fixture";
import { pattern } from "./expected";
import { ascii, floats, message, op, pickle, safetensors, weightsFile } from "./files";

const plain = generatorLayout({ features: 2, blocks: 1, upsampling: "pixel-shuffle", end: "sft_branch.2" });

/** The message a file is refused with; fails where it leaves a tensor behind. */
async function refusal(bytes: Uint8Array, name = "a.pth"): Promise<string> {
  const before = tf.memory().numTensors;
  const refused = await message(() => loadModel(bytes, name));
  expect(tf.memory().numTensors).toBe(before);
  return refused;
}

describe("loadModel", () => {
  it.each(["weights-sft-net.legacy.pth", "weights-sft-net.zip.pth"])(
    "loads %s as PyTorch keeps it, in host memory",
    async (name) => {
      const before = tf.memory().numTensors;
      const model = await loadModel(await fixture(name), name);
      expect(model).toMatchObject({
        architecture: "sft-net",
        features: 4,
        blocks: 2,
        condition: 3,
        classes: 8,
        name,
        metadata: {},
      });
      expect(tf.memory().numTensors).toBe(before);

      const { tensors } = model.weights;
      const { shape, data } = tensors["CondNet.0.weight"]!;
      expect(shape).toEqual([5, 8, 4, 4]);
      const t = Object.keys(tensors).indexOf("CondNet.0.weight");
      for (const [h, w, i, o] of [
        [0, 0, 0, 0],
        [1, 2, 3, 4],
        [3, 3, 7, 4],
        [0, 3, 5, 1],
      ] as const) {
        const at = ((o * 8 + i) * 4 + h) * 4 + w;
        expect(data[at]).toBe(pattern(t, at));
      }
      expect([...tensors["conv0.bias"]!.data]).toEqual([0, 1, 2, 3].map((k) => pattern(1, k)));

      disposeModel(model);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it("goes by content and not by name", async () => {
    const model = await loadModel(weightsFile(plain), "weights.pth");
    expect(model.architecture).toBe("srresnet");
    disposeModel(model);
  });

  it("hashes the file", async () => {
    const bytes = await fixture("weights-plain.pth");
    const model = await loadModel(bytes, "a");
    const again = await loadModel(bytes.slice(), "b");
    expect(model.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(again.hash).toBe(model.hash);
    const other = await loadModel(weightsFile(plain), "c");
    expect(other.hash).not.toBe(model.hash);
    for (const m of [model, again, other]) disposeModel(m);
  });

  it("keeps the file's metadata", async () => {
    const header = JSON.stringify({ __metadata__: { architecture: "psnr" } });
    const file = weightsFile(plain);
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const rest = new TextDecoder().decode(file.subarray(8, 8 + length));
    const model = await loadModel(safetensors(`${header.slice(0, -1)},${rest.slice(1)}`, [...file.subarray(8 + length)]), "a");
    expect({ ...model.metadata }).toEqual({ architecture: "psnr" });
    disposeModel(model);
  });

  it("loads a plain net whose trunk's end is numbered without a gap, and drops counters", async () => {
    const model = await loadModel(await fixture("weights-plain.pth"), "a");
    expect(model).toMatchObject({ architecture: "srresnet", upsampling: "nearest", condition: 0, classes: 0 });
    const { tensors } = model.weights;
    expect(tensors["sft_branch.2.weight"]!.shape).toEqual([2, 2, 3, 3]);
    expect("sft_branch.1.weight" in tensors).toBe(false);
    expect(Object.keys(tensors).some((name) => name.includes("num_batches"))).toBe(false);
    disposeModel(model);
  });

  it("folds the batch norms of the official segmentation network and keeps its grouped transposed convolution", async () => {
    const layout = outdoorSceneSegLayout({ stem: [1, 1, 1], stages: Array(4).fill([1, 1]), neck: 1, classes: 8 });
    const model = await loadModel(
      weightsFile(layout, (name, i) => (name === "deconv.weight" ? i : 1)),
      "a",
    );
    expect(model.architecture).toBe("outdoor-scene-seg");
    const { tensors } = model.weights;
    expect(tensors["feature.0.bias"]!.shape).toEqual([1]);
    expect(Object.keys(tensors).filter((name) => name.includes("running"))).toEqual([]);
    const kernel = tensors["deconv.weight"]!;
    expect(kernel.shape).toEqual([8, 1, 16, 16]);
    expect(kernel.data.slice(0, 3)).toEqual(Float32Array.of(0, 1, 2));
    disposeModel(model);
  });

  it("refuses a weight that is no finite number, or that no training arrives at, by its tensor's name", async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Math.fround(3.4e38), -(2 ** 30)]) {
      const bytes = weightsFile(plain, (name, i) => (name === "HR_branch.6.weight" && i === 7 ? value : 0));
      expect(await refusal(bytes)).toBe(
        `"a.pth" has ${value} at place 7 of its tensor "HR_branch.6.weight"; its training failed, use another`,
      );
    }
  });

  it("refuses what is incomplete, hostile or of another kind in one message, and leaves nothing behind", async () => {
    expect(await refusal(weightsFile(plain.slice(0, -1)))).toContain('"HR_branch.8.bias" [3] is missing');
    expect(await refusal(await fixture("weights-views.zip.pth"))).toContain("is not a network that can be run here");
    expect(await refusal(await fixture("weights-prior_bic.pth"))).toContain("holds a single tensor [8, 3, 5]");
    expect(await refusal(Uint8Array.from(pickle(op.global("os", "system"))))).toContain("calls os.system;");
    expect(await refusal(Uint8Array.from(ascii("cos\nsystem\n(S'true'\ntR.")), "a.safetensors")).toContain("calls os.system;");
    expect(await refusal(safetensors('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}', floats(1, 2)))).toContain(
      "does not fit",
    );
  });

  it("says what a file that holds no weights is", async () => {
    const kinds: [number[] | string, string][] = [
      ["", "but empty"],
      [[0x89, ...ascii("PNG\r\n")], "but a picture"],
      [[0xff, 0xd8, 0xff, 0xe0], "but a picture"],
      [[0x93, ...ascii("NUMPY"), 1, 0], "but a NumPy array"],
      ["<!DOCTYPE html><html>", "but a web page"],
      ["version https://git-lfs.github.com/spec/v1", "but a Git LFS pointer"],
      [[0x1f, 0x8b, 8, 0], "but a gzip archive"],
      ["hello", "but something else"],
    ];
    for (const [content, what] of kinds) {
      const message = await refusal(Uint8Array.from(typeof content === "string" ? ascii(content) : content), "a.pth");
      expect(message).toContain(`"a.pth" is not a weights file ${what}`);
      expect(message).toContain("accepted are SFT-GAN generators");
    }
  });

  it("refuses every cut and survives every changed byte of a file", async () => {
    const bytes = weightsFile(plain);
    for (let at = 0; at < bytes.length; at += 97) expect(await refusal(bytes.subarray(0, at))).toContain('"a.pth"');
    const pth = await fixture("weights-plain.pth");
    const before = tf.memory().numTensors;
    for (let at = 0; at < pth.length; at += 13) {
      const changed = pth.slice();
      changed[at]! ^= 0xff;
      const outcome = await loadModel(changed, "a.pth").then(disposeModel, (error: Error) => error);
      if (outcome) expect([outcome.constructor, outcome.message]).toEqual([Error, expect.stringMatching(/^"a.pth" [^\n]+$/)]);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("describeModel", () => {
  const sft = { condition: 1, classes: 8, conditionHidden: 2, layerHidden: 1 };
  const line = async (bytes: Uint8Array) => {
    const model = await loadModel(bytes, "a");
    disposeModel(model);
    return describeModel(model);
  };

  it("says in one line what was found", async () => {
    expect(await line(await fixture("weights-sft-net.zip.pth"))).toBe(
      "SFT-GAN, SFTGAN_noBN_OST_bg layout: 2 blocks × 4 features, condition 3, 8 classes, 3,328 parameters",
    );
    const torch = generatorLayout({ features: 2, blocks: 1, upsampling: "nearest", end: "sft_branch.2", sft });
    expect(await line(weightsFile(torch))).toBe(
      "SFT-GAN, SFTGAN_torch layout: 1 block × 2 features, condition 1, 8 classes, 656 parameters",
    );
    expect(await line(weightsFile(plain))).toBe("SRResNet, pixel-shuffle upsampling: 1 block × 2 features, 569 parameters");
    expect(await line(await fixture("weights-plain.pth"))).toMatch(
      /^SRResNet, nearest-neighbour upsampling: 1 block × 2 features/,
    );
    const seg = outdoorSceneSegLayout({ stem: [1, 1, 1], stages: Array(4).fill([1, 1]), neck: 1, classes: 8 });
    expect(await line(weightsFile(seg))).toMatch(
      /^Segmentation network, segmentation_OST_bic layout: 8 classes, 2,\d{3} parameters$/,
    );
  });
});
