/** The user's files, kept by content in IndexedDB so that a graph opened again finds them; in memory where there is none. */
import { createStore, get, set } from "idb-keyval";
import { sha256 } from "../graph/file";
import type { FileRef } from "../graph/node";

/** Files larger than this are kept for this visit only. */
const MOST_STORED = 256 * 2 ** 20;

export class FileStore {
  private readonly visit = new Map<string, Uint8Array>();
  private readonly store = typeof indexedDB === "undefined" ? undefined : createStore("litegraph-sftgan", "files");

  /** Keeps a file and names it. */
  async add(bytes: Uint8Array, name: string): Promise<FileRef> {
    const hash = await sha256(bytes);
    this.visit.set(hash, bytes);
    if (this.store && bytes.length <= MOST_STORED) await set(hash, bytes, this.store).catch(() => {}); // a private window, a full disk
    return { name, sha256: hash };
  }

  async read({ sha256: hash }: FileRef): Promise<Uint8Array | undefined> {
    if (hash === undefined) return undefined;
    const kept = this.visit.get(hash);
    if (kept || !this.store) return kept;
    const stored: unknown = await get(hash, this.store).catch(() => undefined);
    return stored instanceof Uint8Array ? stored : undefined;
  }
}
