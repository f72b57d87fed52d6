/** Weights as .pth, of both formats: pickles that are damaged, made of values, and made of any instructions. */
import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import type { HostTensor } from "../../src/types";
import { disposeModel, loadModel } from "../../src/weights/model";
import { readPth, readTensorPth } from "../../src/weights/pth";
import { isZip } from "../../src/weights/torch-zip";
import { ascii, type Bytes, dictOf, floats, legacy, little, op, pickle, tensor, tupleOf, zip } from "../weights/files";
import { holds, type Kind, NAME } from "./kind";
import { mutated, type Piece, rearranged } from "./mutate";
import { samples } from "./samples";

type Tensors = Readonly<Record<string, HostTensor>>;

export const tensorName = fc.oneof(
  fc.constantFrom("conv0.weight", "module.a", "params_ema", "__proto__", "constructor", "__metadata__", "n_averaged", ""),
  fc.string({ maxLength: 100 }),
);

/** Reads a file's tensors, and then the file as a network, which most are not. */
export async function checkWeights(bytes: Uint8Array, read: () => Tensors): Promise<void> {
  const tensors = read();
  holds(Object.getPrototypeOf(tensors) === null, "the tensors are in a record with a prototype");
  for (const [name, tensor] of Object.entries(tensors)) checkTensor(name, tensor);
  await loadModel(bytes, NAME).then(disposeModel, passOver);
}

/** A refusal is all right; another error is thrown on. */
function passOver(error: unknown): void {
  if (!(error instanceof Error) || !error.message.includes(NAME)) throw error;
}

function checkTensor(name: string, { shape, data }: HostTensor): void {
  const count = shape.reduce((a, b) => a * b, 1);
  holds(data instanceof Float32Array && data.length === count, `${name} ${shape} has ${data.length} values`);
}

const int = fc.oneof(fc.nat(6), fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31)), fc.integer());
const tensorValue = fc
  .record({
    key: fc.constantFrom("0", "1", "2", "__proto__", "../0"),
    count: fc.oneof(fc.constant(4), int),
    shape: fc.array(fc.oneof(fc.nat(4), int), { maxLength: 5 }),
    strides: fc.array(fc.oneof(fc.nat(4), int), { maxLength: 5 }),
    offset: int,
    type: fc.constantFrom("FloatStorage", "HalfStorage", "LongStorage", "BoolStorage", "BFloat16Storage", "NoStorage"),
    fits: fc.boolean(),
  })
  .map(
    ({ key, count, shape, strides, offset, type, fits }): Bytes =>
      fits
        ? tensor(key === "1" ? "1" : "0", 4, [2, 2], { strides: [2, 1] })
        : tensor(key, count, shape, { offset, strides, type }),
  );

const { value } = fc.letrec<{ value: Bytes; leaf: Bytes; tree: Bytes }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("tree")),
  leaf: fc.oneof(
    tensorValue,
    tensorValue,
    int.map(op.int),
    tensorName.map(op.text),
    fc.constantFrom(op.none, op.emptyTuple, op.list, op.dict),
    fc.nat(3).map(op.get),
  ),
  tree: fc.oneof(
    fc.array(tie("value"), { maxLength: 5 }).map((items) => tupleOf(...items)),
    fc.array(fc.tuple(tensorName, tie("value")), { maxLength: 5 }).map((entries) => dictOf(...entries)),
    fc.array(fc.tuple(tensorName, tie("value")), { maxLength: 5 }).map((entries) => dictOf(...entries)),
    fc.tuple(tie("value"), fc.nat(3)).map(([one, index]): Bytes => [...one, ...op.put(index)]),
    fc.array(tie("value"), { maxLength: 3 }).map((items): Bytes => [...op.list, ...op.mark, ...items.flat(), ...op.appends]),
    fc.tuple(tie("value"), tie("value")).map(([dictionary, state]): Bytes => [...dictionary, ...state, ...op.build]),
  ),
}));

