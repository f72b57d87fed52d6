/** What the two formats of torch.save have in common: one pickled value, and the bytes of the storages it refers to. */
import type { Storage, Value } from "./pickle-values";

export interface TorchArchive {
  readonly value: Value;
  /** The bytes of a storage the value refers to, in full. Throws an error where the file does not hold them. */
  bytesOf(storage: Storage): Uint8Array;
  readonly littleEndian: boolean;
}
