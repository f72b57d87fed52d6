/** Priors from files: arrays, the official probability tensors, label pictures and grey maps. */
import { decodePng, decodePngIndices } from "../codec/png-decode";
import { sniff } from "../codec/sniff";
import { extendColours } from "../image/extend-colours";
import { fromSamples, HostRaster } from "../image/raster";
import { labelsOfPicture, oneHot } from "../prior/classes";
import { quoted } from "../quoted";
import { CLASSES, type Picture, type Prior, type Raster, type Size } from "../types";
import { isNpy, readNpy } from "./npy";
import { isPth, readTensorPth } from "./pth";
import { shapeText } from "./wording";

export const PRIOR_FORMATS = ["auto", "labels", "grey map"] as const;
export type PriorFormat = (typeof PRIOR_FORMATS)[number];

/** Larger priors have a shape that is a mistake: channels of a map, and places each way. */
const MOST = { channels: 256, side: 65_536 };
/** How far from 1 the probabilities of a place may sum. */
const SUM_TOLERANCE = 1e-2;

/**
 * Reads a prior; `format` says how a picture is meant ("auto": labels if every pixel is one). A label is told by its class
 * colour, by its grey, or in a PNG with a palette of any other colours by its index. Colours under transparent pixels count for
 * nothing: labels are background there, greys go on from beside it. Arrays are `[H, W, K]`, the official
 * tensors `[K, H, W]`. Throws an error where the file is none of these. A map of more than `budget` bytes stays in host
 * memory.
 */
export async function readPrior(
  bytes: Uint8Array,
  name: string,
  format: PriorFormat,
  decode: (bytes: Uint8Array, name: string) => Promise<Picture>,
  budget: number,
): Promise<Prior> {
  if (isNpy(bytes)) {
    const { shape, data } = readNpy(bytes, name);
    if (shape.length !== 3) throw new Error(`${quoted(name)} is an array of shape ${shapeText(shape)}: give one of [H, W, K]`);
    return priorOf(name, shape[0]!, shape[1]!, shape[2]!, data, budget);
  }
  if (isPth(bytes)) {
    const { shape, data } = readTensorPth(bytes, name);
    if (shape.length !== 3)
      throw new Error(
        `${quoted(name)} is a tensor of shape ${shapeText(shape)}: give one of [K, H, W], as the official *_bic.pth`,
      );
    const [channels, height, width] = shape as [number, number, number];
    return priorOf(name, height, width, channels, channelsLast(data, channels), budget);
  }
  if (sniff(bytes) === "safetensors")
    throw new Error(`${quoted(name)} holds a network's weights, not a prior: load it with Load Model`);
  const seen = async (): Promise<Picture> => extended(await decode(bytes, name));
  if (format === "grey map") return greyMap(await seen(), budget);
  // What a colour profile makes of labels is for the eye: they are told by what is stored.
  const isPng = sniff(bytes) === "png";
  const stored = isPng ? extended((await decodePng(bytes, name, { stored: true }))!) : await seen();
  let labels: Uint8Array;
  try {
    labels = labelsOfPicture(stored);
  } catch (cause) {
    const indexed = isPng ? await decodePngIndices(bytes, name) : undefined;
    if (indexed?.indices.every((index) => index < CLASSES.length)) return labelled(indexed.indices, indexed, budget);
    const picture = isPng ? await seen() : stored;
    if (format !== "labels" && isGrey(picture)) return greyMap(picture, budget);
    throw new Error(`${quoted(name)}: ${(cause as Error).message}`, { cause });
  }
  return labelled(labels, stored, budget);
}

/** The picture itself, its colours gone on with under what is transparent. */
function extended(picture: Picture): Picture {
  extendColours(picture);
  return picture;
}

function greyMap(picture: Picture, budget: number): Prior {
  const grey = new Float32Array(picture.height * picture.width);
  const maximum = picture.bits === 16 ? 65535 : 255;
  for (let i = 0; i < grey.length; i++)
    grey[i] = (picture.rgb[3 * i]! + picture.rgb[3 * i + 1]! + picture.rgb[3 * i + 2]!) / (3 * maximum);
  return { map: fromSamples(picture, 1, grey, 1, budget), channels: ["grey"], kind: "map" };
}

/** One class at every place; four bytes are a channel's float. */
function labelled(labels: Uint8Array, size: Size, budget: number): Prior {
  if (4 * CLASSES.length * labels.length <= budget)
    return { map: oneHot(labels, size), channels: CLASSES, kind: "probabilities" };
  const samples = new Uint8Array(CLASSES.length * labels.length);
  for (const [i, label] of labels.entries()) samples[CLASSES.length * i + label] = 1;
  return { map: new HostRaster(size, CLASSES.length, samples), channels: CLASSES, kind: "probabilities" };
}

const isGrey = ({ rgb }: Picture) => {
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  return true;
};

function priorOf(name: string, height: number, width: number, channels: number, data: Float32Array, budget: number): Prior {
  if (!(height >= 1 && width >= 1 && channels >= 1) || channels > MOST.channels || Math.max(height, width) > MOST.side)
    throw new Error(
      `${quoted(name)} has ${channels} channels of ${width} × ${height} places: give 1 to ${MOST.channels} channels of up to ${MOST.side} places each way`,
    );
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new Error(`${quoted(name)} holds ${data[bad]} at position ${bad}: every value must be a finite number`);
  const map: Raster = fromSamples({ height, width }, channels, data, 1, budget);
  const named = channels === CLASSES.length ? CLASSES : Array.from({ length: channels }, (_, i) => `channel ${i}`);
  return { map, channels: named, kind: sumsToOne(data, channels) ? "probabilities" : "map" };
}

function sumsToOne(data: Float32Array, channels: number): boolean {
  if (channels === 1) return false;
  for (let i = 0; i < data.length; i += channels) {
    let sum = 0;
    for (let k = 0; k < channels; k++) {
      const value = data[i + k]!;
      if (value < -SUM_TOLERANCE) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return false;
  }
  return true;
}

/** `[K, H, W]` to `[H, W, K]`. */
function channelsLast(data: Float32Array, channels: number): Float32Array {
  const places = data.length / channels;
  const result = new Float32Array(data.length);
  for (let k = 0; k < channels; k++) for (let i = 0; i < places; i++) result[i * channels + k] = data[k * places + i]!;
  return result;
}
