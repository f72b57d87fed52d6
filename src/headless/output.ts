/** `--out FILE` and `--out "Node=FILE"`: which value goes into which file, and in which form. */
import { extname } from "node:path";
import save from "../../nodes/save";
import { checkWritable, type PictureType } from "../codec/limits";
import { drawnOutput } from "../engine/view";
import { isOff } from "../graph/modes";
import type { AnyNode } from "../graph/node";
import type { Graph, GraphNode, Link } from "../graph/parse";
import { definitionOf, findNode, label, nodeNamed, splitFirst, splitLast } from "./address";
import { OutputError, UsageError } from "./failure";
import { refusalOfAddress } from "./files";
import { knownSize } from "./known-size";
import { isOwn, isOwnText } from "./own";
import type { Guard } from "./replace";
import type { Work } from "./work";
import { tryWriting, writeWhole } from "./write";

export const PICTURE_TYPES: Readonly<Record<string, PictureType>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
};
/** The media type of a picture's file, by its ending; undefined for files that are no pictures. */
const pictureType = (file: string): PictureType | undefined => PICTURE_TYPES[extname(file).toLowerCase()];

/** What Save gives itself. AVIF and TIFF, which no browser writes, are made of what feeds it. */
const SAVE_FORMATS: Partial<Record<PictureType, string>> = { "image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP" };
const PICTURE_ENDINGS = Object.keys(PICTURE_TYPES).join(", ");
const TEXTS: readonly string[] = [".json", ".txt"];
const ENDINGS = [...Object.keys(PICTURE_TYPES), ".npy", ...TEXTS];

/** What is written where. `output` is a socket; undefined stands for all numbers and texts of the node. */
export interface Out {
  readonly file: string;
  readonly node: string;
  readonly output: string | undefined;
  /** The graph to run for it: Save is set to the file's format. */
  readonly graph: Graph;
  /** How a picture is encoded that Save does not encode itself: as its parameters say. */
  readonly coding?: { readonly bits: 8 | 16; readonly quality: number };
}

export const socketType = (def: AnyNode, output: string): string => (def.outputs[output] as { type: string }).type;
const isSave = (def: AnyNode) => def.type === save.type;

/** Reads one `--out`. Throws UsageError where it names no node, no output, or a form the output does not have. */
export function readOut(graph: Graph, text: string): Out {
  const parts = addressed(graph, text);
  const file = parts ? parts[1] : text;
  const ending = extname(file).toLowerCase();
  if (file === "") throw new UsageError(`--out "${text}" names no file`);
  const message = refusalOfAddress(file);
  if (message) throw new UsageError(`--out ${message}`);
  if (!ENDINGS.includes(ending))
    throw new UsageError(`--out "${file}" ends in "${ending}": the ending must be one of ${ENDINGS.join(", ")}`);
  const [node, output] = parts ? outputNamed(graph, parts[0]) : [theSave(graph), undefined];
  const def = definitionOf(node);
  if (!def) throw new UsageError(`${label(node)} is of the unknown type ${node.type}: name another node`);
  if (isSave(def)) return outOfSave(graph, node, file, ending);
  const chosen = chosenOutput(def, node, output, file, ending);
  return { file, node: node.id, output: chosen, graph };
}

/** Node and file; undefined where the whole is a file's path, such as "/tmp/a=b.png". */
function addressed(graph: Graph, text: string): readonly [string, string] | undefined {
  const parts = splitFirst(text, "=");
  if (!parts || !/[/\\]/.test(parts[0])) return parts;
  const owner = splitLast(parts[0], ".")?.[0];
  return findNode(graph, parts[0]) || (owner && findNode(graph, owner)) ? parts : undefined;
}

/** "Node", or "Node.output". */
function outputNamed(graph: Graph, name: string): readonly [GraphNode, string | undefined] {
  const node = findNode(graph, name);
  if (node) return [node, undefined];
  const parts = splitLast(name, ".");
  const owner = parts && findNode(graph, parts[0]);
  if (!owner) return [nodeNamed(graph, name), undefined]; // says which nodes there are
  const outputs = definitionOf(owner)?.outputs ?? {};
  if (Object.hasOwn(outputs, parts[1])) return [owner, parts[1]];
  throw new UsageError(`${label(owner)} has no output "${parts[1]}": it has ${Object.keys(outputs).join(", ") || "none"}`);
}

