/** Halves as they lie in a file, and the floats that they stand for. */
import { expect, it } from "vitest";
import { fileTensor, float16 } from "../../src/weights/host-tensor";

it("halves are kept as they are, at any place of a file, and are the floats that they stand for, all 65,536 of them", () => {
  const halves = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
  const expected = Float32Array.from(halves, float16);
  for (const place of [0, 1, 2]) {
    const file = new Uint8Array(place + halves.byteLength + 3);
    file.set(new Uint8Array(halves.buffer), place);
    const tensor = fileTensor(file.subarray(place), "float16", [256, 256]);
    expect(tensor.halves).toEqual(halves);
    expect(tensor.halves?.buffer === file.buffer).toBe(place % 2 === 0);
    expect(tensor.data).toEqual(expected);
    expect(tensor.data).toBe(tensor.data);
  }
});
