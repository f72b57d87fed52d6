/**
 * Enlarges one picture after another in one way: what `sftgan upscale`, programs and whoever works through a batch do. A picture
 * is begun, which says by what recipe it is made, and then made, unless the result is there already.
 */

import type { Host } from "../../nodes/sockets";
import { withRemedy } from "../codec/header";
import type { PictureType } from "../codec/limits";
import { sha256 } from "../graph/file";
import type { FileRef } from "../graph/node";
import { sizeOf } from "../image/raster";
import { STRETCH } from "../prior/fit";
import { CLASSES, type Image } from "../types";
import { EngineError, UsageError } from "./failure";
import { fileHashes } from "./file-hashes";
import { checkedWeights, weightsFile } from "./generator-weights";
import { folderOf, openGraph, pathsOf, workOf } from "./graph-file";
import type { Metadata } from "./metadata";
import { isRuntimeFailure } from "./native/link";
import { codingOf, drawnFrom, type Out, PICTURE_TYPES, readOut } from "./output";
import { recipeHash } from "./own";
import type { Folders } from "./places";
import { graphPath } from "./ready-graphs";
import { modelGraph, type PictureRecipe, type PriorChoice, pictured, type Recipe, recipeOf, type Weights } from "./recipe";
import { Report } from "./report";
import { sampleBits } from "./sample-bits";
import type { First, Session } from "./session";
import { fileRef } from "./settings";
import type { Work } from "./work";

/** What is made of every picture. */
export interface Making extends PictureRecipe {
  /** Weights by name, or a file. Default: sftgan. */
  readonly model?: string;
  /** "predicted", "none", a class, or a file. Default: predicted. */
  readonly prior?: string;
  /** A graph's file, or graph:NAME, in place of the usual one. */
  readonly graph?: string;
  /** Folders that the graph may name files in, beside its own. */
  readonly allowed?: readonly string[];
  readonly metadata: "keep" | "none";
  readonly readDamaged?: boolean;
}

/** A picture that is read, and to be computed. */
export interface Begun {
  readonly work: Work;
  readonly out: Out;
  /** What the result will be known by. */
  readonly recipe: string;
  readonly metadata?: () => Promise<Metadata>;
  readonly ending: string;
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** A picture that is computed. */
export interface Made {
  readonly type: PictureType;
  /** Its file. */
  encode(): Promise<Uint8Array>;
  readonly width: number;
  readonly height: number;
  readonly warnings: readonly string[];
}

export interface MakeOptions {
  readonly signal?: AbortSignal;
  /** Called with how much is done, 0 to 1, and the title of the node at work. */
  readonly onProgress?: (fraction: number, stage: string) => void;
}

/** The endings of files whose samples may have 16 bits. */
const DEEP: readonly string[] = [".png", ".tif", ".tiff"];

type PriorName = Exclude<PriorChoice, FileRef>;
export const PRIOR_NAMES: readonly PriorName[] = ["predicted", "none", ...CLASSES];
/** The name that a --prior is, in whatever case; undefined where it is a file's path. */
export const priorNamed = (prior: string): PriorName | undefined => PRIOR_NAMES.find((name) => name === prior.toLowerCase());

export class PictureMaker {
  private constructor(
    private readonly making: Making,
    private readonly recipe: Recipe,
    private readonly places: Folders & { readonly named: ReadonlyMap<string, string> },
    /** Starts at the first call, with what is going to be run first. */
    private readonly session: (first?: First) => Promise<Session>,
    private readonly own: readonly string[],
    /** What is in the files that the graph does not name by content. */
    private readonly hashes: string,
  ) {}

  /** Reads the weights, the prior and the graph that are asked for. Throws an error that says what is wrong with one. */
  static async prepare(
    making: Making,
    session: (first?: First) => Promise<Session>,
    signal?: AbortSignal,
  ): Promise<PictureMaker> {
    const named = new Map<string, string>();
    const path = making.graph === undefined ? undefined : graphPath(making.graph);
    const places = { named, allowed: making.allowed ?? [], ...(path !== undefined && { folder: folderOf(path) }) };
    const weights = await weightsOf(making.model, named, session, signal);
    const prior = await priorOf(making.prior, named);
    if (weights?.model.condition === 0 && prior !== undefined && prior !== "none")
      throw new UsageError(`--model ${making.model} takes no prior: leave --prior out`);
    const graph = path === undefined ? undefined : await openGraph(path);
    try {
      const { readDamaged } = making;
      const recipe = recipeOf({
        ...(graph && { graph }),
        ...(weights && { weights }),
        ...(prior !== undefined && { prior }),
        ...(readDamaged !== undefined && { readDamaged }),
      });
      const hashes = await fileHashes(workOf(recipe.stored, places), recipe.save, recipe.picture);
      return new PictureMaker(making, recipe, places, session, path === undefined ? [] : [path], hashes);
    } catch (error) {
      throw new Error(`"${making.graph}": ${(error as Error).message}`, { cause: error });
    }
  }

