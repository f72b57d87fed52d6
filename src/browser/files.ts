/** The user's files, kept by content in IndexedDB so that a graph opened again finds them; in memory where there is none. */
import { createStore, get, set } from "idb-keyval";
import { sha256 } from "../graph/file";
import type { FileRef } from "../graph/node";

/** Files larger than this are kept for this visit only. */
const MOST_STORED = 256 * 2 ** 20;

export class FileStore {
  /** What could not be stored: too large, a private window, a full disk. */
  private readonly visit = new Map<string, Uint8Array>();
  private readonly store = createStore("litegraph-sftgan", "files");

  /** Keeps a file and names it. */
  async add(bytes: Uint8Array, name: string): Promise<FileRef> {
    const hash = await sha256(bytes);
    if (!(await this.stored(hash, bytes))) this.visit.set(hash, bytes);
    return { name, sha256: hash };
  }

  async read({ sha256: hash }: FileRef): Promise<Uint8Array | undefined> {
    if (hash === undefined) return undefined;
    const kept = this.visit.get(hash);
    if (kept) return kept;
    try {
      const found: unknown = await get(hash, this.store);
      return found instanceof Uint8Array ? found : undefined;
    } catch {
      return undefined;
    }
  }

  private async stored(hash: string, bytes: Uint8Array): Promise<boolean> {
    if (bytes.length > MOST_STORED) return false;
    try {
      await set(hash, bytes, this.store);
      return true;
    } catch {
      return false;
    }
  }
}