function theSave(graph: Graph): GraphNode {
  const all = [...graph.values()].filter((node) => {
    const def = definitionOf(node);
    return def && isSave(def);
  });
  const running = all.filter(({ mode }) => !isOff(mode));
  const saves = running.length > 0 ? running : all; // of those that are off the run says so
  if (saves.length === 1) return saves[0]!;
  if (saves.length === 0) throw new UsageError('the graph has no Save node: name the node, as in --out "Upsample=FILE"');
  throw new UsageError(
    `the graph has ${saves.length} Save nodes (${saves.map((node) => node.id).join(", ")}): name one, as in --out "${saves[0]!.id}=FILE"`,
  );
}

/** How a Save is to encode, by its own parameters. */
export function codingOf({ params }: GraphNode): { readonly bits: 8 | 16; readonly quality: number } {
  const { bits, quality } = params as { readonly bits: string; readonly quality: number };
  return { bits: bits === "16" ? 16 : 8, quality };
}

/** The file Save would make, in the format the ending says; as an array, what feeds it. */
function outOfSave(graph: Graph, node: GraphNode, file: string, ending: string): Out {
  const type = PICTURE_TYPES[ending];
  const format = type && SAVE_FORMATS[type];
  if (format) {
    const params = { ...node.params, format };
    return { file, node: node.id, output: "file", graph: new Map(graph).set(node.id, { ...node, params }) };
  }
  if (!type && ending !== ".npy")
    throw new UsageError(`--out "${file}": ${label(node)} gives a picture, so end it in .npy or one of ${PICTURE_ENDINGS}`);
  const link = node.inputs.image;
  if (isOff(node.mode)) return { file, node: node.id, output: "file", graph };
  if (!link) throw new UsageError(`${label(node)} has nothing connected: connect a picture to it`);
  return { file, node: link.node, output: link.output, graph, ...(type && { coding: codingOf(node) }) };
}

const plainNames = (def: AnyNode): string[] =>
  Object.keys(def.outputs).filter((name) => ["number", "text"].includes(socketType(def, name)));

function chosenOutput(
  def: AnyNode,
  node: GraphNode,
  output: string | undefined,
  file: string,
  ending: string,
): string | undefined {
  const names = Object.keys(def.outputs);
  const plain = plainNames(def);
  if (TEXTS.includes(ending)) {
    if (output === undefined ? plain.length > 0 : plain.includes(output)) return output;
    throw new UsageError(`--out "${file}": ${label(node)} gives no number or text there: end the name in .png or .npy`);
  }
  const drawn = drawnOutput(def, output);
  if (drawn) return drawn.name;
  const instead = plain.length > 0 ? ": end the name in .json" : ", and can be written to no file: name another node";
  throw new UsageError(
    `--out "${file}": ${label(node)} gives ${names.map((name) => socketType(def, name)).join(", ") || "nothing"}${instead}`,
  );
}

/** The output whose raster is in the file: of Save what feeds it. An empty name for numbers and texts. */
export function drawnFrom({ graph, node, output = "" }: Out): Link {
  const found = graph.get(node)!;
  return (isSave(definitionOf(found)!) && found.inputs.image) || { node, output };
}

/** Throws an error where it is known before the run that the file's format ends below the picture's size. */
export async function checkSize(out: Out, work: Work): Promise<void> {
  const type = pictureType(out.file);
  const size = type && type !== "image/png" ? await knownSize(out.graph, drawnFrom(out), work) : undefined;
  try {
    if (size) checkWritable(size, type!);
  } catch (error) {
    throw new OutputError((error as Error).message);
  }
}

/** Whether something is at the file's place that may be replaced. Throws an error where what is there must stay. */
function mayReplace({ file, graph, node, output }: Out, guard: Guard): Promise<boolean> {
  const ending = extname(file).toLowerCase();
  if (ending !== ".json" && ending !== ".txt") return guard.check(file, isOwn);
  const names = output === undefined ? plainNames(definitionOf(graph.get(node)!)!) : ending === ".json" ? [output] : [];
  return guard.check(file, (bytes) => isOwnText(bytes, ending, names));
}

/** Throws an error where it is known before the run that the file cannot be written: what is there, its place, its format. */
export async function checkOut(out: Out, work: Work, guard: Guard): Promise<void> {
  await mayReplace(out, guard);
  await tryWriting(out.file);
  await checkSize(out, work);
}

/** Writes what `contentOf` gives. Returns the bytes written. */
export async function writeOut(out: Out, content: Uint8Array | string, guard: Guard): Promise<number> {
  await writeWhole(out.file, content, () => mayReplace(out, guard));
  return typeof content === "string" ? Buffer.byteLength(content) : content.length;
}
