/** Options of `upscale` that say what is made of each picture: what travels through the queue, and comes out of it. */
import { sha256 } from "../../graph/file";
import { UsageError } from "../failure";
import { readBytes } from "../files";
import { isModelName } from "../model-option";
import { type Making, priorNamed } from "../picture-maker";
import { endingIn, makingOf, type UpscaleValues } from "../upscale-options";
import type { QueueRecipe } from "./job";
import type { Root } from "./root";

/** Those that travel. */
const OPTIONS = [
  "scale",
  "width",
  "height",
  "model",
  "prior",
  "recipe",
  "format",
  "quality",
  "bits",
  "metadata",
  "overwrite",
  "read-damaged",
] as const satisfies (keyof UpscaleValues)[];
export const RECIPE_OPTIONS: ReadonlySet<string> = new Set(OPTIONS);

/** Of those that may name files, whether a value is another name. */
const NAMES: Readonly<Record<string, (value: string) => boolean>> = {
  model: isModelName,
  prior: (value) => priorNamed(value) !== undefined,
  recipe: (value) => value.startsWith("graph:"),
};

/** Those that are for whoever computes, or that workers must not take from others. */
const WORKERS = ["device", "threads", "memory", "nodes"] as const satisfies (keyof UpscaleValues)[];

/** Throws UsageError for options that do not go with a queue. */
export function refuseLocal(values: UpscaleValues): void {
  const own = WORKERS.find((name) => values[name] !== undefined);
  if (own) throw new UsageError(`--${own} is for whoever computes, and with --queue workers do: give it to sftgan worker`);
  if (values.part !== undefined) throw new UsageError("--part does a part of a batch without a queue: give --part or --queue");
  if (values["allow-files"] !== undefined)
    throw new UsageError("--allow-files does not go with --queue: put the files beside the --recipe, under the root");
}

/** The recipe of a batch, with files by their ways and contents. Throws an error where one is not there or lies outside of the root. */
export async function recipeOf(values: UpscaleValues, root: Root): Promise<QueueRecipe> {
  const recipe: Record<string, QueueRecipe[string]> = {};
  for (const name of OPTIONS) {
    const value = values[name];
    if (value === undefined) continue;
    const isFile = typeof value === "string" && NAMES[name]?.(value) === false;
    recipe[name] = isFile ? { path: await root.way(value), sha256: await sha256(await readBytes(value)) } : value;
  }
  return recipe;
}

export const hasFiles = (recipe: QueueRecipe): boolean => Object.values(recipe).some((value) => typeof value === "object");

/**
 * What a recipe asks to make of pictures whose results end so, with files under this machine's root. Throws an error where a
 * file is another than the batch was planned with, or the options are none.
 */
export async function makingIn(recipe: QueueRecipe, to: string, root: Root): Promise<Making> {
  const values: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(recipe)) {
    if (typeof value === "object") {
      if (!Object.hasOwn(NAMES, name))
        throw new Error(`the batch's --${name} is of no form that this program knows: plan the batch again`);
      const path = await root.inside(value.path);
      if ((await sha256(await readBytes(path))) !== value.sha256)
        throw new Error(`"${value.path}" is not the file that the batch was planned with: plan the batch again`);
      values[name] = path;
    } else if (typeof value === "string" && NAMES[name]?.(value) === false)
      throw new Error(`the batch's --${name} "${value}" is no name that this version knows: update sftgan on this machine`);
    else if ((typeof value === "boolean") !== (name === "overwrite" || name === "read-damaged"))
      throw new Error(`the batch's --${name} is of no form that this program knows: plan the batch again`);
    else values[name] = value;
  }
  return makingOf(values, endingIn(to));
}
