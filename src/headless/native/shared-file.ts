/**
 * A file that two processes have open and that has no name: one writes what is large there, models or maps, and the other reads it.
 * A message is copied bit by bit and keeps both busy. Nothing of it stays, whichever ends first and however.
 */
import { randomUUID } from "node:crypto";
import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bytes in the file. */
export interface Written {
  readonly at: number;
  readonly bytes: number;
}

/** The side that writes. */
export class SharedFile {
  /** In their order in the file. */
  private unread: Written[] = [];

  constructor(readonly descriptor: number) {}

  /** A new one. Undefined where no file can be made. */
  static create(): SharedFile | undefined {
    const path = join(tmpdir(), `sftgan-${randomUUID()}`);
    try {
      const descriptor = openSync(path, "wx+", 0o600);
      unlinkSync(path);
      return new SharedFile(descriptor);
    } catch {
      return undefined;
    }
  }

  /** Undefined where there is no room for it. It stays until it is forgotten. */
  write(data: Uint8Array): Written | undefined {
    const place = this.unread.findIndex(({ at }, i) => at - this.endBefore(i) >= data.length);
    const index = place < 0 ? this.unread.length : place;
    const written = { at: this.endBefore(index), bytes: data.length };
    try {
      for (let done = 0; done < data.length; )
        done += writeSync(this.descriptor, data, done, data.length - done, written.at + done);
    } catch {
      return undefined;
    }
    this.unread.splice(index, 0, written);
    return written;
  }

  /** The other process has read it, or never will. */
  forget({ at }: Written): void {
    this.unread = this.unread.filter((written) => written.at !== at);
    if (this.unread.length === 0) ftruncateSync(this.descriptor);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private endBefore(index: number): number {
    const before = this.unread[index - 1];
    return before ? before.at + before.bytes : 0;
  }
}

/** What the other process has written. Throws where it is not there. */
export function readShared(descriptor: number, { at, bytes }: Written): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(bytes);
  for (let done = 0, read = -1; done < bytes; done += read) {
    read = readSync(descriptor, data, done, bytes - done, at + done);
    if (read === 0) throw new Error("a file shared by two processes was cut short");
  }
  return data;
}
