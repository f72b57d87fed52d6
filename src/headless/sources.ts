/** The pictures that people mean by files, folders and patterns, and what lies there beside them. */
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join, relative, sep } from "node:path";
import { escapePath, glob } from "tinyglobby";
import { ALL_PICTURE_ENDINGS, PICTURE_ENDINGS } from "../codec/inspect";
import { fileError } from "./files";
import type { LeftOut } from "./left-out";

export interface Source {
  readonly path: string;
  /** Where it lies below the folder or the fixed part of the pattern that it was found by, with "/" on every system. */
  readonly place: string;
  /** It was named by itself, so it is enlarged whatever it is. */
  readonly named: boolean;
}

/** Standard input, or output. */
export const STANDARD = "-";

const kindOf = async (path: string): Promise<"file" | "folder" | undefined> => {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? "folder" : "file");
};

/** Those that are not read, such as a phone's .heic, too: none is left out of a folder without a word. */
const isPictureName = (name: string) => ALL_PICTURE_ENDINGS.includes(extname(name).toLowerCase());

const NO_PICTURE = "no picture by its ending";
const HIDDEN = "hidden";
const FOLDER = "a folder inside, which --recursive takes too";
const LINK = "a link to a folder, which is not followed";
const CLOSED = "a folder that cannot be opened";

/** What other systems write beside pictures, and this program beside its results. */
const isHidden = (name: string) => name.startsWith(".");
const isPart = (name: string) => /^\.sftgan-.*\.part$/.test(name);

/**
 * The pictures of one IN: a file, a folder (with `recursive` those of the folders inside it too) or a glob pattern, in which
 * case does not matter. What is found beside them is noted in `left`. Throws an error where there is none.
 */
export async function sourcesOf(input: string, recursive: boolean, left: LeftOut): Promise<Source[]> {
  const kind = await kindOf(input);
  if (kind === "file" || input === STANDARD) return [{ path: input, place: basename(input), named: true }];
  if (kind === "folder") {
    const found = await picturesIn(input, recursive, left);
    if (found.length > 0) return found;
    const deep = recursive || !left.has(FOLDER) ? "" : ", or --recursive for the folders inside it";
    throw new Error(`the folder "${input}" holds no picture (${PICTURE_ENDINGS.join(", ")}): give another folder${deep}`);
  }
  if (!/[*?[\]{}!]/.test(input)) throw new Error(`"${input}" does not exist: give a picture, a folder or a pattern`);
  return matches(input, left);
}

async function picturesIn(folder: string, recursive: boolean, left: LeftOut): Promise<Source[]> {
  const found: Source[] = [];
  const walk = async (inside: string, entries: readonly Dirent[]): Promise<void> => {
    for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const place = inside === "" ? entry.name : `${inside}/${entry.name}`;
      const path = join(folder, place);
      if (isHidden(entry.name)) {
        if (!isPart(entry.name)) left.add(HIDDEN, place);
      } else if (entry.isDirectory()) {
        if (!recursive) left.add(FOLDER, place);
        else {
          const inner = await readdir(path, { withFileTypes: true }).catch(() => left.add(CLOSED, place));
          if (inner) await walk(place, inner);
        }
      } else if (entry.isSymbolicLink() && (await kindOf(path)) === "folder") left.add(LINK, place);
      else if (isPictureName(entry.name)) found.push({ path, place, named: false });
      else left.add(NO_PICTURE, place);
    }
  };
  const top = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw fileError(folder, error);
  });
  await walk("", top);
  return found;
}

async function matches(pattern: string, left: LeftOut): Promise<Source[]> {
  const { base, rest } = await parted(sep === "\\" ? pattern.replaceAll("\\", "/") : pattern);
  const fixed = base.map((name) => `${escapePath(name)}/`).join("");
  const all = (await glob(fixed + rest, { expandDirectories: false, onlyFiles: true, caseSensitiveMatch: false })).sort();
  if (all.length === 0) throw new Error(`no file fits the pattern "${pattern}": give a picture, a folder or another pattern`);
  const folder = base.length === 0 ? "." : `${base.join("/")}/`;
  const placed = all.map((path) => ({ path, place: relative(folder, path).split(sep).join("/"), named: false }));
  const pictures = placed.filter(({ path }) => isPictureName(path));
  if (pictures.length === 0)
    throw new Error(`no picture (${PICTURE_ENDINGS.join(", ")}) fits the pattern "${pattern}": give another pattern`);
  for (const { path, place } of placed) if (!isPictureName(path)) left.add(NO_PICTURE, place);
  return pictures;
}

/**
 * The names of the folders that all a pattern can fit lies in, and the rest of the pattern. What is the name of a folder that is
 * there is no pattern, such as "photos (1)".
 */
async function parted(pattern: string): Promise<{ readonly base: readonly string[]; readonly rest: string }> {
  const parts = pattern.split("/");
  let count = 0;
  const isName = async () =>
    !/[*?[\]{}!()+@\\]/.test(parts[count]!) || (await kindOf(parts.slice(0, count + 1).join("/"))) === "folder";
  while (count < parts.length - 1 && (await isName())) count++;
  return { base: parts.slice(0, count), rest: parts.slice(count).join("/") };
}
