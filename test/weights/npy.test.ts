import { describe, expect, it } from "vitest";
import { readNpy, writeNpy } from "../../src/weights/npy";
import { fixture } from "../fixture";
import { array } from "./expected";
import { ascii, floats, message, npy } from "./files";

const header = (shape: string, descr = "'<f4'") => `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`;
const refusal = (bytes: Uint8Array) => message(() => readNpy(bytes, "a.npy"));

describe("readNpy", () => {
  const kinds = ["f2", "f4", "f8", "f4-big", "i8-big", "i4", "u1", "b1", "fortran", "scalar", "vector", "empty"];
  it.each([...kinds, "version-2", "version-3"])("reads NumPy's own file of kind %s", async (kind) => {
    const { shape, data } = readNpy(await fixture(`weights-${kind}.npy`), kind);
    const expected = array(`${kind}.npy`);
    expect(shape).toEqual(expected.shape);
    expect([...data]).toEqual(expected.data.map(Math.fround));
  });

  it("reads a file that lies at an odd place of a larger buffer", async () => {
    const bytes = await fixture("weights-f4.npy");
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readNpy(larger.subarray(3), "a.npy").data).toEqual(readNpy(bytes, "a.npy").data);
  });

  it("reads the long integers Python 2 wrote in shapes", () => {
    expect(readNpy(npy(header("(1L, 2L)"), floats(1, 2)), "a.npy").shape).toEqual([1, 2]);
  });

  it("looks types up by names of its own, not by those that every object inherits", async () => {
    expect(await refusal(await fixture("hostile-constructor.npy"))).toContain('holds elements of type "<constructor"; booleans');
    for (const name of ["toString", "__proto__", "hasOwnProperty"])
      expect(await refusal(npy(header("(1,)", `'<${name}'`), floats(1)))).toContain(`holds elements of type "<${name}"`);
  });

  it("refuses what is no array of numbers, and says what it is", async () => {
    expect(await refusal(Uint8Array.from(ascii("\x89PNG")))).toContain("is not a NumPy array");
    expect(await refusal(new Uint8Array())).toContain("is not a NumPy array");
    expect(await refusal(await fixture("weights-records.npy"))).toContain("a header NumPy does not write for a plain array");
    expect(await refusal(npy(header("(1,)", "'|O'"), [0]))).toContain('elements of type "|O"');
    expect(await refusal(npy(header("(1,)", "'<U3'"), [0]))).toContain('elements of type "<U3"');
    expect(await refusal(npy(header("(1,)"), floats(1), 4))).toContain("version 4");
  });

  it("refuses a file cut short at any byte", async () => {
    const bytes = await fixture("weights-f2.npy");
    for (let length = 0; length < bytes.length; length++) expect(await refusal(bytes.subarray(0, length))).toContain('"a.npy"');
  });

  it.each(["(2147483648, 2147483648)", "(4294967296, 4294967296, 4294967296)", "(99999999999999999999999,)", "(3,)"])(
    "refuses the shape %s the file does not hold",
    async (shape) => {
      expect(await refusal(npy(header(shape), floats(1, 2)))).toMatch(/promises an array .* but holds only 8 bytes/);
    },
  );

  it("refuses more than 32 dimensions, and bytes beyond the array", async () => {
    expect(await refusal(npy(header(`(${"1, ".repeat(33)})`), floats(1)))).toContain("promises");
    expect(await refusal(npy(header("(1,)"), floats(1, 2)))).toContain("4 bytes more than its array [1]");
  });

  it.each([
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2**3,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (len('ab'),)}",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + {}",
    "__import__('os').system('true')",
    "{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}",
    "{",
    "",
  ])("never evaluates the header: %s", async (text) => {
    expect(await refusal(npy(text, floats(1, 2)))).toContain("a header NumPy does not write");
  });

  it("refuses a header longer than NumPy itself would read", async () => {
    expect(await refusal(npy(" ".repeat(20_000)))).toContain("a header of 20,000 bytes");
  });
});

describe("writeNpy", () => {
  it.each([[[2, 3]], [[6]], [[1, 1, 6]], [[]]])("writes shape %j as readNpy reads it", (shape) => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 3);
    expect(readNpy(writeNpy(shape, data), "a.npy")).toEqual({ shape, data });
  });

  it("writes what NumPy writes, to the byte, but for the last of the padding: by that this program knows its own files", async () => {
    for (const name of ["weights-f4.npy", "weights-vector.npy", "weights-scalar.npy", "weights-empty.npy"]) {
      const bytes = await fixture(name);
      const { shape, data } = readNpy(bytes, name);
      const marked = bytes.slice();
      marked[marked.indexOf(0x0a) - 1] = 0x09; // the header ends at its first line's end
      expect([...writeNpy(shape, data)]).toEqual([...marked]);
    }
  });

  it("refuses a shape of another size", async () => {
    expect(await message(() => writeNpy([2, 2], new Float32Array(3)))).toBe("An array [2, 2] cannot be made of 3 values");
  });
});
