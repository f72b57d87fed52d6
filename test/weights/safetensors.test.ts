import { describe, expect, it } from "vitest";
import { readSafetensors } from "../../src/weights/safetensors";
import { type Bytes, floats, little, message, safetensors } from "./files";

const entry = (shape: unknown, data_offsets: unknown, dtype: unknown = "F32") => ({ dtype, shape, data_offsets });
const file = (header: Record<string, unknown>, data: Bytes = []) => safetensors(JSON.stringify(header), data);
const refusal = (bytes: Uint8Array) => message(() => readSafetensors(bytes, "a.safetensors"));

describe("readSafetensors", () => {
  it("reads tensors by name, and the metadata", () => {
    const { tensors, metadata } = readSafetensors(
      file({ __metadata__: { made: "by hand" }, b: entry([], [8, 12]), a: entry([2, 1], [0, 8]) }, floats(1, 2, 3)),
      "a",
    );
    expect(Object.keys(tensors)).toEqual(["b", "a"]);
    expect(tensors.a).toEqual({ type: "float32", shape: [2, 1], data: Float32Array.of(1, 2) });
    expect(tensors.b).toEqual({ type: "float32", shape: [], data: Float32Array.of(3) });
    expect({ ...metadata }).toEqual({ made: "by hand" });
  });

  it("takes metadata that is null for none", () => {
    const { metadata } = readSafetensors(file({ __metadata__: null, a: entry([1], [0, 4]) }, floats(1)), "a");
    expect({ ...metadata }).toEqual({});
  });

  it.each([
    ["F64", [...new Uint8Array(Float64Array.of(0.1).buffer)], Math.fround(0.1)],
    ["F16", little(0x3e00, 2), 1.5],
    ["F16", little(0xfbff, 2), -65504],
    ["F16", little(0x0001, 2), 2 ** -24],
    ["F16", little(0x7c00, 2), Number.POSITIVE_INFINITY],
    ["F16", little(0x7e00, 2), Number.NaN],
    ["BF16", little(0xc020, 2), -2.5],
    ["I64", little(-5n, 8), -5],
    ["U64", little(5n, 8), 5],
    ["I32", little(-5, 4), -5],
    ["U32", little(4294967295, 4), 4294967296],
    ["I16", little(-5, 2), -5],
    ["U16", little(65535, 2), 65535],
    ["I8", [0xfb], -5],
    ["U8", [0xfb], 251],
    ["BOOL", [1], 1],
  ])("widens %s", (dtype, bytes, value) => {
    const { tensors } = readSafetensors(file({ a: entry([1], [0, bytes.length], dtype) }, bytes), "a");
    expect(tensors.a!.data[0]).toBe(value);
  });

  it("keeps names that mean something to objects harmless", () => {
    const text = `{"__proto__":${JSON.stringify(entry([1], [0, 4]))},"constructor":${JSON.stringify(entry([1], [4, 8]))}}`;
    const { tensors } = readSafetensors(safetensors(text, floats(1, 2)), "a");
    expect(Object.keys(tensors)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(tensors)).toBe(null);
    expect(({} as Record<string, unknown>).shape).toBeUndefined();
  });

  it("refuses other files, and headers longer than the file or the format's limit", async () => {
    expect(await refusal(new Uint8Array())).toContain("is not a .safetensors file");
    expect(await refusal(safetensors("[]"))).toContain("is not a .safetensors file");
    expect(await refusal(safetensors("{}", [], 200_000_000))).toContain("is not a .safetensors file");
    expect(await refusal(safetensors("{}", [], 2n ** 64n - 1n))).toContain("is not a .safetensors file");
    expect(await refusal(safetensors("{}", [], 3))).toMatch(/cut short: its header is 3 bytes long and the file 10 bytes/);
  });

  it("refuses a file cut short at any byte", async () => {
    const bytes = file({ a: entry([2], [0, 8]), b: entry([1], [8, 12]) }, floats(1, 2, 3));
    for (let length = 0; length < bytes.length; length++)
      expect(await refusal(bytes.subarray(0, length))).toContain("a.safetensors");
  });

  it.each([
    ["overlap", { a: entry([2], [0, 8]), b: entry([2], [4, 12]) }, 'tensor "b" overlaps'],
    ["the same bytes twice", { a: entry([3], [0, 12]), b: entry([3], [0, 12]) }, 'tensor "b" overlaps'],
    ["a gap", { a: entry([1], [0, 4]), b: entry([1], [8, 12]) }, 'tensor "b" leaves a gap'],
    ["bytes of no tensor", { a: entry([2], [0, 8]) }, "4 bytes after its last tensor"],
    ["the end past the file", { a: entry([4], [0, 16]) }, 'tensor "a" ends at byte 16 of the data and there are 12'],
    ["a length other than the shape's", { a: entry([2], [0, 12]) }, "which does not fit"],
    ["an overflowing shape", { a: entry([2 ** 31, 2 ** 31], [0, 12]) }, "which does not fit"],
    ["an enormous shape", { a: entry(Array(32).fill(2 ** 53 - 1), [0, 12]) }, "which does not fit"],
    ["an infinite product times zero", { a: entry([...Array(31).fill(2 ** 53 - 1), 0], [0, 12]) }, "which does not fit"],
    ["a negative dimension", { a: entry([-3], [0, 12]) }, "a shape that is not a list"],
    ["a broken dimension", { a: entry([1.5, 2], [0, 12]) }, "a shape that is not a list"],
    ["text for a dimension", { a: entry(["3"], [0, 12]) }, "a shape that is not a list"],
    ["too many dimensions", { a: entry(Array(33).fill(1), [0, 4]) }, "a shape that is not a list"],
    ["offsets the wrong way round", { a: entry([3], [12, 0]) }, "not a begin and an end"],
    ["three offsets", { a: entry([3], [0, 4, 12]) }, "not a begin and an end"],
    ["a negative offset", { a: entry([3], [-4, 8]) }, "not a begin and an end"],
    ["an unknown type", { a: entry([3], [0, 12], "F8_E4M3") }, 'of type "F8_E4M3"'],
    ["a type that is a method", { a: entry([3], [0, 12], "toString") }, 'of type "toString"'],
    ["no type", { a: entry([3], [0, 12], [[]]) }, "of type no name"],
    ["something else in an entry", { a: { ...entry([3], [0, 12]), extra: 1 } }, "is not described by"],
    ["an entry that is none", { a: 3 }, "is not described by"],
    ["metadata that is not text", { __metadata__: { a: 1 }, a: entry([3], [0, 12]) }, "metadata"],
    ["metadata that is a list", { __metadata__: [], a: entry([3], [0, 12]) }, "metadata"],
  ])("refuses %s", async (_, header, message) => {
    expect(await refusal(file(header, floats(1, 2, 3)))).toContain(message);
  });

  it("refuses a name that occurs twice, however it is spelled", async () => {
    const a = JSON.stringify(entry([1], [0, 4]));
    expect(await refusal(safetensors(`{"a":${a},"a":${a}}`, floats(1)))).toContain("names something twice");
    expect(await refusal(safetensors(`{"a":${a},"\\u0061":${a}}`, floats(1)))).toContain("names something twice");
    expect(await refusal(safetensors(`{"a":${a.replace("{", '{"shape":[1],')}}`, floats(1)))).toContain("names something twice");
    const quoted = JSON.stringify({ 'a":{"b\\': entry([1], [0, 4]) });
    expect(Object.keys(readSafetensors(safetensors(quoted, floats(1)), "a").tensors)).toEqual(['a":{"b\\']);
  });

  it("refuses headers that are no JSON, or nested without end, or no UTF-8", async () => {
    expect(await refusal(safetensors("{a:1}"))).toContain("is not JSON");
    expect(await refusal(safetensors(`{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`))).toContain('"a.safetensors"');
    expect(await refusal(safetensors(`{"a":${'{"dtype":'.repeat(50_000)}1${"}".repeat(50_001)}`))).toContain('"a.safetensors"');
    const text = `{"a":{"shape":${"[".repeat(100_000)}${"]".repeat(100_000)},"dtype":${"[".repeat(100_000)}${"]".repeat(100_000)},"data_offsets":[0,0]}}`;
    expect(await refusal(safetensors(text))).toContain('"a.safetensors"');
    expect(await refusal(Uint8Array.from([...little(3, 8), 0x7b, 0xff, 0x7d]))).toContain("is not JSON");
  });

  it("spells a name with control characters and markup harmlessly and cuts it", async () => {
    const name = `<img src=x onerror=alert(1)>\n\u0000${"x".repeat(500)}`;
    const message = await refusal(file({ [name]: entry([-1], [0, 0]) }));
    expect(message).not.toContain("\n");
    expect(message).not.toContain("\u0000");
    expect(message.length).toBeLessThan(300);
  });
});
