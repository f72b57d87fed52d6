/** What `sftgan upscale` finds at OUT: its own result, which is skipped or made anew, or somebody else's file, which stays. */
import { stat } from "node:fs/promises";
import { readPngText } from "../codec/png-text";
import { sha256 } from "../graph/file";
import { recipeIn } from "./codec";
import { readBytes } from "./files";
import type { Job } from "./jobs";
import { pictureType } from "./output";

/** What JPEG and WebP carry in place of the graph, for which they have no room. */
export const recipeOf = (graph: string): Promise<string> => sha256(graph);

/**
 * Whether the result is there: made by this graph (its JSON), and newer than the picture. False where nothing is there, an
 * empty file, an older result, or one made otherwise. Throws a sentence where what is there is not of this command's making.
 */
export async function isDone({ from, to }: Job, graph: string): Promise<boolean> {
  const [source, result] = await Promise.all([from, to].map((path) => stat(path).catch(() => undefined)));
  if (!result || (result.isFile() && result.size === 0)) return false;
  const [made, wanted] = result.isFile() ? await recipes(to, graph) : [];
  if (made === undefined) throw new Error(`"${to}" exists and is not of this program's making: name another OUT, or remove it`);
  return made === wanted && result.mtimeMs >= (source?.mtimeMs ?? 0);
}

/** The recipe in the file, and what it is to be. */
async function recipes(path: string, graph: string): Promise<readonly [string | undefined, string]> {
  const bytes = await readBytes(path);
  return pictureType(path) === "image/png" ? [readPngText(bytes).sftgan, graph] : [await recipeIn(bytes), await recipeOf(graph)];
}
