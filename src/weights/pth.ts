/** PyTorch's `.pth` files, of both formats: the tensors of a state_dict, or one tensor by itself. */

import { quoted } from "../quoted";
import { elementBytes, elementCount, type FileTensor, isShape, stridedIndex, widen, widenAt } from "./host-tensor";
import { type Dictionary, TensorView, type Value } from "./pickle-values";
import { CONTAINERS } from "./state-dict";
import type { TorchArchive } from "./torch-archive";
import { isPickle, readTorchLegacy } from "./torch-legacy";
import { isZip, readTorchZip } from "./torch-zip";
import { shapeText } from "./wording";

const DEEPEST_CONTAINER = 4;

export const isPth = (bytes: Uint8Array): boolean => isZip(bytes) || isPickle(bytes);

/**
 * The tensors of a state_dict by name, in the file's order, row-major and widened to float32, in a record without a
 * prototype. Reads the stream of 2018 and today's zip; takes the state_dict out of the usual dictionaries (`CONTAINERS`), with
 * its names as they are. Throws an error that names the file where it is neither format, cut short, holds no state_dict,
 * or asks for more than tensors.
 */
export function readPth(bytes: Uint8Array, name: string): Record<string, FileTensor> {
  const file = quoted(name);
  const archive = open(bytes, name);
  const dictionary = stateDict(archive.value);
  if (!dictionary) {
    const what = archive.value instanceof TensorView ? `a single tensor ${shapeText(archive.value.shape)}` : "no tensors by name";
    throw new Error(`${file} holds ${what} where a network's state_dict() is expected; save that with torch.save`);
  }
  const entries = [...dictionary].filter((entry): entry is [string, TensorView] => entry[1] instanceof TensorView);
  const nameless = entries.find(([key]) => typeof key !== "string");
  if (nameless) throw new Error(`${file} holds a tensor without a name; save a network's state_dict() with torch.save`);

  const tensors: Record<string, FileTensor> = Object.create(null);
  const read = reader(archive, bytes.length, file);
  for (const [key, view] of entries) tensors[key] = read(view, `its tensor ${quoted(key)}`);
  return tensors;
}

/**
 * The tensor in a file that holds one by itself, such as the priors `NAME_bic.pth` of the authors' scripts, `[8, H, W]`.
 * Formats and errors as of `readPth`.
 */
export function readTensorPth(bytes: Uint8Array, name: string): FileTensor {
  const archive = open(bytes, name);
  if (!(archive.value instanceof TensorView)) {
    throw new Error(`${quoted(name)} holds no single tensor; save the tensor by itself with torch.save`);
  }
  return reader(archive, bytes.length, quoted(name))(archive.value, "its tensor");
}

function open(bytes: Uint8Array, name: string): TorchArchive {
  if (isZip(bytes)) return readTorchZip(bytes, name);
  if (isPickle(bytes)) return readTorchLegacy(bytes, name);
  throw new Error(`${quoted(name)} is not a PyTorch file: what torch.save writes is a zip archive or a pickle`);
}

/** The dictionary of tensors in `value`: itself, or the one in a container, or the only one there is. */
function stateDict(value: Value, depth = 0, seen = new Set<Value>()): Dictionary | undefined {
  if (!(value instanceof Map) || depth > DEEPEST_CONTAINER || seen.has(value)) return;
  seen.add(value);
  for (const key of CONTAINERS) {
    const found = stateDict(value.get(key) ?? null, depth + 1, seen);
    if (found) return found;
  }
  for (const item of value.values()) if (item instanceof TensorView) return value;
  const dictionaries = [...value.values()].filter((item) => item instanceof Map);
  return dictionaries.length === 1 ? stateDict(dictionaries[0]!, depth + 1, seen) : undefined;
}

/**
 * Reads tensors out of an archive: each view once, however often it occurs, and no more elements in all than the file has
 * bytes, because many views may look at the same few.
 */
function reader(archive: TorchArchive, fileBytes: number, file: string): (view: TensorView, what: string) => FileTensor {
  const done = new Map<string, FileTensor>();
  let total = 0;
  return (view, what) => {
    const { storage, offset, shape, strides } = view;
    const { offset: start, count: length } = storage.part ?? { offset: 0, count: storage.count };
    const count = elementCount(shape);
    const valid = [shape, strides, [offset]].every(isShape) && shape.length === strides.length;
    const last = shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, offset);
    if (!valid || (count !== 0 && !(count <= length && last < length))) {
      throw new Error(
        `${file} is damaged: ${what} ${shapeText(shape)} with strides ${shapeText(strides)} from ${offset} does not lie in its storage of ${length} elements; save its contiguous() copy`,
      );
    }
    const key = JSON.stringify([storage.key, start, offset, shape, strides]);
    const known = done.get(key);
    if (known) return known;
    total += count;
    if (total > fileBytes) {
      throw new Error(
        `${file} has tensors that overlap so much that they hold more elements than the file has bytes; save copies`,
      );
    }
    const size = elementBytes(storage.type);
    const bytes = archive.bytesOf(storage).subarray((start + offset) * size, (start + length) * size);
    const data = isRowMajor(shape, strides)
      ? widen(bytes, storage.type, count, archive.littleEndian)
      : widenAt(bytes, storage.type, count, stridedIndex(shape, strides), archive.littleEndian);
    const tensor = { type: storage.type, shape, data };
    done.set(key, tensor);
    return tensor;
  };
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  return shape.every((n, axis) => n === 1 || strides[axis] === elementCount(shape.slice(axis + 1)));
}
