import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readPth, readTensorPth } from "../../src/weights/pth";
import { CONTAINERS } from "../../src/weights/state-dict";
import { fixture } from "../fixture";
import { array, pattern, views } from "./expected";
import { ascii, type Bytes, dictOf, floats, legacy, little, message, op, pickle, tensor, tupleOf, zip } from "./files";

const refusal = (bytes: Uint8Array) => message(() => readPth(bytes, "a.pth"));
const formats = [
  ["the stream of 2018", legacy],
  ["today's zip", zip],
] as const;

describe("readPth, of what PyTorch writes,", () => {
  it.each(["weights-sft-net.legacy.pth", "weights-sft-net.zip.pth"])("reads a network: %s", async (name) => {
    const tensors = readPth(await fixture(name), name);
    const names = Object.keys(tensors);
    expect(names).toHaveLength(2 * (1 + 2 * 10 + 4 + 1 + 4 + 5));
    expect(names[0]).toBe("conv0.weight");
    expect(tensors["CondNet.0.weight"]!.shape).toEqual([5, 8, 4, 4]);
    names.forEach((name, t) => {
      const { shape, data } = tensors[name]!;
      expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
      expect(
        data.every((value, k) => value === pattern(t, k)),
        name,
      ).toBe(true);
    });
  });

  it.each(["weights-views.legacy.pth", "weights-views.zip.pth", "weights-views.big-endian.pth"])(
    "reads tensors of every type, in any order of their elements: %s",
    async (name) => {
      const tensors = readPth(await fixture(name), name);
      expect(Object.keys(tensors)).toEqual(views.map(([name]) => name));
      for (const [name, { shape, data }] of views) {
        expect(tensors[name]!.shape, name).toEqual(shape);
        expect([...tensors[name]!.data], name).toEqual(data.map(Math.fround));
      }
      expect(tensors.again).toBe(tensors.tail);
    },
  );

  it("finds the network in a training script's checkpoint of several GPUs", async () => {
    const tensors = readPth(await fixture("weights-plain.pth"), "plain");
    expect(tensors["module.conv0.weight"]!.shape).toEqual([2, 3, 3, 3]);
  });

  it.each(["weights-prior_bic.pth", "weights-prior_bic.zip.pth"])("reads a prior: %s", async (name) => {
    const { shape, data } = readTensorPth(await fixture(name), name);
    expect(shape).toEqual([8, 3, 5]);
    expect([...data]).toEqual(array("prior").data.map(Math.fround));
    expect(await message(async () => readPth(await fixture(name), name))).toContain("holds a single tensor [8, 3, 5]");
    expect(await message(async () => readTensorPth(await fixture("weights-plain.pth"), "a"))).toContain("holds no single tensor");
  });

  it.each(["weights-views.legacy.pth", "weights-views.zip.pth", "weights-prior_bic.pth"])(
    "refuses it cut short at any byte: %s",
    async (name) => {
      const bytes = await fixture(name);
      const read = name.includes("prior") ? readTensorPth : readPth;
      for (let length = 0; length < bytes.length; length += 3) {
        expect(await message(() => read(bytes.subarray(0, length), "a.pth"))).toContain('"a.pth" ');
      }
      expect(await message(() => read(bytes.subarray(0, -1), "a.pth"))).toContain('"a.pth" ');
    },
  );
});

