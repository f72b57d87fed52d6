/** What lies in the queue, checked as any file is: a job is one picture, and says by the hash of a recipe what is made of it. */
import { createHash } from "node:crypto";
import { extname } from "node:path";
import { isRecord } from "../../graph/json";
import type { Outcome } from "../batch-report";
import { PICTURE_TYPES } from "../output";

/** Of jobs and of what is kept beside them. A queue has one. */
export const FORMAT = "1";

/** Paths are relative to the root, with "/" on every system. */
export interface JobData {
  readonly from: string;
  readonly to: string;
  /** Bytes of the picture when the batch was planned. */
  readonly size: number;
  /** The hash of the recipe's text. */
  readonly recipe: string;
}

/** A file under the root, known by content. */
export interface RootFile {
  readonly path: string;
  readonly sha256: string;
}

/** Options of `upscale` that say what is made of each picture, by name; what named a file on the command line is a `RootFile`. */
export type QueueRecipe = Readonly<Record<string, string | boolean | RootFile>>;

/** Characters of a path, and of a recipe. */
const LONGEST = 4096;
const LONGEST_RECIPE = 65_536;

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A job's id: one for the same picture by its path and size, the same recipe and the same result. */
export const jobId = ({ from, to, size, recipe }: JobData): string =>
  hash(JSON.stringify([FORMAT, recipe, from, size, to])).slice(0, 32);

/** A recipe as text, the same for the same options in whatever order, and its hash. */
export function recipeText(recipe: QueueRecipe): { readonly text: string; readonly hash: string } {
  const text = JSON.stringify(Object.fromEntries(Object.entries(recipe).sort(([a], [b]) => (a < b ? -1 : 1))));
  return { text, hash: hash(text) };
}

/** Throws an error where it is no job of ours. */
export function checkedJob(data: unknown): JobData {
  if (!isRecord(data)) throw new Error("the job is of no form that this program knows: plan the batch again");
  const { from, to, size, recipe } = data;
  const isPath = (path: unknown): path is string =>
    typeof path === "string" && path !== "" && path.length <= LONGEST && !path.includes("\0");
  if (!isPath(from) || !isPath(to) || !Number.isSafeInteger(size) || typeof recipe !== "string" || !/^[0-9a-f]{64}$/.test(recipe))
    throw new Error("the job is of no form that this program knows: plan the batch again");
  if (!Object.hasOwn(PICTURE_TYPES, extname(to).toLowerCase()))
    throw new Error(`the job's result "${to}" is no picture by its ending: plan the batch again`);
  return { from, to, size: size as number, recipe };
}

/** Reads a recipe's text, of which `expected` is the hash and `known` the options there are. Throws an error where it is not that. */
export function checkedRecipe(text: string | null, expected: string, known: ReadonlySet<string>): QueueRecipe {
  if (text === null || text.length > LONGEST_RECIPE || hash(text) !== expected)
    throw new Error("what is to be made of the picture is not in the queue: plan the batch again");
  const recipe: unknown = JSON.parse(text);
  if (!isRecord(recipe))
    throw new Error("what is to be made of the picture is of no form that this program knows: plan the batch again");
  for (const [name, value] of Object.entries(recipe)) {
    if (!known.has(name))
      throw new Error(`the batch asks for --${name}, which this version does not know: update sftgan on this machine`);
    const isFile = isRecord(value) && typeof value.path === "string" && typeof value.sha256 === "string";
    if (!isFile && typeof value !== "string" && typeof value !== "boolean")
      throw new Error(`the batch's --${name} is of no form that this program knows: plan the batch again`);
  }
  return recipe as QueueRecipe;
}

/** How a job ended, as a worker says it: a failure is an error. */
export type Returned = Exclude<Outcome, { readonly kind: "failed" }>;

/** Throws an error where it is nothing that a worker says. */
export function checkedReturned(value: unknown): Returned {
  if (isRecord(value)) {
    const { kind, width, height, ms, warnings } = value;
    if (kind === "skipped") return { kind };
    const numbers = [width, height, ms].every((number) => typeof number === "number" && number >= 0);
    if (kind === "done" && numbers && Array.isArray(warnings) && warnings.every((warning) => typeof warning === "string"))
      return { kind, width, height, ms, warnings } as Returned;
  }
  throw new Error("it ended in a way that this version does not know: update sftgan on all machines");
}

/** How far a job is. */
export interface JobProgress {
  readonly stage: string;
  /** 0 to 1. */
  readonly fraction: number;
  readonly worker: string;
}

export function progressOf(value: unknown): JobProgress | undefined {
  if (!isRecord(value)) return undefined;
  const { stage, fraction, worker } = value;
  const fits =
    typeof stage === "string" && typeof worker === "string" && typeof fraction === "number" && fraction >= 0 && fraction <= 1;
  return fits ? { stage, fraction, worker } : undefined;
}

/** The exit code of a failure, which travels as the job's last progress. */
export function exitIn(value: unknown): number | undefined {
  return isRecord(value) && typeof value.exit === "number" && Number.isInteger(value.exit) ? value.exit : undefined;
}
