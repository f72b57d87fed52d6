/** NumPy arrays: headers that are no dictionary, or promise what the file does not hold. */
import fc from "fast-check";
import { readNpy, writeNpy } from "../../src/weights/npy";
import { npy as npyOf } from "../weights/files";
import { holds, type Kind, NAME, same } from "./kind";
import { beginning, mutated } from "./mutate";
import { samples } from "./samples";

const originals = samples(".npy").filter(({ length }) => length <= 400);

const descr = fc.oneof(
  fc.constantFrom("<f4", ">f8", "|u1", "<i8", "|b1", "<f2", "<constructor", "<__proto__", "|O8", "<U4", "<c8", "=f4", ""),
  fc.string({ maxLength: 20 }),
);
const side = fc.oneof(fc.nat(3), fc.nat(3), fc.nat(2 ** 31), fc.bigInt({ min: 0n, max: 2n ** 80n }));
const shape = fc.array(side, { maxLength: 40 }).map((sides) => `(${sides.map((n) => `${n}, `).join("")})`);
const headers = fc.oneof(
  fc
    .tuple(descr, fc.constantFrom("True", "False", "None", "1"), shape)
    .map(([type, fortran, size]) => `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': ${size}, }\n`),
  fc
    .array(
      fc.constantFrom(
        "{",
        "}",
        "'descr'",
        "'shape'",
        "'fortran_order'",
        ":",
        ",",
        "(",
        ")",
        "1",
        "3L",
        "True",
        "'<f4'",
        "'",
        " ",
        "\\",
        "é",
      ),
    )
    .map((tokens) => tokens.join("")),
);

/** Arrays that hold what their headers say. */
const tidy = fc
  .record({
    type: fc.constantFrom("<f4", ">f4", "<f8", ">f2", "|u1", "|b1", "<i8", ">u8", "=i2", "|S1"),
    fortran: fc.constantFrom("True", "False"),
    sides: fc.array(fc.nat(4), { maxLength: 4 }),
    seed: fc.nat(255),
  })
  .map(({ type, fortran, sides, seed }) => {
    const bytes = sides.reduce((a, b) => a * b, Number(type.slice(2)));
    const header = `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': (${sides.map((n) => `${n}, `).join("")}), }\n`;
    return npyOf(
      header,
      Array.from({ length: bytes }, (_, i) => (i * 37 + seed) & 255),
    );
  });

export const npyArray: Kind<Uint8Array> = {
  name: "npy",
  ending: "npy",
  named: NAME,
  inputs: fc.oneof(
    mutated(originals),
    tidy,
    fc
      .tuple(headers, fc.uint8Array({ maxLength: 80 }), fc.constantFrom(1, 1, 1, 2, 3, 0, 255))
      .map(([header, data, version]) => npyOf(header, [...data], version)),
    beginning(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0),
  ),
  check(bytes) {
    const { shape, data } = readNpy(bytes, NAME);
    holds(data.length === shape.reduce((a, b) => a * b, 1), `an array ${shape} has ${data.length} values`);
    const again = readNpy(writeNpy(shape, data), NAME);
    same([again.shape, [...again.data]], [shape, [...data]], "an array written and read again differs");
  },
};
