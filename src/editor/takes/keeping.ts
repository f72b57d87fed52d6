/** What of a graph can be kept as a take and under which name, and the list of takes with one more. */
import type { Engine } from "../../browser/protocol";
import { embedded } from "../../graph/file";
import { isRecord } from "../../graph/json";
import type { AnySchema, FileRef } from "../../graph/node";
import { type Cuttable, cutRecipe, cuttable } from "../../graph/recipe";
import type { StoredGraph } from "../../graph/stored";
import { addTake, type Recipe, readTakes, type Take, type Takes } from "../../graph/takes";
import type { Definitions } from "../layers";
import { nameOf, unusedName } from "./names";
import { type Result, resultsOf } from "./results";

export interface Known {
  readonly definitions: readonly AnySchema[];
  readonly definition: Definitions;
}

/** A result that can be kept. */
export interface Offer extends Result {
  /** By its prior, whether another take has that name or not. */
  readonly plainName: string;
  /** What the take is called unless a person says otherwise. */
  readonly name: string;
}

/** The likeliest first. */
export function offersIn(graph: StoredGraph, known: Known, selected?: number): Offer[] {
  const used = namesIn(graph);
  const whole = cuttable(graph, known.definitions);
  return resultsOf(graph, known.definitions, selected).map((result) => {
    const name = plainName(graph, result, known, whole) ?? `Take ${used.length + 1}`;
    return { ...result, plainName: name, name: unusedName(name, used) };
  });
}

const namesIn = (graph: StoredGraph): string[] => readTakes(graph).takes.list.map(({ name }) => name);

function plainName(graph: StoredGraph, { id, output }: Result, known: Known, whole: Cuttable): string | undefined {
  try {
    return nameOf(cutRecipe(graph, id, output, known.definitions, whole), known.definition);
  } catch {
    return undefined; // what is wrong is said when it is kept
  }
}

export interface Kept {
  readonly takes: Takes;
  readonly take: Take;
  /** It was there before. */
  readonly isOld: boolean;
}

/** What an offer is made by in the graph as it is now. Throws an error where it cannot be computed, or there is none. */
export function cutOffer(graph: StoredGraph, offer: Offer | undefined, { definitions }: Known): Recipe {
  if (!offer) throw new Error("there is nothing to keep: a take is a picture that comes out of features, as from Upsample");
  return cutRecipe(graph, offer.id, offer.output, definitions);
}

/** Hands the engine the files that a recipe carries, so that they are there even when the node that carries them is gone. */
export async function keepFiles({ nodes }: Recipe, engine: Pick<Engine, "addFile">): Promise<void> {
  for (const { properties } of nodes)
    for (const value of Object.values(properties))
      if (isRecord(value) && typeof value.data === "string") {
        const ref = value as unknown as FileRef;
        await engine.addFile(embedded(ref)!, ref.name);
      }
}

/**
 * The graph's takes with one more: under the name that a person gave it, or else under the offer's, numbered anew as others
 * may have been kept since it was made. Throws an error where there is no room for it.
 */
export function keepTake(graph: StoredGraph, recipe: Recipe, offer: Pick<Offer, "plainName">, called = ""): Kept {
  const { takes } = readTakes(graph);
  const after = addTake(takes, called.trim() || unusedName(offer.plainName, namesIn(graph)), recipe);
  const take = after.list.at(-1)!;
  const old = after.list.slice(0, -1).find(({ result }) => result.join() === take.result.join());
  return old ? { takes, take: old, isOld: true } : { takes: after, take, isOld: false };
}
