/** What `sftgan upscale` is to do: which pictures are enlarged, and into which files. Reads no picture that is enlarged. */
import { realpathSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { UsageError } from "./failure";
import { readBytes, refusalOfAddress } from "./files";
import { LeftOut } from "./left-out";
import { PICTURE_TYPES } from "./output";
import { recipeHashIn } from "./own";
import { inPart, type Part } from "./part";
import { type Source, STANDARD, sourcesOf } from "./sources";

export interface Job {
  /** A path, or "-": standard input. */
  readonly from: string;
  /** A path, or "-": standard output. */
  readonly to: string;
  /** Where `to` lies in OUT, with "/" on every system; the file's name where OUT is a file. */
  readonly place: string;
}

export interface Plan {
  readonly jobs: readonly Job[];
  /** The paths of all pictures, those of other parts among them: none of them is written over. */
  readonly inputs: readonly string[];
  /** What the folders hold beside them. */
  readonly left: LeftOut;
  /** OUT names the one result. */
  readonly isFile: boolean;
}

export interface PlanOptions {
  /** Folders inside folders too. */
  readonly recursive?: boolean;
  /** Of results in a folder. Default: ".png". */
  readonly ending?: string;
  /** Only what falls to it. */
  readonly part?: Part;
}

/**
 * One picture goes to the file OUT, or into the folder OUT; several go into the folder OUT as <same name>.png, in folders as
 * they lie in theirs. An input is a file, a folder or a glob pattern. Throws UsageError where there is nothing to enlarge, or
 * OUT cannot take it.
 */
export async function planOf(inputs: readonly string[], out: string, options: PlanOptions = {}): Promise<Plan> {
  const { recursive = false, ending = ".png", part } = options;
  const planned = (jobs: readonly Job[], isFile: boolean): Plan => {
    const inputs = jobs.map(({ from }) => from);
    return { jobs: part ? inPart(jobs, part) : jobs, inputs, left, isFile };
  };
  const message = [...inputs, out].map(refusalOfAddress).find(Boolean);
  if (message) throw new UsageError(message);
  const left = new LeftOut();
  const found = (await Promise.all(inputs.map((input) => sourcesOf(input, recursive, left)))).flat();
  const byPath = new Map<string, Source>();
  for (const source of found) if (source.named || !byPath.has(resolve(source.path))) byPath.set(resolve(source.path), source);
  const sources = [...byPath.values()];
  const one = inputs.length === 1 && sources[0]!.named;
  const isFolder = await stat(out).then(
    (there) => there.isDirectory(),
    () => undefined,
  );
  if (one && namesFile(out, isFolder)) {
    checkEnding(out);
    return planned([{ from: sources[0]!.path, to: out, place: basename(out) }], true);
  }
  if (inputs.includes(STANDARD))
    throw new UsageError(
      inputs.length > 1
        ? 'standard input is one picture: give "-" alone, or "./-" for a file of that name'
        : `a picture from standard input needs a name for its result: give a file in place of "${out}", or "-"`,
    );
  refuseFile(out, isFolder, one);
  const kept = await withoutResults(sources, out, left);
  if (kept.length === 0)
    throw new UsageError(`every picture in "${out}" is a result of this program: give pictures that are not`);
  return planned(named(kept, out, ending), false);
}

/** Whether one picture's result is OUT itself. */
const namesFile = (out: string, isFolder: boolean | undefined) =>
  out === STANDARD || (!isFolder && extname(out) !== "" && !/[/\\]$/.test(out));

function checkEnding(out: string): void {
  const ending = extname(out).toLowerCase();
  if (out === STANDARD || PICTURE_TYPES[ending]) return;
  throw new UsageError(`OUT "${out}" ends in "${ending}": the ending must be one of ${Object.keys(PICTURE_TYPES).join(", ")}`);
}

/** Throws UsageError where OUT has to be a folder and is none. */
function refuseFile(out: string, isFolder: boolean | undefined, one: boolean): void {
  if (out === STANDARD) throw new UsageError('standard output takes one picture: give one, or a folder in place of "-"');
  if (isFolder || (isFolder === undefined && !PICTURE_TYPES[extname(out).toLowerCase()])) return;
  throw new UsageError(
    one
      ? `OUT "${out}" is a file with no picture's ending: end it in one of ${Object.keys(PICTURE_TYPES).join(", ")}, or give a folder`
      : `OUT "${out}" names a file, and the pictures of a folder, a pattern or several IN need a folder: give a folder`,
  );
}

/** Names that are one name to a file system that knows no case, or writes accents otherwise. */
const folded = (place: string) => place.normalize("NFC").toLowerCase();

/**
 * A result for each picture: <its place>.png. Where several would have one name, or OUT holds pictures that are enlarged under
 * it, each keeps its ending before ".png"; where that is the same too, it has a number.
 */
function named(sources: readonly Source[], out: string, ending: string): Job[] {
  const plain = sources.map(({ place }) => place.slice(0, place.length - extname(place).length) + ending);
  const counts = new Map<string, number>();
  for (const place of plain) counts.set(folded(place), (counts.get(folded(place)) ?? 0) + 1);
  const placeIn = placesIn(out);
  const there = new Set(sources.flatMap(({ path }) => placeIn(path) ?? []).map(folded));
  const isFree = (place: string) => counts.get(folded(place)) === 1 && !there.has(folded(place));
  const taken = new Set([...there, ...plain.filter(isFree).map(folded)]);
  const last = new Map<string, number>();
  return sources.map(({ path, place: whole }, i) => {
    const jobAt = (place: string): Job => ({ from: path, to: join(out, place), place });
    if (isFree(plain[i]!)) return jobAt(plain[i]!);
    let number = last.get(folded(whole)) ?? 1;
    const name = () => `${whole}${number === 1 ? "" : `-${number}`}${ending}`;
    while (taken.has(folded(name()))) number++;
    taken.add(folded(name()));
    last.set(folded(whole), number);
    return jobAt(name());
  });
}

/** Where a file lies in the folder `out` or in one inside it, by whatever name; undefined where it lies elsewhere. */
function placesIn(out: string): (file: string) => string | undefined {
  const real = (path: string) => {
    try {
      return realpathSync.native(path);
    } catch {
      return undefined;
    }
  };
  const root = real(out);
  const known = new Map<string, string | undefined>();
  return (file) => {
    if (root === undefined) return undefined;
    const folder = dirname(file);
    if (!known.has(folder)) {
      const at = real(folder);
      const way = at === undefined ? ".." : relative(root, at);
      known.set(folder, way.split(sep)[0] === ".." || isAbsolute(way) ? undefined : way.split(sep).join("/"));
    }
    const way = known.get(folder);
    return way === undefined ? undefined : posix.join(way, basename(file));
  };
}

/** Where the pictures lie in OUT, the results of an earlier run lie among them: those are left out. */
async function withoutResults(sources: readonly Source[], out: string, left: LeftOut): Promise<Source[]> {
  const placeIn = placesIn(out);
  const kept: Source[] = [];
  for (const source of sources) {
    const isHere = !source.named && placeIn(source.path) !== undefined;
    const bytes = isHere ? await readBytes(source.path).catch(() => undefined) : undefined; // what is wrong is said when it is enlarged
    if (!bytes || (await recipeHashIn(bytes)) === undefined) kept.push(source);
    else left.add("a result of this program", source.place);
  }
  return kept;
}
