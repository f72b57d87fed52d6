/**
 * The package `sftgan` for programs:
 *
 *     import { upscale } from "sftgan";
 *     const { bytes } = await upscale("photo.jpg", { onProgress: (fraction) => console.log(fraction) });
 *
 * `Upscaler` keeps weights and the process that computes between pictures.
 */
import { basename } from "node:path";
import { definitions } from "../../nodes";
import save from "../../nodes/save";
import { sha256 } from "../graph/file";
import type { FileRef } from "../graph/node";
import { parseGraph } from "../graph/parse";
import type { StoredGraph } from "../graph/stored";
import type { EncodedFile } from "../types";
import { computeOf } from "./compute";
import { readBytes } from "./files";
import { checkedWeights, weightsFile } from "./generator-weights";
import { Session } from "./session";
import { withSettings } from "./settings";
import { modelGraph, upscaleGraph, type Weights } from "./upscale-graph";
import type { Work } from "./work";

export interface UpscalerOptions {
  /** Weights by name ("sftgan", "psnr", "lite", …), or a .pth or .safetensors file's path. Default: sftgan. */
  readonly model?: string;
  /** What networks are computed on. Default: the processor by onnxruntime, or WebAssembly where that is not there. */
  readonly device?: "cpu" | "webgpu" | "cuda" | "dml" | "coreml" | "wasm";
  /** On the processor. Default: all of its cores. */
  readonly threads?: number;
  /** Gigabytes that computing may take. Default: half of what the machine has. */
  readonly memory?: number;
}

export interface PictureOptions {
  /** Of the result. A PNG carries the graph that made it. Default: "png". */
  readonly format?: "png" | "jpeg" | "webp";
  /** Of JPEG and WebP, 1 to 100. Default: 92. */
  readonly quality?: number;
  /** Bits a sample of a PNG. Default: 8. */
  readonly bits?: 8 | 16;
  /** Stops it within a second; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with how much is done, 0 to 1, a few times a second. */
  readonly onProgress?: (fraction: number) => void;
}

/** A picture four times as large, each way. */
export interface Upscaled {
  readonly bytes: Uint8Array;
  /** Its media type. */
  readonly type: "image/png" | "image/jpeg" | "image/webp";
  readonly width: number;
  readonly height: number;
}

const FORMATS = { png: "PNG", jpeg: "JPEG", webp: "WebP" } as const;

/** Enlarges one picture after another with the same weights. */
export class Upscaler {
  /** By SHA-256: content that was handed over, and what is read. */
  readonly #contents = new Map<string, Uint8Array>();
  readonly #session: Session;
  #weights: Weights | undefined;

  private constructor(session: Session) {
    this.#session = session;
  }

  /** Starts what computes and reads the weights. Rejects with an error whose message says what is wrong with the options. */
  static async start({ model, device, threads, memory }: UpscalerOptions = {}): Promise<Upscaler> {
    const text = (value: number | undefined) => (value === undefined ? undefined : String(value));
    const values = { device, threads: text(threads), memory: text(memory) };
    const session = await Session.start(computeOf(Object.fromEntries(Object.entries(values).filter(([, value]) => value))));
    const upscaler = new Upscaler(session);
    try {
      if (model !== undefined && model !== "sftgan") await upscaler.#read(model);
      return upscaler;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /**
   * Enlarges a picture: the path or the bytes of a PNG, JPEG, WebP, AVIF, TIFF, GIF or BMP. One at a time; others wait. Rejects
   * with an error whose message says what is wrong with the picture, or with the signal's reason.
   */
  async upscale(picture: string | Uint8Array, options: PictureOptions = {}): Promise<Upscaled> {
    const { format = "png", quality, bits, signal, onProgress } = options;
    signal?.throwIfAborted();
    if (!Object.hasOwn(FORMATS, format))
      throw new Error(`format is "${format}": it must be one of ${Object.keys(FORMATS).join(", ")}`);
    const bytes = typeof picture === "string" ? await readBytes(picture) : picture;
    const file = await this.#hold(bytes, typeof picture === "string" ? basename(picture) : "picture");
    const made = upscaleGraph(file, this.#weights);
    const stored = withSettings(made.stored, [
      { node: made.save, param: "format", value: FORMATS[format] },
      ...(quality === undefined ? [] : [{ node: made.save, param: "quality", value: quality }]),
      ...(bits === undefined ? [] : [{ node: made.save, param: "bits", value: String(bits) }]),
    ]);
    try {
      return await this.#run(stored, made.save, signal, onProgress);
    } finally {
      this.#session.forget();
      if (file.sha256 !== this.#weights?.file.sha256) this.#contents.delete(file.sha256!);
    }
  }

  /** Ends what computes, after what is under way. */
  close(): Promise<void> {
    return this.#session.close();
  }

  async #run(
    stored: StoredGraph,
    target: string,
    signal: AbortSignal | undefined,
    onProgress: PictureOptions["onProgress"],
  ): Promise<Upscaled> {
    let [nodes, total, size] = [0, 1, { width: 0, height: 0 }];
    const work = this.#workOf(stored);
    const { outputs, errors } = await this.#session.run(work, [target], {
      ...(signal && { signal }),
      onEvent: (event) => {
        if (event.kind === "overall") [nodes, total] = [event.done, event.total];
        onProgress?.((nodes + (event.kind === "progress" ? event.fraction : 0)) / total);
        if (event.kind !== "finished" && event.kind !== "cached") return;
        const image = event.outputs.image as { readonly rgb: { readonly shape: readonly number[] } } | undefined;
        if (image) size = { width: image.rgb.shape[2]!, height: image.rgb.shape[1]! };
      },
    });
    const file = outputs.get(target)?.[Object.keys(save.outputs)[0]!] as EncodedFile | undefined;
    if (!file) throw new Error([...errors.values()][0] ?? "it could not be enlarged: try again");
    return { bytes: file.bytes.slice(), type: file.type, ...size };
  }

  async #read(model: string): Promise<void> {
    const paths = new Map<string, string>();
    const file = await weightsFile(model, paths);
    for (const [hash, path] of paths) this.#contents.set(hash, await readBytes(path));
    this.#weights = await checkedWeights(model, this.#workOf(modelGraph(file)), this.#session);
  }

  async #hold(bytes: Uint8Array, name: string): Promise<FileRef> {
    const hash = await sha256(bytes);
    this.#contents.set(hash, bytes);
    return { name, sha256: hash };
  }

  #workOf(stored: StoredGraph): Work {
    const file = async ({ name, sha256 }: FileRef) => {
      const found = this.#contents.get(sha256 ?? "");
      if (!found) throw new Error(`the file "${name}" is not here`);
      return found;
    };
    return { stored, graph: parseGraph(stored, definitions), file };
  }
}

/** `Upscaler` for one picture. */
export async function upscale(picture: string | Uint8Array, options: UpscalerOptions & PictureOptions = {}): Promise<Upscaled> {
  options.signal?.throwIfAborted();
  const upscaler = await Upscaler.start(options);
  try {
    return await upscaler.upscale(picture, options);
  } finally {
    await upscaler.close();
  }
}
