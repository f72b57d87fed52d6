/** Hand-made files, well-formed and not: what no library would write. */
import { zipSync } from "fflate";

export type Bytes = readonly number[];

export const ascii = (text: string): Bytes => [...new TextEncoder().encode(text)];

export const little = (value: number | bigint, bytes: number): Bytes =>
  Array.from({ length: bytes }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 255n));

export const floats = (...values: number[]): Bytes => [...new Uint8Array(Float32Array.from(values).buffer)];

/** Pickle instructions. */
export const op = {
  proto: [0x80, 2],
  stop: ascii("."),
  mark: ascii("("),
  none: ascii("N"),
  dict: ascii("}"),
  list: ascii("]"),
  tuple: ascii("t"),
  emptyTuple: ascii(")"),
  append: ascii("a"),
  appends: ascii("e"),
  setItems: ascii("u"),
  reduce: ascii("R"),
  build: ascii("b"),
  persistent: ascii("Q"),
  text: (text: string): Bytes => [0x58, ...little(ascii(text).length, 4), ...ascii(text)],
  int: (value: number): Bytes => [0x4a, ...little(value, 4)],
  long: (value: bigint, bytes: number): Bytes => [0x8a, bytes, ...little(value, bytes)],
  put: (index: number): Bytes => [0x72, ...little(index, 4)],
  get: (index: number): Bytes => [0x6a, ...little(index, 4)],
  global: (module: string, name: string): Bytes => ascii(`c${module}\n${name}\n`),
};

export const tupleOf = (...items: Bytes[]): Bytes => [...op.mark, ...items.flat(), ...op.tuple];
export const dictOf = (...entries: [string, Bytes][]): Bytes => [
  ...op.dict,
  ...op.mark,
  ...entries.flatMap(([key, value]) => [...op.text(key), ...value]),
  ...op.setItems,
];
export const pickle = (...body: Bytes[]): Bytes => [...op.proto, ...body.flat(), ...op.stop];

/** A tensor as torch.save pickles one. */
export function tensor(
  key: string,
  count: number,
  shape: number[],
  { offset = 0, strides = [1], type = "FloatStorage", module = "torch", rebuild = "_rebuild_tensor_v2", part = [] as Bytes } = {},
): Bytes {
  const id = tupleOf(op.text("storage"), op.global(module, type), op.text(key), op.text("cuda:0"), op.int(count), part);
  const views = [tupleOf(...shape.map(op.int)), tupleOf(...strides.map(op.int))];
  return [
    ...op.global("torch._utils", rebuild),
    ...tupleOf([...id, ...op.persistent], op.int(offset), ...views, [0x89], op.none),
    ...op.reduce,
  ];
}

const MAGIC = op.long(0x1950a86a20f9469cfc6cn, 10);

/** The stream of 2018 around a pickled value. */
export function legacy(value: Bytes, storages: Record<string, Bytes> = {}): Uint8Array {
  const keys = Object.keys(storages).flatMap(op.text);
  const list = [...op.list, ...op.mark, ...keys, ...op.appends];
  const data = Object.values(storages).flatMap((bytes) => [...little(bytes.length / 4, 8), ...bytes]);
  return Uint8Array.from([
    ...pickle(MAGIC),
    ...pickle(op.int(1001)),
    ...pickle(op.dict),
    ...pickle(value),
    ...pickle(list),
    ...data,
  ]);
}

/** Today's archive around a pickled value. */
export function zip(value: Bytes, storages: Record<string, Bytes> = {}, level: 0 | 9 = 0): Uint8Array {
  const members = Object.entries(storages).map(([key, bytes]) => [`archive/data/${key}`, Uint8Array.from(bytes)] as const);
  return zipSync({ "archive/data.pkl": Uint8Array.from(pickle(value)), ...Object.fromEntries(members) }, { level });
}

export function safetensors(header: string, data: Bytes = [], headerLength?: number | bigint): Uint8Array {
  return Uint8Array.from([...little(headerLength ?? ascii(header).length, 8), ...ascii(header), ...data]);
}

export function npy(header: string, data: Bytes = [], version = 1): Uint8Array {
  return Uint8Array.from([0x93, ...ascii("NUMPY"), version, 0, ...little(header.length, 2), ...ascii(header), ...data]);
}

/** A safetensors file of float32 tensors, all elements `value(name, index)`. */
export function weightsFile(
  shapes: readonly (readonly [name: string, shape: readonly number[]])[],
  value: (name: string, index: number) => number = () => 0.5,
): Uint8Array {
  const header: Record<string, unknown> = {};
  const data: number[] = [];
  for (const [name, shape] of shapes) {
    const count = shape.reduce((a, b) => a * b, 1);
    header[name] = { dtype: "F32", shape, data_offsets: [data.length * 4, (data.length + count) * 4] };
    for (let i = 0; i < count; i++) data.push(value(name, i));
  }
  return safetensors(JSON.stringify(header), floats(...data));
}

/** The message something throws. Fails a test where it throws no error, or one of the engine's own. */
export async function message(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if ((error as Error).constructor === Error) return (error as Error).message;
    throw error;
  }
  throw new TypeError("nothing was thrown");
}
