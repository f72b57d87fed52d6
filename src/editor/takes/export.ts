/** All takes as one .zip: a picture of each result and of each prior, and the graph, which opens with all takes in it. */
import { type Zippable, zipSync } from "fflate";
import type { Engine } from "../../browser/protocol";
import { type Embedded, filesIn, graphOf, isRef } from "../../graph/recipe";
import type { StoredGraph } from "../../graph/stored";
import { type Origin, type Recipe, type RecipeNode, readTakes, recipeOf, type Takes, withTakes } from "../../graph/takes";
import { fileName } from "../../litegraph/download";
import { Embedding, withFiles } from "../embedding";
import type { Definitions } from "../layers";
import { unusedName } from "./names";
import { priorsOf } from "./results";

/** Keeps the graph of a picture being made apart from the page's and from the takes'. */
const SCOPE = "export";

export interface Exported {
  readonly zip: Uint8Array<ArrayBuffer>;
  /** What is not in it: a message each. */
  readonly left: readonly string[];
}

export interface ExportParts {
  readonly engine: Pick<Engine, "encode" | "readFile">;
  readonly definitions: Definitions;
  /** Called before each take. */
  progress(done: number, total: number, name: string): void;
  /** True once a person has stopped it. */
  isStopped(): boolean;
}

/** Throws an error where it is stopped, or where no take can be computed. */
export async function exportTakes(graph: StoredGraph, parts: ExportParts): Promise<Exported> {
  const { takes } = readTakes(graph);
  const files = await filesIn(graph);
  const pictures: Record<string, Uint8Array> = {};
  const left: string[] = [];
  for (const [index, take] of takes.list.entries()) {
    parts.progress(index, takes.list.length, take.name);
    const stem = stemFor(take.name, Object.keys(pictures));
    try {
      const { nodes, result } = recipeOf(takes, take);
      const made: Record<string, Uint8Array> = { [`${stem}.png`]: await encode({ nodes, result }, files, parts) };
      for (const [i, prior] of priorsOf(nodes, result, parts.definitions).entries())
        made[`${stem}-prior${i ? `-${i + 1}` : ""}.png`] = await encode(priorPicture(nodes, result, prior), files, parts);
      Object.assign(pictures, made);
    } catch (error) {
      if (parts.isStopped()) throw new Error("the export was stopped: nothing has been saved");
      left.push(`“${take.name}” is not among the pictures: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (!Object.keys(pictures).length) throw new Error(left[0] ?? "there are no takes: keep one first");
  const whole = await withEverything(graph, takes, parts);
  const names = whole.left.length ? [`files too large or not here are left out of takes.json: ${whole.left.join(", ")}`] : [];
  const entries: Zippable = { "takes.json": new TextEncoder().encode(JSON.stringify(whole.graph, null, 1)) };
  for (const [name, bytes] of Object.entries(pictures)) entries[name] = [bytes, { level: 0 }]; // PNG is compressed already
  return { zip: zipSync(entries), left: [...left, ...names] };
}

/** A file name without its ending that no other file's begins with, as far as these names go. */
function stemFor(name: string, taken: readonly string[]): string {
  const stem = fileName(name, "", "graph").slice(0, -1);
  return unusedName(
    stem,
    taken
      .map((file) => file.replace(/(-prior(-\d+)?)?\.png$/, ""))
      .concat(
        taken.map((file) => file.replace(/\.png$/, "")),
        "takes",
      ),
  );
}

/** What gives a prior's picture in class colours, as large as the result. */
function priorPicture(nodes: readonly RecipeNode[], result: Origin, prior: Origin): Recipe {
  const last = Math.max(0, ...nodes.map(({ id }) => id));
  const properties = { opacity: 1, fit: "resize" };
  const view = { id: last + 1, type: "sftgan/view-prior", properties, inputs: { prior, picture: result } };
  return { nodes: [...nodes, view], result: [nodes.length, "image"] };
}

/** The result as a PNG file, with the graph that makes it inside. */
async function encode({ nodes, result }: Recipe, files: Embedded, { engine }: ExportParts): Promise<Uint8Array> {
  const save = { id: 0, type: "sftgan/save", properties: { format: "PNG", bits: "8" }, inputs: { image: result } };
  const graph = graphOf([...nodes, save], (entry) => entry + 1, files);
  return (await engine.encode(graph, String(nodes.length + 1), { scope: SCOPE })).bytes;
}

/** The graph with its files and those of its takes inside, as far as a graph may hold them, and the names of the others. */
async function withEverything(
  graph: StoredGraph,
  takes: Takes,
  { engine, definitions }: ExportParts,
): Promise<{ graph: StoredGraph; left: readonly string[] }> {
  const { graph: whole, left } = await withFiles(graph, definitions, engine);
  const inside = new Set((await filesIn(whole)).keys());
  const embedding = new Embedding(whole, engine, left);
  const nodes: RecipeNode[] = [];
  for (const node of takes.nodes) {
    const properties = await embedding.into(node.properties, ({ sha256 }) => sha256 !== undefined && !inside.has(sha256));
    for (const value of Object.values(properties)) if (isRef(value) && value.data && value.sha256) inside.add(value.sha256);
    nodes.push({ ...node, properties });
  }
  const extra = { ...whole.extra, sftgan: withTakes(whole.extra.sftgan, { nodes, list: takes.list }) };
  return { graph: { ...whole, extra }, left: embedding.left };
}
