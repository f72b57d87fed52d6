/**
 * The zip archive torch.save has written since 2020: `NAME/data.pkl` with the value, `NAME/data/KEY` with each storage,
 * and `NAME/byteorder` where that is not taken for granted. torch.save compresses nothing, so neither may a file read
 * here: what it unpacks to is then no larger than the file. Format: `_save` in torch/serialization.py.
 */
import { type UnzipFileInfo, unzipSync } from "fflate";
import { quoted } from "../quoted";
import { elementBytes } from "./host-tensor";
import { unpickle } from "./pickle";
import type { Storage } from "./pickle-values";
import type { TorchArchive } from "./torch-archive";
import { bytesText } from "./wording";

/** Bytes the directory spends on one member at the least. */
const DIRECTORY_ENTRY = 46;

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** Throws an error that names the file `name` where it is no such archive, is cut short, or asks for more than tensors. */
export function readTorchZip(bytes: Uint8Array, name: string): TorchArchive {
  const file = quoted(name);
  const members = list(bytes, file);
  const pickles = [...members.keys()].filter((path) => path.split("/").length === 2 && path.endsWith("/data.pkl"));
  if (pickles.length !== 1) {
    throw new Error(`${file} is a zip archive, but not one of torch.save; save the network's state_dict() with torch.save`);
  }
  checkSizes(bytes, members, file);
  const folder = pickles[0]!.slice(0, -"data.pkl".length);
  const order = `${folder}byteorder`;
  const head = extract(bytes, members, new Set([pickles[0]!, order]), file);
  const { value, storages } = unpickle(head.get(pickles[0]!)!, 0, name);
  const byteOrder = new TextDecoder().decode(head.get(order)).trim() || "little";
  if (byteOrder !== "little" && byteOrder !== "big") {
    throw new Error(`${file} has the byte order ${quoted(byteOrder)}; "little" and "big" are read`);
  }

  const path = (storage: Storage) => `${folder}data/${storage.key}`;
  for (const storage of storages.values()) {
    const expected = storage.count * elementBytes(storage.type);
    const held = members.get(path(storage))?.originalSize;
    if (held !== expected) {
      throw new Error(
        `${file} is damaged: its tensors need ${bytesText(expected)} in ${quoted(path(storage))} and it holds ${held === undefined ? "no such member" : bytesText(held)}; fetch it again`,
      );
    }
  }
  const data = extract(bytes, members, new Set([...storages.values()].map(path)), file);
  return { value, bytesOf: (storage) => data.get(path(storage))!, littleEndian: byteOrder === "little" };
}

/** What the archive's directory says of its members. */
function list(bytes: Uint8Array, file: string): Map<string, UnzipFileInfo> {
  const members = new Map<string, UnzipFileInfo>();
  let problem: string | undefined;
  const filter = (member: UnzipFileInfo): boolean => {
    if (members.has(member.name)) problem = `has two members ${quoted(member.name)}`;
    if ((members.size + 1) * DIRECTORY_ENTRY > bytes.length) problem = "promises more members than it has room for";
    if (problem) throw new Error(problem); // ends the library's loop, whose length is the file's to say
    members.set(member.name, member);
    return false;
  };
  try {
    unzipSync(bytes, { filter });
  } catch {
    if (problem) throw new Error(`${file} ${problem}; save the network's state_dict() again with torch.save`);
    throw new Error(`${file} is cut short or damaged: its zip directory cannot be read; fetch it again`);
  }
  return members;
}

/** Throws unless no member is compressed, and all together fit into the file. */
function checkSizes(bytes: Uint8Array, members: ReadonlyMap<string, UnzipFileInfo>, file: string): void {
  let total = 0;
  for (const { name, compression, size, originalSize } of members.values()) {
    if (compression !== 0) {
      throw new Error(
        `${file} has a compressed member ${quoted(name)}, ${bytesText(size)} that would unpack to ${bytesText(originalSize)}; torch.save does not compress, so save the network's state_dict() again with it`,
      );
    }
    total += originalSize;
    if (size !== originalSize || !(total <= bytes.length)) {
      throw new Error(
        `${file} is cut short or damaged: its members up to ${quoted(name)} take ${bytesText(total)} and the file has ${bytesText(bytes.length)}; fetch it again`,
      );
    }
  }
}

/** The bytes of the members at `paths`, as far as the archive has them. */
function extract(
  bytes: Uint8Array,
  members: ReadonlyMap<string, UnzipFileInfo>,
  paths: ReadonlySet<string>,
  file: string,
): Map<string, Uint8Array> {
  const extracted = new Map<string, Uint8Array>();
  const contents = Object.entries(unzipSync(bytes, { filter: ({ name }) => paths.has(name) }));
  for (const [path, data] of contents) {
    if (data.length !== members.get(path)?.originalSize) {
      throw new Error(`${file} is cut short or damaged: its member ${quoted(path)} is not all there; fetch it again`);
    }
    extracted.set(path, data);
  }
  return extracted;
}
