import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { generatorLayout } from "../../src/weights/layouts";
import { disposeModel, loadModel } from "../../src/weights/model";
import { stateDict } from "../../src/weights/state-dict";
import { type Bytes, dictOf, floats, legacy, message, safetensors, tensor, weightsFile, zip } from "./files";

const names = (...keys: string[]) => Object.keys(stateDict(Object.fromEntries(keys.map((key) => [key, 1])), "a.pth"));
const plain = generatorLayout({ features: 2, blocks: 1, upsampling: "pixel-shuffle", end: "sft_branch.2" });
const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

describe("stateDict", () => {
  it.each(["module", "_orig_mod", "net_g", "netG", "params_ema", "params", "model", "generator", "state_dict", "ema_model"])(
    "takes %s. off every name",
    (prefix) => {
      expect(names(`${prefix}.conv0.weight`, `${prefix}.conv0.bias`)).toEqual(["conv0.weight", "conv0.bias"]);
      expect(names(`module.${prefix}._orig_mod.conv0.weight`)).toEqual(["conv0.weight"]);
    },
  );

  it("takes a wrapper's part off wherever a module was wrapped", () => {
    expect(names("conv0.weight", "CondNet._orig_mod.0.weight", "sft_branch.0._checkpoint_wrapped_module.conv0.weight")).toEqual([
      "conv0.weight",
      "CondNet.0.weight",
      "sft_branch.0.conv0.weight",
    ]);
  });

  it("prefers averaged weights, and leaves all other containers where they are", () => {
    expect(stateDict({ "params.a": 1, "params_ema.a": 2, "net_d.a": 3, n_averaged: 4 }, "a")).toEqual({ a: 2 });
    expect(names("net_g.a", "net_d.b", "optimizer.step")).toEqual(["a"]);
  });

  it("drops counters", () => {
    expect(names("n_averaged", "module.a", "module.norm.num_batches_tracked")).toEqual(["a"]);
  });

  it("keeps all other names, and takes no container's name alone for one", () => {
    expect(names("a", "b.weight", "my_module.c", "model", "constructor", "__proto__x")).toEqual([
      "a",
      "b.weight",
      "my_module.c",
      "model",
      "constructor",
      "__proto__x",
    ]);
    expect(Object.getPrototypeOf(stateDict({}, "a"))).toBe(null);
  });

  it("refuses two tensors of one name", async () => {
    expect(await message(() => names("module.a", "a"))).toBe(
      '"a.pth" holds both "module.a" and "a", which are one tensor of a network; save the network\'s state_dict() by itself',
    );
  });
});

/** The network's file in each format, its tensors named by `named`, `more` beside them. */
const formats: [string, (named: (name: string) => string, more: Record<string, number[]>) => Uint8Array][] = [
  [
    ".safetensors",
    (named, more) => weightsFile([...plain.map(([name, shape]) => [named(name), shape] as const), ...Object.entries(more)]),
  ],
  ...([legacy, zip] as const).map((write): (typeof formats)[number] => [
    write === zip ? "a .pth of today" : "a .pth of 2018",
    (named, more) => {
      const all = [...plain.map(([name, shape]) => [named(name), shape] as const), ...Object.entries(more)];
      const storages: Record<string, Bytes> = {};
      const entries = all.map(([name, shape], i): [string, Bytes] => {
        storages[`${i}`] = floats(...Array(count(shape)).fill(0.5));
        const strides = shape.map((_, axis) => count(shape.slice(axis + 1)));
        return [name, tensor(`${i}`, count(shape), [...shape], { strides })];
      });
      return write(dictOf(...entries), storages);
    },
  ]),
];

describe.each(formats)("loadModel, of %s,", (_, file) => {
  it.each(["", "module.", "_orig_mod.", "net_g.", "netG.", "params_ema.", "model.", "generator.", "module._orig_mod."])(
    'loads a network whose names begin with "%s", beside counters',
    async (prefix) => {
      const before = tf.memory().numTensors;
      const model = await loadModel(
        file((name) => prefix + name, { n_averaged: [] }),
        "a",
      );
      expect(Object.keys(model.weights.tensors).sort()).toEqual(plain.map(([name]) => name).sort());
      disposeModel(model);
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

describe("loadModel", () => {
  const typed = (dtype: string, bytes: number) => {
    const header: Record<string, unknown> = { __metadata__: null };
    let at = 0;
    for (const [name, shape] of plain) {
      const [type, size] = name === "HR_branch.6.bias" ? [dtype, bytes] : ["F32", 4];
      const end = at + count(shape) * size;
      header[name] = { dtype: type, shape, data_offsets: [at, end] };
      at = end;
    }
    return safetensors(JSON.stringify(header), Array(at).fill(0));
  };

  it("takes __metadata__: null for none", async () => {
    const model = await loadModel(typed("F16", 2), "a");
    expect({ ...model.metadata }).toEqual({});
    disposeModel(model);
  });

  it("refuses weights that are no floats, by the tensor's name", async () => {
    for (const [dtype, bytes, what] of [
      ["I64", 8, "whole numbers (int64)"],
      ["U8", 1, "whole numbers (uint8)"],
      ["BOOL", 1, "truth values (bool)"],
    ] as const)
      expect(await message(() => loadModel(typed(dtype, bytes), "a.safetensors"))).toBe(
        `"a.safetensors" has ${what} in its tensor "HR_branch.6.bias", and weights are floats of 16, 32 or 64 bits; save the network as it was trained`,
      );
    const long = plain.map(([name, shape], i): [string, Bytes] => {
      const strides = shape.map((_, axis) => count(shape.slice(axis + 1)));
      return [name, tensor(`${i}`, count(shape), [...shape], { strides, type: "IntStorage" })];
    });
    const storages = Object.fromEntries(plain.map(([, shape], i) => [`${i}`, Array(4 * count(shape)).fill(0)]));
    expect(await message(() => loadModel(zip(dictOf(...long), storages), "a.pth"))).toContain("whole numbers (int32)");
  });
});
