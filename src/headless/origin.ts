/** Which file bytes were read from, so that a process beside this one may read them there and need not be sent them. */
import { realpathSync, type Stats, statSync } from "node:fs";
import { resolve } from "node:path";

interface Origin {
  readonly path: string;
  readonly found: Stats;
}

const origins = new WeakMap<ArrayBufferLike, Origin>();

/** Called by what reads a file, all of it, into memory of its own. */
export function rememberOrigin(bytes: ArrayBufferLike, path: string, found: Stats): void {
  origins.set(bytes, { path: resolve(path), found });
}

/** The real path of the file that bytes are all of; undefined where they are of none, or it has been changed or is gone. */
export function originOf(bytes: ArrayBufferLike): string | undefined {
  const origin = origins.get(bytes);
  if (!origin) return undefined;
  try {
    const path = realpathSync.native(origin.path);
    return sameFile(statSync(path), origin.found) ? path : undefined;
  } catch {
    return undefined;
  }
}

const WHICH = ["dev", "ino", "size", "mtimeMs", "ctimeMs"] as const;

const sameFile = (a: Stats, b: Stats): boolean => WHICH.every((name) => a[name] === b[name]);
