/** Weights as .safetensors: headers that lie about names, types, shapes and places. */
import fc from "fast-check";
import { readSafetensors } from "../../src/weights/safetensors";
import { safetensors as fileOf, floats } from "../weights/files";
import { type Kind, NAME } from "./kind";
import { beginning, mutated } from "./mutate";
import { checkWeights, tensorName } from "./pickle";

const type = fc.constantFrom("F32", "F16", "BF16", "F64", "I64", "BOOL", "U8", "F8_E4M3", "__proto__", "constructor", "toString");
const number = fc.oneof(fc.nat(4), fc.nat(40), fc.double(), fc.integer());
const entry = fc.oneof(
  fc.record(
    { dtype: type, shape: fc.array(number, { maxLength: 40 }), data_offsets: fc.array(number, { minLength: 1, maxLength: 3 }) },
    { noNullPrototype: true },
  ),
  fc.jsonValue(),
);
const text = fc.oneof(
  fc.array(fc.tuple(tensorName, entry), { maxLength: 6 }).map((list) => {
    const members = list.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    return `{${members.join()}}`; // JSON.stringify of an object would say no name twice
  }),
  fc.json(),
);

/** Tensors that lie side by side, as they should, under names that they should not have. */
const tidy = fc
  .record({
    names: fc.uniqueArray(tensorName, { maxLength: 5 }),
    type: fc.constantFrom(["F32", 4] as const, ["F16", 2] as const, ["I64", 8] as const, ["BOOL", 1] as const),
    shape: fc.array(fc.nat(3), { maxLength: 4 }),
  })
  .map(({ names, type: [dtype, bytes], shape }) => {
    const size = shape.reduce((a, b) => a * b, bytes);
    const entries = names.map((name, i) => {
      const value = { dtype, shape, data_offsets: [i * size, (i + 1) * size] };
      return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    });
    return fileOf(`{${entries.join()}}`, [...new Uint8Array(size * names.length)]);
  });

const original = fileOf(
  '{"conv0.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"__metadata__":{"format":"pt"}}',
  floats(1, 2, 3, 4),
);

export const safetensors: Kind<Uint8Array> = {
  name: "safetensors",
  ending: "safetensors",
  named: NAME,
  inputs: fc.oneof(
    mutated([original]),
    tidy,
    fc
      .tuple(
        text,
        fc.uint8Array({ maxLength: 40 }),
        fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined, freq: 6 }),
      )
      .map(([header, data, length]) => fileOf(header, [...data], length)),
    beginning(8, 0, 0, 0, 0, 0, 0, 0, 0x7b),
  ),
  check: (bytes) => checkWeights(bytes, () => readSafetensors(bytes, NAME).tensors),
};
