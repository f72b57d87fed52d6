/**
 * The package `sftgan` for programs:
 *
 *     import { upscale } from "sftgan";
 *     const { bytes } = await upscale("photo.jpg", { onProgress: (fraction) => console.log(fraction) });
 *
 * `Upscaler` keeps weights and the process that computes between pictures.
 */
import { basename } from "node:path";
import { unlessAborted } from "../abort";
import { MAX_SIDE } from "../codec/limits";
import { quoted } from "../quoted";
import { computeOf } from "./compute";
import { readBytes } from "./files";
import { type Making, PictureMaker } from "./picture-maker";
import { AVIF_QUALITY, type PictureRecipe } from "./recipe";
import { Session } from "./session";

export interface UpscalerOptions {
  /** Weights by name ("sftgan", "real", "psnr", "lite", …), or a .pth or .safetensors file's path. Default: sftgan. */
  readonly model?: string;
  /** What steers the texture: "predicted", "none", one of the eight classes ("sky", …), or a file's path. Default: predicted. */
  readonly prior?: string;
  /** A graph's file, or "graph:NAME": its Load LR, or Load Folder, is given the picture. Its nodes say what weights and prior are. */
  readonly recipe?: string;
  /** Whether results get EXIF and XMP of their pictures. Default: keep. */
  readonly metadata?: "keep" | "none";
  /** A PNG or JPEG that ends early is read as far as it goes. Default: it is refused. */
  readonly readDamaged?: boolean;
  /** What networks are computed on. Default: the processor by onnxruntime, or WebAssembly where that is not there. */
  readonly device?: "cpu" | "webgpu" | "cuda" | "dml" | "coreml" | "wasm";
  /** On the processor. Default: all of its cores. */
  readonly threads?: number;
  /** Gigabytes that computing may take. Default: half of what the machine has. */
  readonly memory?: number;
}

export interface PictureOptions {
  /** Of the result. A PNG carries the graph that made it. Default: "png". */
  readonly format?: "png" | "jpeg" | "webp" | "avif" | "tiff";
  /** How many times as large. Default: 4. */
  readonly scale?: 2 | 3 | 4;
  /** Pixels, in place of `scale`; the height follows. With both the result is the largest that fits into them. */
  readonly width?: number;
  /** Pixels, in place of `scale`; the width follows. */
  readonly height?: number;
  /** Of JPEG, WebP and AVIF, 1 to 100. Default: 92, of AVIF 65. */
  readonly quality?: number;
  /** Bits a sample of a PNG or TIFF. Default: 16 where the picture has them, 8 otherwise. */
  readonly bits?: 8 | 16;
  /** Stops it within a second; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with how much is done, 0 to 1, a few times a second. */
  readonly onProgress?: (fraction: number) => void;
}

/** A picture enlarged. */
export interface Upscaled {
  readonly bytes: Uint8Array;
  /** Its media type. */
  readonly type: "image/png" | "image/jpeg" | "image/webp" | "image/avif" | "image/tiff";
  readonly width: number;
  readonly height: number;
  /** What a person should know of it, such as that the picture is damaged; each goes on where its name stands. */
  readonly warnings: readonly string[];
}

/** The names of options, each of them: one that is left out does not compile. */
const namesOf = <O>(all: { [Name in keyof Required<O>]: 1 }) => Object.keys(all);
const UPSCALER_OPTIONS = namesOf<UpscalerOptions>({
  model: 1,
  prior: 1,
  recipe: 1,
  metadata: 1,
  readDamaged: 1,
  device: 1,
  threads: 1,
  memory: 1,
});
const PICTURE_OPTIONS = namesOf<PictureOptions>({
  format: 1,
  scale: 1,
  width: 1,
  height: 1,
  quality: 1,
  bits: 1,
  signal: 1,
  onProgress: 1,
});

const ENDINGS = { png: ".png", jpeg: ".jpg", webp: ".webp", avif: ".avif", tiff: ".tif" } as const;
type Format = keyof typeof ENDINGS;

