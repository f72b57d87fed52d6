/** The options of `sftgan upscale`, and what they ask for. */
import { extname } from "node:path";
import { MAX_SIDE } from "../codec/limits";
import { NODES_OPTION } from "./catalog";
import { COMPUTE_OPTIONS } from "./compute";
import { UsageError } from "./failure";
import { GENERATORS } from "./generator-weights";
import { type Making, PRIOR_NAMES } from "./picture-maker";
import { AVIF_QUALITY, type Target } from "./recipe";
import { choiceOf, numberOf, type Options, type Values } from "./usage";

export const UPSCALE_OPTIONS = {
  recursive: { short: "r", help: "takes the folders inside folders, too; OUT gets the same folders" },
  scale: {
    value: "2|3|4",
    help: "how many times as large: four times by the network, then antialiased; 4 where nothing is given",
  },
  width: { value: "PIXELS", help: "width of the result; its height follows" },
  height: { value: "PIXELS", help: "height of the result; its width follows. With --width: the largest that fits into both" },
  model: { value: "NAME|FILE", help: `other weights: ${GENERATORS.join(", ")}, or a .pth or .safetensors file` },
  prior: {
    value: "NAME|FILE",
    help: `what steers the texture: predicted, as the network sees it; none; a class everywhere (${PRIOR_NAMES.slice(2).join(", ")}); or a file that fits every picture, four times its size (.npy, .pth, a label picture)`,
  },
  recipe: {
    value: "GRAPH",
    help: "a graph of your own, as a file, a PNG written by Save, or graph:NAME: its Load LR, or Load Folder, is given the picture, its Save gives the result",
  },
  "allow-files": { value: "DIR", multiple: true, help: "lets that graph name files in DIR too, beside those in its own folder" },
  ...NODES_OPTION,
  format: { value: "FORMAT", help: "png, jpg, webp, avif or tiff, for a folder or standard output; png where nothing is given" },
  quality: { value: "1-100", help: "of JPEG, WebP (92 where nothing is given) and AVIF (65)" },
  bits: { value: "8|16", help: "a sample of PNG and TIFF; as many as the picture has where nothing is given" },
  metadata: {
    value: "keep|none",
    help: "keep, which is the default, copies EXIF and XMP, where it was taken among it; the recipe is in every result",
  },
  overwrite: { help: "replaces files in OUT that this program did not make, too" },
  "read-damaged": { help: "reads a PNG or JPEG that ends early as far as it goes, with grey for what is missing" },
  part: {
    value: "N/COUNT",
    help: "does one part of the batch, counted from 1, as another machine does the others; auto: as the array job says (Kubernetes, AWS Batch, Slurm)",
  },
  queue: {
    value: "URL",
    help: "puts the pictures into a queue for workers (sftgan worker) and follows them: redis://HOST:6379; Ctrl+C leaves them to go on",
  },
  root: {
    value: "DIR",
    help: "with --queue, the folder that workers see as their root, maybe by another path; where you are, if it is not given",
  },
  quiet: { short: "q", help: "says nothing but what went wrong" },
  json: { help: "prints one JSON object a line: one for each picture as it ends, and a summary" },
  ...COMPUTE_OPTIONS,
} as const satisfies Options;

export type UpscaleValues = Values<typeof UPSCALE_OPTIONS>;

/** By their names on the command line, the endings of the files. */
const FORMATS = { png: ".png", jpg: ".jpg", webp: ".webp", avif: ".avif", tiff: ".tif" } as const;
const ALIASES: Readonly<Record<string, string>> = { jpeg: "jpg", tif: "tiff" };
type Format = keyof typeof FORMATS;

const formatOf = (ending: string): Format | undefined => {
  const name = ending.slice(1);
  return (Object.keys(FORMATS) as Format[]).find((format) => format === (ALIASES[name] ?? name));
};

/** The ending of results in a folder. Throws UsageError for a format that is not written. */
export function endingOf({ format }: UpscaleValues): (typeof FORMATS)[Format] {
  if (format === undefined) return ".png";
  return FORMATS[choiceOf("format", ALIASES[format.toLowerCase()] ?? format, Object.keys(FORMATS) as Format[])];
}

/** What is made of every picture, written into files with this ending. Throws UsageError where options do not go together. */
export function makingOf(values: UpscaleValues, ending: string): Making {
  const format = formatOf(ending.toLowerCase()) ?? "png";
  if (values.format !== undefined && formatOf(endingOf(values)) !== format)
    throw new UsageError(`OUT ends in "${ending}" and --format is ${values.format}: leave one out`);
  if (values.recipe !== undefined)
    for (const name of ["model", "prior"] as const)
      if (values[name] !== undefined)
        throw new UsageError(`--${name} is not for a --recipe, whose nodes say what it is: leave one out, or change the graph`);
  if (values.recipe === undefined && values["allow-files"] !== undefined)
    throw new UsageError("--allow-files is for the files that a --recipe names: give one, or leave it out");
  const target = targetOf(values);
  const { model, prior, recipe: graph, "allow-files": allowed, "read-damaged": readDamaged } = values;
  const quality = qualityOf(values, format);
  const bits = bitsOf(values, format);
  return {
    ...(model !== undefined && { model }),
    ...(prior !== undefined && { prior }),
    ...(graph !== undefined && { graph }),
    ...(allowed && { allowed }),
    ...(target && { target }),
    ...(quality !== undefined && { quality }),
    ...(bits && { bits }),
    ...(readDamaged && { readDamaged }),
    metadata: values.metadata === undefined ? "keep" : choiceOf("metadata", values.metadata, ["keep", "none"]),
  };
}

/** The ending of a file, in lower case. */
export const endingIn = (file: string): string => extname(file).toLowerCase();

function targetOf({ scale, width, height }: UpscaleValues): Target | undefined {
  if (scale !== undefined) {
    if (width !== undefined || height !== undefined)
      throw new UsageError("--scale and --width or --height both say how large the result is: leave one out");
    return { scale: Number(choiceOf("scale", scale, ["2", "3", "4"])) };
  }
  if (width === undefined && height === undefined) return undefined;
  return {
    ...(width !== undefined && { width: numberOf("width", width, 1, MAX_SIDE) }),
    ...(height !== undefined && { height: numberOf("height", height, 1, MAX_SIDE) }),
  };
}

function qualityOf({ quality }: UpscaleValues, format: Format): number | undefined {
  if (quality === undefined) return format === "avif" ? AVIF_QUALITY : undefined;
  if (format === "png" || format === "tiff")
    throw new UsageError(`--quality is for jpg, webp and avif, and ${format} loses nothing: leave it out, or give a --format`);
  return numberOf("quality", quality, 1, 100);
}

function bitsOf({ bits }: UpscaleValues, format: Format): 8 | 16 | undefined {
  if (bits === undefined) return undefined;
  const found = choiceOf("bits", bits, ["8", "16"]);
  if (found === "16" && format !== "png" && format !== "tiff")
    throw new UsageError(`--bits 16 is for png and tiff, and ${format} has 8: leave it out, or give --format png`);
  return found === "16" ? 16 : 8;
}
