/** The package as it is built from the sources under test: built anew where it is older than they are. */
import { execFile } from "node:child_process";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("..", import.meta.url));

const SOURCES = ["src", "nodes", "graphs", "weights", "package.json", "scripts/build.mjs", "scripts/tsconfig.types.json"];
/** Where one test file builds, the others wait: a folder can be made once only. */
const LOCK = join(root, "dist.lock");

/** When anything in a folder, or a file, was last changed. The editor is not part of the package. */
async function changed(path: string): Promise<number> {
  const { mtimeMs } = await stat(path);
  if (path.endsWith("src/editor")) return 0;
  const names = await readdir(path).catch(() => []);
  return Math.max(mtimeMs, ...(await Promise.all(names.map((name) => changed(join(path, name))))));
}

async function isFresh(): Promise<boolean> {
  const [built, ...sources] = await Promise.all(
    ["dist/headless/cli.js", ...SOURCES].map((path) => changed(join(root, path)).catch(() => 0)),
  );
  return built! > Math.max(...sources);
}

/** Sees to it that dist/ is what the sources give. */
export async function build(): Promise<void> {
  while (!(await isFresh())) {
    if (!(await mkdir(LOCK).catch(() => "taken"))) {
      try {
        await promisify(execFile)(process.execPath, ["scripts/build.mjs"], { cwd: root });
      } finally {
        await rm(LOCK, { recursive: true, force: true });
      }
    } else if (Date.now() - (await stat(LOCK).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs > 120_000) {
      await rm(LOCK, { recursive: true, force: true }); // left by a run that was killed
    } else await setTimeout(200);
  }
}