  /** Every path it may read beside the pictures. */
  get reads(): string[] {
    return [...this.own, ...pathsOf(workOf(this.recipe.stored, this.places).graph, this.places)];
  }

  /** How a map of another size may be had nevertheless: this command has no option for it. */
  private get stretch(): string {
    return this.making.graph === undefined ? `give a --recipe whose Load Prior has the file, with fit "resize"` : STRETCH;
  }

  /**
   * A picture's bytes and its name; the file its result is for, and an ending that says the format. Samples have 16 bits where
   * the picture's have them and the format keeps them, unless it is said.
   */
  async begin(bytes: Uint8Array, name: string, file: string, ending: string, special: PictureRecipe = {}): Promise<Begun> {
    const hash = await sha256(bytes);
    const asked = { ...this.making, ...special };
    const bits = DEEP.includes(ending) ? (asked.bits ?? sampleBits(bytes, name)) : 8;
    const stored = pictured(this.recipe, { name, sha256: hash }, { ...asked, bits });
    const keeps = this.making.metadata === "keep";
    const recipe = await recipeHash(JSON.stringify(stored), this.hashes + (keeps ? "metadata: keep" : ""));
    const known = workOf(stored, this.places);
    const own = (ref: FileRef) => ref.sha256 === hash;
    const work: Work = { ...known, recipe, decode, file: async (ref) => (own(ref) ? bytes : known.file(ref)) };
    const out = { ...readOut(work.graph, `${this.recipe.save}=picture${ending}`), file };
    return {
      work: { ...work, graph: out.graph },
      out,
      recipe,
      ending,
      ...(keeps && { metadata: async () => (await import("./metadata")).metadataOf(bytes) }),
      bytes,
      name,
    };
  }

  /**
   * Decodes a picture that is begun, while another one is computed, or what computes makes ready; what is wrong with it is said
   * when it is made.
   */
  async ahead(begun: Begun): Promise<Begun> {
    const first = { work: begun.work, targets: [drawnFrom(begun.out).node] };
    const started = this.session(first).catch(() => {}); // whoever needs it says why it does not start
    const { bytes } = begun;
    const decoded = started.then(() => decode(bytes, begun.name, { partial: this.making.readDamaged ?? false }));
    decoded.catch(() => {});
    const known: Host["decode"] = (data, ...rest) => (data === bytes ? decoded : decode(data, ...rest));
    return { ...begun, work: { ...begun.work, decode: known } };
  }

  /**
   * Computes it; encoding what comes of it does without what computes, so the next one may be computed meanwhile. Rejects with
   * an error that says what is wrong with the picture, or when aborted.
   */
  async make(begun: Begun, { signal, onProgress }: MakeOptions = {}): Promise<Made> {
    const session = await this.session();
    const { out } = begun;
    const work = { ...begun.work, ...(begun.metadata && { metadata: await begun.metadata() }) };
    const report = new Report(work.graph);
    let [fraction, stage] = [0, ""];
    const source = drawnFrom(out);
    try {
      const { outputs, errors } = await session.run(work, [source.node], {
        ...(signal && { signal }),
        onEvent: (event) => {
          report.record(event);
          if (event.kind === "overall") fraction = event.fraction;
          if ("node" in event) stage = work.graph.get(event.node)?.title ?? stage;
          onProgress?.(fraction, stage);
        },
      });
      const image = outputs.get(source.node)?.[source.output] as Image | undefined;
      if (!image) {
        const message = [...errors.values()][0]?.replace(STRETCH, this.stretch) ?? "it could not be enlarged: try again";
        throw session.isLost || isRuntimeFailure(message) ? new EngineError(message) : new Error(message);
      }
      const type = PICTURE_TYPES[begun.ending]!;
      const encode = await session.encoder(image, { type, ...codingOf(work.graph.get(this.recipe.save)!) });
      return { type, encode, ...sizeOf(image.rgb), warnings: report.warnings.map(([, warning]) => warning) };
    } finally {
      session.forget();
    }
  }
}

/** The codec's, which is loaded where there is something to do only. */
const decode: Host["decode"] = async (...picture) =>
  (await import("./codec")).decode(...picture).catch((error) => {
    throw withRemedy(error, "give --read-damaged");
  });

async function weightsOf(
  model: string | undefined,
  named: Map<string, string>,
  session: () => Promise<Session>,
  signal: AbortSignal | undefined,
): Promise<Weights | undefined> {
  if (model === undefined || model === "sftgan") return undefined;
  const file = await weightsFile(model, named);
  return checkedWeights(model, workOf(modelGraph(file), { named }), await session(), signal);
}

async function priorOf(prior: string | undefined, named: Map<string, string>): Promise<PriorChoice | undefined> {
  if (prior === undefined) return undefined;
  return (
    priorNamed(prior) ??
    fileRef(prior, named).catch((error: Error) => {
      throw new Error(`--prior ${error.message}; it is a file, or one of ${PRIOR_NAMES.join(", ")}`);
    })
  );
}
