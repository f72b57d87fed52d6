/**
 * The stream torch.save wrote until 2020, and still writes with `_use_new_zipfile_serialization=False`: five pickles
 * (magic number, protocol, the machine, the value, the keys of its storages), then the storages in the order of their
 * keys, each a count and its elements, little-endian on every machine. Where a storage lived (`cuda:0`) does not matter
 * here. Format: `_legacy_load` in torch/serialization.py.
 */

import { quoted } from "../quoted";
import { elementBytes } from "./host-tensor";
import { unpickle } from "./pickle";
import type { Storage } from "./pickle-values";
import type { TorchArchive } from "./torch-archive";
import { bytesText } from "./wording";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** Whether the bytes start with a pickle: of protocol 2 or later, or an older one that calls a function at once. */
export function isPickle(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x80) return bytes[1]! >= 2 && bytes[1]! <= 5;
  return /^[(]?c[\w.]+\n[\w.]+\n/.test(new TextDecoder().decode(bytes.subarray(0, 300)));
}

/** Throws an error that names the file `name` where it is no such stream, is cut short, or asks for more than tensors. */
export function readTorchLegacy(bytes: Uint8Array, name: string): TorchArchive {
  const file = quoted(name);
  const magic = unpickle(bytes, 0, name);
  if (magic.value !== MAGIC) {
    throw new Error(`${file} is a Python pickle, but not one of torch.save; save the network's state_dict() with torch.save`);
  }
  const protocol = unpickle(bytes, magic.end, name);
  if (protocol.value !== PROTOCOL) {
    throw new Error(`${file} is a torch.save stream of an unknown version; save it again with a current PyTorch`);
  }
  const machine = unpickle(bytes, protocol.end, name);
  const { value, end, storages } = unpickle(bytes, machine.end, name);
  const keys = unpickle(bytes, end, name);
  if (!Array.isArray(keys.value)) throw new Error(`${file} is damaged: it has no list of storages; fetch it again`);

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  let at = keys.end;
  for (const key of keys.value) {
    const storage = typeof key === "string" ? storages.get(key) : undefined;
    if (!storage || found.has(storage.key)) {
      throw new Error(`${file} is damaged: its list of storages does not match its tensors; fetch it again`);
    }
    const length = storage.count * elementBytes(storage.type);
    if (!(8 + length <= bytes.length - at)) {
      throw new Error(
        `${file} is cut short: its storage ${quoted(storage.key)} takes ${bytesText(length)} and ${bytesText(Math.max(0, bytes.length - at - 8))} are left; fetch it again`,
      );
    }
    if (view.getBigInt64(at, true) !== BigInt(storage.count)) {
      throw new Error(`${file} is damaged: its storage ${quoted(storage.key)} is not as long as its tensors say; fetch it again`);
    }
    found.set(storage.key, bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }

  const bytesOf = ({ key }: Storage): Uint8Array => {
    const data = found.get(key);
    if (!data) throw new Error(`${file} is damaged: it has no storage ${quoted(key)}; fetch it again`);
    return data;
  };
  return { value, bytesOf, littleEndian: true };
}
