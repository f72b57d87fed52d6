/** Recognises files that this program wrote, by their content. */
import { GRAPH_CHUNK, RECIPE_CHUNK, readPngText } from "../codec/png-text";
import { sniff } from "../codec/sniff";
import { sha256 } from "../graph/file";
import { isRecord } from "../graph/json";
import { isOwnNpy } from "../weights/npy";

/**
 * The hash that pictures are known by: of their graph's JSON, and of what else was asked for, or read, that is not in the graph.
 * All carry it; PNGs of the editor, which have their graph inside, are known by that.
 */
export const recipeHash = (graph: string, beside = ""): Promise<string> => sha256(graph + beside);

/** The recipe hash of a picture that this program made; undefined for any other file. */
export async function recipeHashIn(bytes: Uint8Array): Promise<string | undefined> {
  const kind = sniff(bytes);
  if (kind === "jpeg" || kind === "webp" || kind === "avif" || kind === "tiff") return (await import("./encode")).recipeIn(bytes);
  if (kind !== "png") return undefined;
  try {
    const { [GRAPH_CHUNK]: graph, [RECIPE_CHUNK]: recipe = "" } = readPngText(bytes);
    if (graph === undefined) return undefined;
    return /^[0-9a-f]{64}$/.test(recipe) ? recipe : await recipeHash(graph);
  } catch {
    return undefined; // texts too large to be ours
  }
}

/** Whether a picture or an array is of this program's making. */
export const isOwn = async (bytes: Uint8Array): Promise<boolean> => isOwnNpy(bytes) || (await recipeHashIn(bytes)) !== undefined;

/**
 * Whether a text is: it carries no mark, so it is known by its form, which is JSON with just these names, or the names with
 * their values, one a line. The text of a single value could be anybody's.
 */
export function isOwnText(bytes: Uint8Array, ending: ".json" | ".txt", names: readonly string[]): boolean {
  const text = new TextDecoder().decode(bytes);
  if (ending === ".txt") {
    const lines = text.trimEnd().split("\n");
    return lines.length === names.length && lines.every((line, i) => line.startsWith(`${names[i]} `));
  }
  try {
    const json: unknown = JSON.parse(text);
    const plain = isRecord(json) && Object.values(json).every((value) => ["number", "string"].includes(typeof value));
    return plain && Object.keys(json).join("\n") === names.join("\n") && textOfJson(json) === text;
  } catch {
    return false;
  }
}

export const textOfJson = (values: Readonly<Record<string, unknown>>): string => `${JSON.stringify(values, null, 2)}\n`;
