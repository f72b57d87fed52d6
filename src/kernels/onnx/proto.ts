/** The few messages of an ONNX file (onnx.proto3, IR version 8), as protocol buffers. */
import { PbfWriter } from "pbf";

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Whole numbers, lists of them, texts; floats say so. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface Initialiser {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** A tensor; a name for a size stands for any, undefined for one that is not known. */
export interface Value {
  readonly name: string;
  readonly shape: readonly (number | string | undefined)[];
  /** Default: "float". */
  readonly type?: "float" | "int64";
}

export interface OnnxModel {
  readonly producer: string;
  readonly name: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly opset: number;
  readonly nodes: readonly Node[];
  readonly initialisers: readonly Initialiser[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Tensors on the way of which something is known. */
  readonly between?: readonly Value[];
}

const IR_VERSION = 8;
const FLOAT = 1;
const INT64 = 7;
/** Wire type of a field that says how long it is. */
const LENGTH_DELIMITED = 2;
/** AttributeProto.AttributeType */
const TYPES = { float: 1, int: 2, text: 3, ints: 7 } as const;

/** Bytes of a model beside its data, for a start. */
const BESIDE_DATA = 2 ** 17;

/** The bytes of an .onnx file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const data = model.initialisers.reduce((sum, { data }) => sum + data.byteLength, 0);
  const pbf = new PbfWriter(new Uint8Array(data + BESIDE_DATA)); // it grows by copying
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, model.producer);
  pbf.writeStringField(6, model.description);
  pbf.writeMessage(7, writeGraph, model);
  pbf.writeMessage(8, (opset: number, pbf) => pbf.writeVarintField(2, opset), model.opset);
  for (const entry of Object.entries(model.metadata)) pbf.writeMessage(14, writeEntry, entry);
  return pbf.finish();
}

/** Whether the bytes are a file that `encodeOnnx` wrote for this producer: its first two fields are always the same. */
export function isOnnxOf(bytes: Uint8Array, producer: string): boolean {
  const start = new PbfWriter();
  start.writeVarintField(1, IR_VERSION);
  start.writeStringField(2, producer);
  return start.finish().every((byte, i) => bytes[i] === byte);
}

function writeEntry([key, value]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeGraph({ nodes, name, initialisers, inputs, outputs, between = [] }: OnnxModel, pbf: PbfWriter): void {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, name);
  for (const initialiser of initialisers) pbf.writeMessage(5, writeTensor, initialiser);
  for (const input of inputs) pbf.writeMessage(11, writeValue, input);
  for (const output of outputs) pbf.writeMessage(12, writeValue, output);
  for (const value of between) pbf.writeMessage(13, writeValue, value);
}

function writeNode({ op, inputs, output, attributes = {} }: Node, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(3, output);
  pbf.writeStringField(4, op);
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute);
}

function writeAttribute([name, value]: readonly [string, Attribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === "number") pbf.writeVarintField(3, value);
  else if (typeof value === "string") pbf.writeBytesField(4, new TextEncoder().encode(value));
  else if ("float" in value) pbf.writeFloatField(2, value.float);
  else for (const item of value) pbf.writeVarintField(8, item);
  pbf.writeVarintField(20, typeOf(value));
}

function typeOf(value: Attribute): number {
  if (typeof value === "number") return TYPES.int;
  if (typeof value === "string") return TYPES.text;
  return "float" in value ? TYPES.float : TYPES.ints;
}

function writeTensor({ name, shape, data }: Initialiser, pbf: PbfWriter): void {
  for (const length of shape) pbf.writeVarintField(1, length);
  pbf.writeVarintField(2, data instanceof Float32Array ? FLOAT : INT64);
  pbf.writeStringField(8, name);
  writeData(pbf, 9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** A field of bytes, copied at once: the library's own goes byte by byte, which takes longer than reading a file of weights. */
function writeData(pbf: PbfWriter, field: number, bytes: Uint8Array): void {
  pbf.writeTag(field, LENGTH_DELIMITED);
  pbf.writeVarint(bytes.length);
  pbf.realloc(bytes.length);
  pbf.buf.set(bytes, pbf.pos);
  pbf.pos += bytes.length;
}

function writeValue(value: Value, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(2, writeType, value);
}

/** TypeProto: a tensor. */
function writeType(value: Value, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, value);
}

function writeTensorType({ shape, type = "float" }: Value, pbf: PbfWriter): void {
  pbf.writeVarintField(1, type === "float" ? FLOAT : INT64);
  pbf.writeMessage(2, writeShape, shape);
}

function writeShape(shape: Value["shape"], pbf: PbfWriter): void {
  for (const length of shape) pbf.writeMessage(1, writeDimension, length);
}

function writeDimension(length: number | string | undefined, pbf: PbfWriter): void {
  if (typeof length === "number") pbf.writeVarintField(1, length);
  else if (length !== undefined) pbf.writeStringField(2, length);
}
