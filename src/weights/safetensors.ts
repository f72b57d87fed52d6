/**
 * The `.safetensors` format: eight bytes of header length, a JSON header, and the tensors' bytes side by side. Everything
 * the header says is checked before a byte is read. Format: huggingface/safetensors, README.
 */

import { quoted } from "../quoted";
import { type ElementType, elementBytes, elementCount, type FileTensor, isShape, widen } from "./host-tensor";
import { bytesText, shapeText } from "./wording";

/** The reference implementation's limit. */
const LONGEST_HEADER = 100_000_000;

const TYPES: Readonly<Record<string, ElementType>> = {
  BOOL: "bool",
  U8: "uint8",
  I8: "int8",
  U16: "uint16",
  I16: "int16",
  U32: "uint32",
  I32: "int32",
  U64: "uint64",
  I64: "int64",
  F16: "float16",
  BF16: "bfloat16",
  F32: "float32",
  F64: "float64",
};

export interface Safetensors {
  /** By name, in a record without a prototype. */
  readonly tensors: Record<string, FileTensor>;
  readonly metadata: Record<string, string>;
}

interface Entry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Whether the bytes start as a `.safetensors` file does: a header length, then `{`. */
export function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > 8 && bytes[8] === 0x7b && headerLength(bytes) <= LONGEST_HEADER;
}

/**
 * The tensors of a `.safetensors` file, widened to float32, and its metadata. Throws an error that names the file and
 * the tensor where the header is no header, promises what the file does not hold, names a tensor twice, or leaves bytes
 * of the file to no tensor or to two.
 */
export function readSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const file = quoted(name);
  if (!isSafetensors(bytes)) {
    throw new Error(`${file} is not a .safetensors file: one starts with eight bytes of header length and a JSON header`);
  }
  const start = 8 + headerLength(bytes);
  if (start > bytes.length) {
    throw new Error(
      `${file} is cut short: its header is ${bytesText(start - 8)} long and the file ${bytesText(bytes.length)}; fetch it again`,
    );
  }
  const { entries, metadata } = parseHeader(bytes.subarray(8, start), file);
  const body = bytes.subarray(start);

  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.end > body.length) {
      throw new Error(
        `${file} is cut short or damaged: its tensor ${quoted(entry.name)} ends at byte ${entry.end} of the data and there are ${body.length}; fetch it again`,
      );
    }
    if (entry.begin !== end) {
      const how = entry.begin < end ? "overlaps the tensor before it" : "leaves a gap to the tensor before it";
      throw new Error(`${file} is damaged: its tensor ${quoted(entry.name)} ${how}; save it again with safetensors`);
    }
    end = entry.end;
  }
  if (end !== body.length) {
    throw new Error(
      `${file} is damaged: ${bytesText(body.length - end)} after its last tensor belong to none; save it again with safetensors`,
    );
  }

  const tensors: Record<string, FileTensor> = Object.create(null);
  for (const { name, type, shape, begin, end } of entries) {
    tensors[name] = { type, shape, data: widen(body.subarray(begin, end), type, elementCount(shape)) };
  }
  return { tensors, metadata };
}

const headerLength = (bytes: Uint8Array): number =>
  Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true));

function parseHeader(bytes: Uint8Array, file: string): { entries: Entry[]; metadata: Record<string, string> } {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    throw new Error(`${file} is damaged: its header is not JSON; fetch it again`);
  }
  if (!isRecord(header)) throw new Error(`${file} is damaged: its header is not a JSON object; fetch it again`);

  const entries: Entry[] = [];
  const metadata: Record<string, string> = Object.create(null);
  let members = 0;
  for (const [name, value] of Object.entries(header)) {
    const inner = isRecord(value) ? Object.entries(value) : [];
    members += 1 + inner.length;
    if (name === "__metadata__") {
      if (value === null) continue; // as the reference implementation reads it
      for (const [key, text] of inner) {
        if (typeof text !== "string") throw new Error(`${file} has metadata ${quoted(key)} that is not text; write text there`);
        metadata[key] = text;
      }
      if (!isRecord(value)) throw new Error(`${file} has metadata that is not a JSON object; write names and texts there`);
    } else entries.push(parseEntry(name, value, file));
  }
  // JSON.parse keeps the last of two members with one name; their colons remain.
  if (colons(text) !== members) throw new Error(`${file} is damaged: its header names something twice; save it again`);
  return { entries, metadata };
}

function parseEntry(name: string, value: unknown, file: string): Entry {
  const tensor = `${file} is damaged: its tensor ${quoted(name)}`;
  if (!isRecord(value) || Object.keys(value).sort().join() !== "data_offsets,dtype,shape") {
    throw new Error(`${tensor} is not described by dtype, shape and data_offsets alone; save it again with safetensors`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  const type = typeof dtype === "string" && Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (!type) {
    throw new Error(
      `${file} has a tensor ${quoted(name)} of type ${typeof dtype === "string" ? quoted(dtype) : "no name"}; ${Object.keys(TYPES).join(", ")} are read`,
    );
  }
  if (!isShape(shape)) throw new Error(`${tensor} has a shape that is not a list of at most 32 whole numbers from 0`);
  if (!isShape(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw new Error(`${tensor} has data_offsets that are not a begin and an end`);
  }
  const [begin, end] = offsets as [number, number];
  if (elementCount(shape) * elementBytes(type) !== end - begin) {
    throw new Error(`${tensor} is ${shapeText(shape)} of ${dtype} and lies in ${bytesText(end - begin)}, which does not fit`);
  }
  return { name, type, shape, begin, end };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Colons of a JSON text that are not inside a string: one for each member of an object. */
function colons(json: string): number {
  let count = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') inString = !inString;
    else if (inString && character === "\\") i++;
    else if (!inString && character === ":") count++;
  }
  return count;
}
