/** The weights that pictures are enlarged with: named, or in a file; checked before anything is enlarged. */
import type { FileRef } from "../graph/node";
import { WEIGHT_NAMES } from "../samples";
import { channelsOf } from "../sftgan/guard";
import { isGenerator } from "../sftgan/roles";
import { CLASSES, type Model } from "../types";
import { readModelOption } from "./model-option";
import type { Weights } from "./recipe";
import type { Session } from "./session";
import { fileRef } from "./settings";
import type { Work } from "./work";

/** Shipped weights that take no class probabilities, or give them. */
const OTHERS = ["segment", "depth"];

/** The names of those that enlarge. */
export const GENERATORS = WEIGHT_NAMES.filter((name) => !OTHERS.includes(name));

const give = `one of ${GENERATORS.join(", ")}, or a .pth or .safetensors file of a generator`;
const segmenter = (name: string) => `--model ${name} is a segmentation network, which enlarges nothing: give ${give}`;

/** A name, or the file at a path, which is added to `paths` under its SHA-256. Throws an error where there is neither. */
export async function weightsFile(name: string, paths: Map<string, string>): Promise<FileRef> {
  if (name === "segment") throw new Error(segmenter(name));
  return readModelOption(name, (file) => fileRef(file, paths), GENERATORS);
}

/** Loads them by `work`, a graph of one Load Model with the id 1. Throws an error where it is no generator for the eight classes. */
export async function checkedWeights(name: string, work: Work, session: Session, signal?: AbortSignal): Promise<Weights> {
  const { outputs, errors } = await session.run(work, ["1"], {
    scope: "model", // so that they are kept between pictures
    ...(signal && { signal }),
  });
  const model = outputs.get("1")?.model as Model | undefined;
  if (!model) throw new Error(errors.get("1"));
  if (!isGenerator(model)) throw new Error(segmenter(name));
  const channels = model.condition > 0 ? channelsOf(model) : CLASSES;
  if (channels?.join() !== CLASSES.join())
    throw new Error(
      `--model ${name} takes another prior than the eight classes: run a graph that makes it, such as graphs/depth-prior.json, or give ${give}`,
    );
  const file = [...work.graph.values()][0]!.params.file as FileRef;
  return { file, model: { blocks: model.blocks, condition: model.condition } };
}