/** Enlarges one picture after another with the same weights. */
export class Upscaler {
  readonly #session: Session;
  readonly #maker: PictureMaker;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(session: Session, maker: PictureMaker) {
    this.#session = session;
    this.#maker = maker;
  }

  /** Starts what computes and reads the weights. Rejects with an error whose message says what is wrong with the options. */
  static async start(options: UpscalerOptions = {}): Promise<Upscaler> {
    checkNames("Upscaler.start", options, UPSCALER_OPTIONS);
    const { device, threads, memory, recipe, metadata = "keep", ...rest } = options;
    const text = (value: number | undefined) => (value === undefined ? undefined : String(value));
    const values = { device, threads: text(threads), memory: text(memory) };
    const session = await Session.start(computeOf(Object.fromEntries(Object.entries(values).filter(([, value]) => value))));
    try {
      const making: Making = {
        ...rest,
        metadata: oneOf("metadata", metadata, ["keep", "none"]),
        ...(recipe !== undefined && { graph: recipe }),
      };
      return new Upscaler(session, await PictureMaker.prepare(making, async () => session));
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /**
   * Enlarges a picture: the path or the bytes of a PNG, JPEG, WebP, AVIF, TIFF, GIF or BMP. One at a time; others wait. Rejects
   * with an error whose message says what is wrong with the picture, or with the signal's reason.
   */
  upscale(picture: string | Uint8Array, options: PictureOptions = {}): Promise<Upscaled> {
    if (this.#isClosed) return Promise.reject(new Error("this Upscaler is closed: start another"));
    const made = this.#last.then(() => this.#upscale(picture, options));
    this.#last = made.catch(() => {});
    return endedBy(made, options.signal);
  }

  /** Ends what computes, after what is under way; whatever is asked for later is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    await this.#session.close();
  }

  async #upscale(picture: string | Uint8Array, options: PictureOptions): Promise<Upscaled> {
    checkNames("an Upscaler's upscale", options, PICTURE_OPTIONS);
    const { format = "png", signal, onProgress, ...rest } = options;
    signal?.throwIfAborted();
    if (typeof picture !== "string" && !(picture instanceof Uint8Array))
      throw new TypeError("a picture must be a path, as a string, or its bytes, as a Uint8Array");
    const ending = ENDINGS[oneOf("format", format, Object.keys(ENDINGS) as Format[])];
    const bytes = typeof picture === "string" ? await readBytes(picture) : picture;
    const name = typeof picture === "string" ? basename(picture) : "picture";
    const begun = await this.#maker.begin(bytes, name, "", ending, specialOf(rest, format));
    const { type, encode, width, height, warnings } = await this.#maker.make(begun, {
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    return { bytes: await encode(), type, width, height, warnings };
  }
}

/** Refuses options that nothing reads, such as one with a slip in its name. */
function checkNames(taker: string, options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no option ${quoted(unknown)}: ${taker} takes ${names.join(", ")}`);
}

function oneOf<const C extends string>(name: string, value: string, choices: readonly C[]): C {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Error(`${name} is "${value}": it must be one of ${choices.join(", ")}`);
  return found;
}

const whole = (name: string, value: number, min: number, max: number) => {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new Error(`${name} is ${value}: it must be a whole number from ${min} to ${max}`);
};

/** What a picture's options ask for, checked. */
function specialOf(options: Omit<PictureOptions, "format" | "signal" | "onProgress">, format: Format): PictureRecipe {
  const { scale, width, height, quality = format === "avif" ? AVIF_QUALITY : undefined, bits } = options;
  const isExact = format === "png" || format === "tiff";
  if (scale !== undefined) whole("scale", scale, 2, 4);
  if (scale !== undefined && (width ?? height) !== undefined)
    throw new Error("scale and width or height both say how large the result is: leave one out");
  for (const [name, value] of Object.entries({ width, height })) if (value !== undefined) whole(name, value, 1, MAX_SIDE);
  if (quality !== undefined) whole("quality", quality, 1, 100);
  if (quality !== undefined && isExact)
    throw new Error(`quality is for jpeg, webp and avif, and ${format} loses nothing: leave it out, or give a format`);
  if (bits !== undefined && bits !== 8 && bits !== 16) throw new Error(`bits is ${bits}: it must be 8 or 16`);
  if (bits === 16 && !isExact)
    throw new Error(`bits 16 is for png and tiff, and ${format} has 8: leave it out, or give a format`);
  const size = { ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
  const target = scale !== undefined ? { scale } : (width ?? height) !== undefined ? size : undefined;
  return { ...(target && { target }), ...(quality !== undefined && { quality }), ...(bits !== undefined && { bits }) };
}

/** `Upscaler` for one picture. */
export async function upscale(picture: string | Uint8Array, options: UpscalerOptions & PictureOptions = {}): Promise<Upscaled> {
  checkNames("upscale", options, [...UPSCALER_OPTIONS, ...PICTURE_OPTIONS]);
  options.signal?.throwIfAborted();
  return endedBy(enlargedAlone(picture, options), options.signal);
}

async function enlargedAlone(picture: string | Uint8Array, options: UpscalerOptions & PictureOptions): Promise<Upscaled> {
  const those = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
  const upscaler = await Upscaler.start(those(UPSCALER_OPTIONS));
  try {
    return await upscaler.upscale(picture, those(PICTURE_OPTIONS));
  } finally {
    await upscaler.close();
  }
}

/** The picture; rejects with the signal's reason as soon as that aborts, while what makes it comes to its end by itself. */
async function endedBy(work: Promise<Upscaled>, signal: AbortSignal | undefined): Promise<Upscaled> {
  if (!signal) return work;
  const made = await unlessAborted(work, signal);
  if (!made) throw signal.reason;
  return made;
}
