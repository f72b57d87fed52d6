/**
 * Where a folder's path holds a character that means something in addresses (`#`, `?`, `%`), Vite finds none of its files: it is
 * given a link without one, and `resolve.preserveSymlinks`.
 */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * @param {string} folder absolute
 * @returns {{ path: string, isLink: boolean, remove: () => void }} the folder itself, or a link to it; `remove` takes the link away,
 *   not what it leads to
 */
export function plainPath(folder) {
  if (!/[#?%]/.test(folder)) return { path: folder, isLink: false, remove: () => {} };
  const place = mkdtempSync(join(tmpdir(), "sftgan-link-"));
  const path = join(place, "litegraph-sftgan");
  symlinkSync(folder, path, "junction");
  return { path, isLink: true, remove: () => rmSync(place, { recursive: true, force: true }) };
}