describe.each(formats)("readPth, of %s,", (_, file) => {
  const one = (value: Bytes, count = 4) => file(value, { k: floats(...Array.from({ length: count }, (_, i) => i)) });
  const nested = (...path: string[]): Bytes =>
    path.reduceRight((inner, key) => dictOf([key, inner]), dictOf(["w", tensor("k", 4, [4])]));

  it("finds a network in the usual containers", () => {
    for (const path of [["state_dict"], ["params"], ["params_ema"], ["model", "state_dict"], ["something_else"]]) {
      expect(Object.keys(readPth(one(nested(...path)), "a")), path.join()).toEqual(["w"]);
    }
    const both = dictOf(["params", dictOf(["w", tensor("k", 4, [1])])], ["params_ema", dictOf(["w", tensor("k", 4, [2])])]);
    expect(readPth(one(both), "a").w!.shape).toEqual([2]);
    const best = dictOf(["best", tensor("k", 4, [1])], ["state_dict", dictOf(["w", tensor("k", 4, [2])])]);
    expect(Object.keys(readPth(one(best), "a"))).toEqual(["w"]);
  });

  it("refuses to call anything", async () => {
    const call = [...op.global("os", "system"), ...tupleOf(op.text("true")), ...op.reduce];
    expect(await refusal(one(dictOf(["w", call])))).toBe(
      '"a.pth" calls os.system; only tensors are read from a .pth file and nothing in it is run, so save the network\'s state_dict() by itself',
    );
  });

  it.each<[string, Bytes, string]>([
    ["more elements than its storage has", tensor("k", 4, [5]), "does not lie in its storage of 4 elements"],
    ["an offset past its storage", tensor("k", 4, [4], { offset: 1 }), "does not lie in"],
    ["a negative offset", tensor("k", 4, [1], { offset: -1 }), "does not lie in"],
    ["strides past its storage", tensor("k", 4, [2, 2], { strides: [4, 1] }), "does not lie in"],
    ["negative strides", tensor("k", 4, [2], { offset: 3, strides: [-1] }), "does not lie in"],
    ["fewer strides than dimensions", tensor("k", 4, [2, 2], { strides: [1] }), "does not lie in"],
    ["a negative dimension", tensor("k", 4, [-2, -2], { strides: [1, 1] }), "does not lie in"],
    ["an overflowing shape", tensor("k", 4, [2 ** 31 - 1, 2 ** 31 - 1], { strides: [0, 0] }), "does not lie in"],
    ["one element repeated", tensor("k", 4, [2 ** 30], { strides: [0] }), "does not lie in"],
  ])("refuses a tensor with %s", async (_, view, message) => {
    expect(await refusal(one(dictOf(["w", view])))).toContain(message);
  });

  it("reads the part of a storage that a view is", () => {
    const part = tupleOf(op.text("v"), op.int(1), op.int(2));
    expect([...readPth(one(dictOf(["w", tensor("k", 4, [2], { part })])), "a").w!.data]).toEqual([1, 2]);
    expect([...readPth(one(dictOf(["w", tensor("k", 4, [1], { part, offset: 1 })])), "a").w!.data]).toEqual([2]);
    expect(() => readPth(one(dictOf(["w", tensor("k", 4, [2], { part, offset: 1 })])), "a")).toThrow("does not lie in");
  });

  it("refuses many views that would add up to more than the file", async () => {
    const entries = Array.from({ length: 800 }, (_, i): [string, Bytes] => [`w${i}`, tensor("k", 2000, [1200], { offset: i })]);
    expect(await refusal(one(dictOf(...entries), 2000))).toContain("more elements than the file has bytes");
  });

  it("refuses what is no network", async () => {
    for (const value of [
      op.int(1),
      op.none,
      op.list,
      dictOf(),
      dictOf(["a", op.int(1)]),
      dictOf(["a", dictOf()]),
      op.text("x"),
    ]) {
      expect(await refusal(file(value))).toContain("holds no tensors by name where a network's state_dict() is expected");
    }
    const nameless = [...op.dict, ...op.int(1), ...tensor("k", 4, [4]), ...ascii("s")];
    expect(await refusal(one(nameless))).toContain("a tensor without a name");
    expect(await refusal(one(nested(..."abcdefgh")))).toContain("holds no tensors by name");
  });

  it("is not led in circles by a dictionary that contains itself", async () => {
    const items = CONTAINERS.flatMap((key) => [...op.text(key), ...op.get(0)]);
    expect(await refusal(file([...op.dict, ...op.put(0), ...op.mark, ...items, ...op.setItems]))).toContain("holds no tensors");
  });

  it("refuses a storage that is missing, or of another length than the tensors say", async () => {
    const value = dictOf(["w", tensor("k", 4, [4])]);
    expect(await refusal(file(value))).toContain('"a.pth" is damaged');
    expect(await refusal(file(value, { k: floats(1, 2, 3) }))).toMatch(/is damaged|is cut short/);
    expect(await refusal(file(value, { k: floats(1, 2, 3, 4, 5) }))).toContain("is damaged");
    expect(await refusal(file(dictOf(["w", tensor("k", 2 ** 31 - 1, [4])]), { k: floats(1) }))).toMatch(
      /is damaged|is cut short/,
    );
  });
});

