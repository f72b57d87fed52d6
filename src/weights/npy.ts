/**
 * NumPy's `.npy` arrays, versions 1 to 3. The header is a Python dictionary; it is parsed by the grammar NumPy writes and
 * never evaluated. Format: numpy/lib/format.py.
 */

import { quoted } from "../quoted";
import { type ElementType, elementBytes, elementCount, isShape, stridedIndex, widenAt } from "./host-tensor";
import { bytesText, shapeText } from "./wording";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** NumPy's own limit for headers it has no reason to trust (`max_header_size`). */
const LONGEST_HEADER = 10_000;

const TYPES: ReadonlyMap<string, ElementType> = new Map([
  ["b1", "bool"],
  ["u1", "uint8"],
  ["i1", "int8"],
  ["u2", "uint16"],
  ["i2", "int16"],
  ["u4", "uint32"],
  ["i4", "int32"],
  ["u8", "uint64"],
  ["i8", "int64"],
  ["f2", "float16"],
  ["f4", "float32"],
  ["f8", "float64"],
]);

export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/**
 * The array in a `.npy` file, in C order whatever the file's order, widened to float32: booleans become 0 and 1. Reads
 * bool, integers and floats in either byte order. Throws an error that names the file where it is anything else,
 * is cut short, or holds more or less than its shape says.
 */
export function readNpy(bytes: Uint8Array, name: string): { shape: number[]; data: Float32Array } {
  const file = quoted(name);
  if (!isNpy(bytes)) throw new Error(`${file} is not a NumPy array: a .npy file starts with \\x93NUMPY`);
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) throw new Error(`${file} is a .npy file of version ${version}; versions 1 to 3 are read`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw new Error(`${file} is cut short within its header; fetch it again`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER)
    throw new Error(`${file} has a header of ${bytesText(length)}; a plain array's has at most ${bytesText(LONGEST_HEADER)}`);
  if (start + length > bytes.length) throw new Error(`${file} is cut short within its header; fetch it again`);

  const header = parseHeader(new TextDecoder().decode(bytes.subarray(start, start + length)));
  if (!header) throw new Error(`${file} has a header NumPy does not write for a plain array; save it again with numpy.save`);
  const { descr, shape } = header;
  const type = TYPES.get(descr.slice(1));
  if (!type || !/^[<>|=]/.test(descr)) {
    throw new Error(`${file} holds elements of type ${quoted(descr)}; booleans, integers and floats up to 64 bits are read`);
  }
  const count = elementCount(shape);
  const held = bytes.length - start - length;
  if (!isShape(shape) || !(count * elementBytes(type) <= held)) {
    throw new Error(`${file} promises an array ${shapeText(shape)} of ${descr}, but holds only ${bytesText(held)} of it`);
  }
  if (count * elementBytes(type) < held) {
    const extra = bytesText(held - count * elementBytes(type));
    throw new Error(`${file} holds ${extra} more than its array ${shapeText(shape)} of ${descr}; save that array by itself`);
  }
  const body = bytes.subarray(start + length);
  const index = header.fortran ? stridedIndex(shape, fortranStrides(shape)) : (i: number) => i;
  return { shape, data: widenAt(body, type, count, index, descr[0] !== ">") };
}

/** How the padding of our headers ends. It is white space to every reader, and NumPy itself pads with spaces only. */
const MARK = "\t\n";

/** Whether a file was written by `writeNpy`. */
export function isOwnNpy(bytes: Uint8Array): boolean {
  if (!isNpy(bytes) || bytes.length < 10) return false;
  const end = 10 + bytes[8]! + 256 * bytes[9]!;
  return bytes[6] === 1 && bytes[end - 2] === MARK.charCodeAt(0) && bytes[end - 1] === MARK.charCodeAt(1);
}

/** A float32 array as a `.npy` file of version 1, in C order. `data` has as many values as `shape` says. */
export function writeNpy(shape: readonly number[], data: Float32Array): Uint8Array {
  if (!isShape(shape) || elementCount(shape) !== data.length) {
    throw new Error(`An array ${shapeText(shape)} cannot be made of ${data.length} values`);
  }
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const length = Math.ceil((10 + dictionary.length + MARK.length) / 64) * 64 - 10; // numpy aligns the data to 64 bytes
  const bytes = new Uint8Array(10 + length + data.length * 4);
  const view = new DataView(bytes.buffer);
  bytes.set([...MAGIC, 1, 0]);
  view.setUint16(8, length, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(length - MARK.length)}${MARK}`), 10);
  for (let i = 0; i < data.length; i++) view.setFloat32(10 + length + i * 4, data[i]!, true);
  return bytes;
}

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: number[];
}

/** The header's three entries in any order, or nothing where the text is not `{'key': 'text' | True | False | (1, 2), …}`. */
function parseHeader(text: string): Header | undefined {
  const tokens = text.match(/'[^'\\]*'|\d+L?|True|False|\S/g) ?? []; // Python 2 wrote (3L, 4L)
  let at = 0;
  const accept = (token: string) => tokens[at] === token && ++at > 0;
  const quotedText = () => (tokens[at]?.startsWith("'") && tokens[at]!.length > 1 ? tokens[at++]!.slice(1, -1) : undefined);
  let descr: string | undefined;
  let fortran: boolean | undefined;
  let shape: number[] | undefined;

  if (!accept("{")) return;
  while (!accept("}")) {
    const key = quotedText();
    if (!accept(":")) return;
    if (key === "descr" && descr === undefined) {
      descr = quotedText();
      if (descr === undefined) return;
    } else if (key === "fortran_order" && fortran === undefined) {
      fortran = accept("True");
      if (!fortran && !accept("False")) return;
    } else if (key === "shape" && shape === undefined) {
      shape = [];
      if (!accept("(")) return;
      while (!accept(")")) {
        if (!/^\d/.test(tokens[at] ?? "")) return;
        shape.push(Number.parseInt(tokens[at++]!, 10));
        if (!accept(",") && tokens[at] !== ")") return;
      }
    } else return;
    if (!accept(",") && tokens[at] !== "}") return;
  }
  if (at !== tokens.length || descr === undefined || fortran === undefined || shape === undefined) return;
  return { descr, fortran, shape };
}

/** Strides of an array in Fortran order: the first index runs fastest. */
const fortranStrides = (shape: readonly number[]) => shape.map((_, axis) => elementCount(shape.slice(0, axis)));
