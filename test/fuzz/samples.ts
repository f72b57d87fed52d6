/** The valid files that fuzzing begins with: those of test/fixtures and test/cases, small ones. Node only. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDERS = ["test/fixtures", "test/cases"];
/** Larger files spend the time on their pixels. */
const MOST_BYTES = 8192;

/** The files whose names end so, in order of their names. */
export function samples(...endings: string[]): Uint8Array[] {
  const found = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .sort()
      .filter((name) => endings.some((ending) => name.endsWith(ending)))
      .map((name) => new Uint8Array(readFileSync(join(folder, name)))),
  );
  const small = found.filter(({ length }) => length > 0 && length <= MOST_BYTES);
  if (small.length === 0) throw new Error(`no small file under ${FOLDERS.join(" or ")} ends in ${endings.join(" or ")}`);
  return small;
}
