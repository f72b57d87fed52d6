/** Tensors in host memory as files hold them, and the element types that are widened to float32 on the way in. */

import type { HostTensor } from "../types";

/** A tensor with the type that its elements had in the file. */
export interface FileTensor extends HostTensor {
  readonly type: ElementType;
}

export type ElementType =
  | "bool"
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "uint32"
  | "int32"
  | "uint64"
  | "int64"
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64";

interface Element {
  readonly bytes: number;
  read(view: DataView, at: number, littleEndian: boolean): number;
}

const ELEMENTS: Readonly<Record<ElementType, Element>> = {
  bool: { bytes: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  int8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  uint16: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  int16: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  uint32: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  int32: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  uint64: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  int64: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  float16: { bytes: 2, read: (view, at, little) => float16(view.getUint16(at, little)) },
  bfloat16: { bytes: 2, read: (view, at, little) => bfloat16(view.getUint16(at, little)) },
  float32: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  float64: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

const HOST_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export const isFloat = (type: ElementType): boolean => type === "bfloat16" || type.startsWith("float");

/** Bytes of one element in a file. */
export const elementBytes = (type: ElementType): number => ELEMENTS[type].bytes;

/**
 * The first `count` elements of `bytes`, each as the nearest float32; 64-bit integers and floats lose what float32 cannot
 * hold. `bytes` must hold them: callers check against the file first.
 */
export function widen(bytes: Uint8Array, type: ElementType, count: number, littleEndian = true): Float32Array {
  if (littleEndian === HOST_LITTLE_ENDIAN) {
    if (type === "float32") return new Float32Array(bytes.slice(0, count * 4).buffer);
    if (type === "float16") return widenHalves(halvesOf(bytes, count));
  }
  return widenAt(bytes, type, count, (i) => i, littleEndian);
}

const halvesOf = (bytes: Uint8Array, count: number) =>
  bytes.byteOffset % 2 === 0
    ? new Uint16Array(bytes.buffer, bytes.byteOffset, count)
    : new Uint16Array(bytes.slice(0, count * 2).buffer);

let halfValues: Float32Array | undefined;

/** Shipped weights are halves, and looking them up is ten times as fast as working each out. */
function widenHalves(halves: Uint16Array): Float32Array {
  halfValues ??= allHalves();
  const values = halfValues;
  const data = new Float32Array(halves.length);
  for (let i = 0; i < data.length; i++) data[i] = values[halves[i]!]!;
  return data;
}

function allHalves(): Float32Array {
  const values = new Float32Array(2 ** 16);
  for (let bits = 0; bits < values.length; bits++) values[bits] = float16(bits);
  return values;
}

/** As `widen`, of the elements at the indices `index(0)`, `index(1)`, … */
export function widenAt(
  bytes: Uint8Array,
  type: ElementType,
  count: number,
  index: (i: number) => number,
  littleEndian = true,
): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { bytes: size, read } = ELEMENTS[type];
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = read(view, index(i) * size, littleEndian);
  return data;
}

/** Whether `value` is a list of at most 32 dimensions, each a whole number from 0. */
export function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 32 && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** Elements in a tensor of this shape: not exact past 2^53, and NaN past every float; compare as `!(count <= limit)`. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** For each place of a tensor in row-major order, the place its strides give; both count elements. */
export function stridedIndex(shape: readonly number[], strides: readonly number[]): (i: number) => number {
  return (i) => {
    let rest = i;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return at;
  };
}

const POWERS = Float64Array.from({ length: 32 }, (_, exponent) => 2 ** (exponent - 25));

/** The value of an IEEE 754 half-precision number. */
export function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * POWERS[exponent]!;
}

const scratch = new DataView(new ArrayBuffer(4));

/** The value of a bfloat16 number: the upper half of a float32. */
export function bfloat16(bits: number): number {
  scratch.setUint16(0, bits);
  return scratch.getFloat32(0);
}
