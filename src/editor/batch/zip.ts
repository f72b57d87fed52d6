/**
 * Results as a .zip, written as they come: what is written lies with the browser, not in the page's memory. Past a size it is
 * handed over, and another begun: a .zip ends at 4 GB, and a batch of a night is not lost with one that is never finished.
 */
import { Zip, ZipPassThrough } from "fflate";
import { nextTask } from "../../next-task";
import { freePath, type Sink } from "./sink";

/** Bytes in one .zip, but for the last file in it. */
const MOST = 2 ** 30;
/** Bytes between looks at what else the page has to do. */
const SLICE = 2 ** 22;

interface Archive {
  readonly zip: Zip;
  /** What is written, as the browser keeps it. */
  readonly parts: Blob[];
  chunks: Uint8Array<ArrayBuffer>[];
  bytes: number;
}

/** `save` is handed each .zip and its name, which ends in a number where there are several. */
export function zipSink(name: string, save: (zip: Blob, name: string) => void, most = MOST): Sink {
  const taken = new Set<string>();
  let archive: Archive | undefined;
  let count = 0;

  function begin(): Archive {
    let failure: unknown;
    const zip = new Zip((error, chunk) => {
      failure ??= error;
      if (failure) throw failure;
      begun.chunks.push(chunk as Uint8Array<ArrayBuffer>);
      begun.bytes += chunk.length;
    });
    const begun: Archive = { zip, parts: [], chunks: [], bytes: 0 };
    return begun;
  }

  function settle(into: Archive): void {
    into.parts.push(new Blob(into.chunks));
    into.chunks = [];
  }

  function end(): void {
    if (!archive) return;
    archive.zip.end();
    settle(archive);
    count++;
    save(new Blob(archive.parts, { type: "application/zip" }), count === 1 ? `${name}.zip` : `${name} ${count}.zip`);
    archive = undefined;
  }

  return {
    async add(path, bytes) {
      const free = await freePath(path, (tried) => taken.has(tried.toLowerCase()));
      taken.add(free.toLowerCase());
      archive ??= begin();
      const entry = new ZipPassThrough(free); // pictures are compressed already
      entry.mtime = Date.now();
      archive.zip.add(entry);
      for (let at = 0; at < bytes.length || at === 0; at += SLICE) {
        entry.push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length);
        await nextTask();
      }
      settle(archive);
      if (archive.bytes >= most) end();
      return free;
    },
    async close() {
      end();
    },
  };
}