describe("readPth, of other files,", () => {
  it("says what they are not", async () => {
    expect(await refusal(new Uint8Array())).toContain("is not a PyTorch file");
    expect(await refusal(Uint8Array.from(ascii("\x89PNG")))).toContain("is not a PyTorch file");
    expect(await refusal(Uint8Array.from(pickle(op.int(1))))).toContain("not one of torch.save");
    expect(await refusal(Uint8Array.from([...pickle(op.long(0x1950a86a20f9469cfc6cn, 10)), ...pickle(op.int(1))]))).toContain(
      "unknown version",
    );
    expect(await refusal(zipSync({ "a.txt": Uint8Array.of(1) }))).toContain("is a zip archive, but not one of torch.save");
    expect(await refusal(zipSync({ "a/data.pkl": Uint8Array.of(), "b/data.pkl": Uint8Array.of() }))).toContain(
      "not one of torch.save",
    );
  });

  it("names what a pickle without any PyTorch in it calls", async () => {
    expect(await refusal(Uint8Array.from(ascii("cos\nsystem\n(S'true'\ntR.")))).toContain("calls os.system;");
    expect(await refusal(Uint8Array.from(ascii("(cos\nsystem\nS'true'\no.")))).toContain("calls os.system;");
    expect(await refusal(Uint8Array.from(pickle(op.global("posix", "system"))))).toContain("calls posix.system;");
  });

  it("unpacks nothing that is compressed", async () => {
    const bomb = zip(dictOf(["w", tensor("k", 4, [4])]), { k: Array(1_000_000).fill(0) }, 9);
    expect(bomb.length).toBeLessThan(3000);
    expect(await refusal(bomb)).toMatch(/has a compressed member "archive\/data.pkl", .* that would unpack to/);
  });

  it("believes no size in a zip's directory", async () => {
    const honest = zip(dictOf(["w", tensor("k", 4, [4])]), { k: floats(1, 2, 3, 4) });
    const entries = [...honest.keys()].filter((i) => honest[i] === 0x50 && honest[i + 1] === 0x4b && honest[i + 2] === 1);
    expect(entries).toHaveLength(2);
    const lying = (entry: number, field: number, value: number, bytes: number) => {
      const copy = honest.slice();
      copy.set(little(value, bytes), entry + field);
      return refusal(copy);
    };
    const second = entries[1]!;
    expect(await lying(second, 24, 0x7fffffff, 4)).toContain("take 2,147,48"); // unpacked size
    expect(await lying(second, 20, 0x7fffffff, 4)).toContain("is cut short or damaged"); // packed size
    expect(await lying(second, 42, honest.length - 10, 4)).toContain("is not all there"); // place
    expect(await lying(second, 10, 12, 2)).toContain("compressed member"); // method
    const end = honest.length - 22;
    expect(await lying(end, 8, 65535, 2)).toMatch(/two members|promises/); // count
    expect(await lying(end, 16, 0x7fffffff, 4)).toContain('"a.pth"'); // place of the directory
  });

  it("is not kept busy by a directory of four thousand million members", async () => {
    const end64 = [
      ...ascii("PK\x06\x06"),
      ...little(44, 8),
      ...Array(12).fill(0),
      ...little(2 ** 32 - 1, 8),
      ...little(2 ** 32 - 1, 8),
      ...little(12, 8),
      ...little(0, 8),
    ];
    const locator = [...ascii("PK\x06\x07"), ...little(0, 4), ...little(4, 8), ...little(1, 4)];
    const end = [
      ...ascii("PK\x05\x06"),
      ...little(0, 4),
      ...little(65535, 2),
      ...little(65535, 2),
      ...little(0, 4),
      ...little(0xffffffff, 4),
      0,
      0,
    ];
    expect(await refusal(Uint8Array.from([...ascii("PK\x03\x04"), ...end64, ...locator, ...end]))).toMatch(
      /two members|promises|compressed/,
    );
  });

  it("refuses an archive with two members of one name", async () => {
    const file = zip(dictOf(["w", tensor("k", 1, [1])]), { k: floats(1), l: floats(2) });
    const copy = file.map((byte, i) =>
      byte === 0x6c && String.fromCharCode(...file.subarray(i - 13, i)) === "archive/data/" ? 0x6b : byte,
    );
    expect(await refusal(copy)).toContain('has two members "archive/data/k"');
  });

  it("refuses a byte order it does not know", async () => {
    const file = zipSync(
      { "a/data.pkl": Uint8Array.from(pickle(dictOf())), "a/byteorder": Uint8Array.from(ascii("middle")) },
      { level: 0 },
    );
    expect(await refusal(file)).toContain('byte order "middle"');
  });
});
