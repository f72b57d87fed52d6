/**
 * Files by their content. The user's are kept in IndexedDB, so that a graph opened again finds them, the least recently used
 * going first when there are too many; in memory where there is none, or none that works. Passing ones, such as the frames of
 * a video, are in memory only.
 */
import { promisifyRequest, type UseStore } from "idb-keyval";
import { sha256 } from "../graph/file";
import type { FileRef } from "../graph/node";
import { openStorage } from "./storage";

export interface FileLimits {
  /** A larger file is kept for this visit only. */
  readonly file?: number;
  /** All the user's files in IndexedDB, in bytes. */
  readonly stored?: number;
  /** All passing files, in bytes; the newest is always there. */
  readonly passing?: number;
}

/** A file may be large and its disk slow. */
const PATIENCE = { open: 3000, act: 30_000 };

/** Where the store says how large its files are and when each was last used; no file's hash is called that. */
const INDEX = "index";

/** By hash. */
type Index = Record<string, { readonly bytes: number; readonly used: number }>;

export class FileStore {
  /** What could not be stored: too large, a private window, a full disk. */
  private readonly visit = new Map<string, Uint8Array>();
  /** Least recently used first. */
  private readonly passing = new Map<string, Uint8Array>();
  private readonly limits: Required<FileLimits>;

  /** `onFailure` is called once, with what to tell the user, where files are kept for this visit only. */
  constructor(
    { file = 256 * 2 ** 20, stored = 1024 * 2 ** 20, passing = 256 * 2 ** 20 }: FileLimits = {},
    onFailure: (notice: string) => void = () => {},
    private readonly store: UseStore = openStorage("litegraph-sftgan", "files", onFailure, PATIENCE),
  ) {
    this.limits = { file, stored, passing };
  }

  /** Keeps a file and names it; one that is not to be kept is there for the next runs only. */
  async add(bytes: Uint8Array, name: string, { keep = true }: { readonly keep?: boolean } = {}): Promise<FileRef> {
    const hash = await sha256(bytes);
    if (!keep) this.pass(hash, bytes);
    else if (!(await this.stored(hash, bytes))) this.visit.set(hash, bytes);
    return { name, sha256: hash };
  }

  async read({ sha256: hash }: FileRef): Promise<Uint8Array | undefined> {
    if (hash === undefined) return undefined;
    const passing = this.passing.get(hash);
    if (passing) this.pass(hash, passing);
    const kept = this.visit.get(hash) ?? passing;
    if (kept) return kept;
    try {
      return await this.store("readwrite", async (store) => {
        const found: unknown = await promisifyRequest(store.get(hash));
        if (!(found instanceof Uint8Array)) return undefined;
        const index = await readIndex(store);
        store.put({ ...index, [hash]: { bytes: found.length, used: Date.now() } }, INDEX);
        return found;
      });
    } catch {
      return undefined;
    }
  }

  /** As `read`, but throws an error that names the file where it is not there. */
  async get(ref: FileRef): Promise<Uint8Array> {
    const bytes = await this.read(ref);
    if (!bytes) throw new Error(`the file "${ref.name}" is not here: choose it again`);
    return bytes;
  }

  private pass(hash: string, bytes: Uint8Array): void {
    this.passing.delete(hash);
    this.passing.set(hash, bytes);
    let total = [...this.passing.values()].reduce((sum, { length }) => sum + length, 0);
    for (const [oldest, { length }] of this.passing) {
      if (total <= this.limits.passing || oldest === hash) break;
      this.passing.delete(oldest);
      total -= length;
    }
  }

  private async stored(hash: string, bytes: Uint8Array): Promise<boolean> {
    if (bytes.length > Math.min(this.limits.file, this.limits.stored)) return false;
    try {
      await this.store("readwrite", async (store) => {
        const { [hash]: _, ...others } = await readIndex(store);
        let room = this.limits.stored - bytes.length;
        const index: Index = { [hash]: { bytes: bytes.length, used: Date.now() } };
        for (const [other, entry] of Object.entries(others).sort(([, a], [, b]) => b.used - a.used)) {
          room -= entry.bytes;
          if (room >= 0) index[other] = entry;
          else store.delete(other);
        }
        store.put(bytes, hash);
        store.put(index, INDEX);
        await promisifyRequest(store.transaction);
      });
      return true;
    } catch {
      return false;
    }
  }
}

/** The index; made from the files themselves where there is none yet. */
async function readIndex(store: IDBObjectStore): Promise<Index> {
  const found = (await promisifyRequest(store.get(INDEX))) as Index | undefined;
  if (found) return found;
  const index: Index = {};
  for (const key of await promisifyRequest(store.getAllKeys())) {
    const file: unknown = await promisifyRequest(store.get(key));
    if (file instanceof Uint8Array) index[String(key)] = { bytes: file.length, used: 0 };
  }
  return index;
}