const GLOBALS = [
  ["collections", "OrderedDict"],
  ["torch._utils", "_rebuild_tensor_v2"],
  ["torch._utils", "_rebuild_parameter"],
  ["torch", "FloatStorage"],
  ["os", "system"],
  ["builtins", "eval"],
  ["__proto__", "constructor"],
] as const;
/** Every instruction there is, most with operands that fit. */
const instruction: fc.Arbitrary<Bytes> = fc.oneof(
  fc.nat(255).map((code) => [code]),
  fc.constantFrom(...Object.values(op).filter((code): code is Bytes => typeof code !== "function")),
  fc.constantFrom(...ascii("012asetlu)]}(RbQN.").map((code) => [code]), [0x85], [0x86], [0x87], [0x93], [0x94], [0x81]),
  fc.constantFrom(...GLOBALS).map(([module, name]) => op.global(module, name)),
  fc
    .tuple(fc.constantFrom(0x8c, 0x55), fc.nat(255), fc.uint8Array({ maxLength: 9 }))
    .map(([code, n, data]) => [code, n, ...data]),
  fc
    .tuple(fc.constantFrom(0x58, 0x54, 0x8b), int, fc.uint8Array({ maxLength: 9 }))
    .map(([code, n, data]) => [code, ...little(n, 4), ...data]),
  fc.tuple(fc.constantFrom(0x8d, 0x95), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })).map(([code, n]) => [code, ...little(n, 8)]),
  fc.tuple(fc.constantFrom(0x71, 0x68, 0x4b), fc.nat(255)).map(([code, n]) => [code, n]),
  value,
);

const body = fc.oneof(
  value,
  fc.array(fc.tuple(tensorName, tensorValue), { maxLength: 4 }).map((entries) => dictOf(...entries)),
  fc.array(instruction, { maxLength: 40 }).map((list) => list.flat()),
);
const storages = fc.constantFrom<Record<string, Bytes>>(
  { 0: floats(1, 2, 3, 4) },
  { 0: floats(1, 2, 3, 4), 1: floats(5, 6, 7, 8) },
  {},
);

const files = samples(".pth");

export const pthLegacy: Kind<Uint8Array> = {
  name: "pth-legacy",
  ending: "pth",
  named: NAME,
  inputs: fc.oneof(
    mutated(files.filter((file) => !isZip(file))),
    fc.tuple(body, storages).map(([value, data]) => legacy(value, data)),
  ),
  check: checkPth,
};

const piecesOf = (archive: Uint8Array): Piece[] => Object.entries(unzipSync(archive)).map(([type, data]) => ({ type, data }));
/** Several pieces of one name are one, the last. */
const zipOf = (pieces: readonly Piece[]): Uint8Array =>
  zipSync(Object.fromEntries(pieces.map(({ type, data }) => [type, data])), { level: 0 });
const member: fc.Arbitrary<Piece> = fc.oneof(
  body.map((value) => ({ type: "archive/data.pkl", data: Uint8Array.from(pickle(value)) })),
  fc
    .tuple(
      fc.constantFrom("archive/byteorder", "archive/data/0", "archive/data/1", "a/../b", "/x"),
      fc.uint8Array({ maxLength: 20 }),
    )
    .map(([type, data]) => ({ type, data })),
  fc.constantFrom("little", "big", "middle").map((order) => ({ type: "archive/byteorder", data: Uint8Array.from(ascii(order)) })),
);

export const pthZip: Kind<Uint8Array> = {
  name: "pth-zip",
  ending: "pth",
  named: NAME,
  inputs: fc.oneof(
    mutated(files.filter(isZip)),
    rearranged(files.filter(isZip).map(piecesOf), member).map(zipOf),
    fc.tuple(body, storages, fc.constantFrom(0, 0, 0, 9)).map(([value, data, level]) => zip(value, data, level as 0 | 9)),
  ),
  check: checkPth,
};

async function checkPth(bytes: Uint8Array): Promise<void> {
  try {
    checkTensor("the tensor", readTensorPth(bytes, NAME));
  } catch (error) {
    passOver(error);
  }
  await checkWeights(bytes, () => readPth(bytes, NAME));
}
