/** Values as the bytes of files: pictures, arrays, numbers and texts. */
import { extname } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { plainValues } from "../engine/summary";
import { pixelsOf, rasterOf } from "../engine/view";
import { stripsOf } from "../image/picture";
import { HostRaster, sizeOf } from "../image/raster";
import type { Condition, EncodedFile, Features, Image, Prior, Raster } from "../types";
import { writeNpy } from "../weights/npy";
import { definitionOf } from "./address";
import { type Out, PICTURE_TYPES, socketType } from "./output";
import { textOfJson } from "./own";
import type { Session } from "./session";

/** How what is no Save's is encoded. */
const PLAIN = { bits: 8, quality: 90 } as const;

/** What is in the file: of a value that has been computed. `outputs` are the node's. */
export async function contentOf(
  { file, graph, node, output, coding }: Out,
  outputs: Readonly<Record<string, unknown>>,
  session: Session,
): Promise<Uint8Array | string> {
  const def = definitionOf(graph.get(node)!)!;
  const { host } = session;
  const ending = extname(file).toLowerCase();
  if (ending === ".json" || ending === ".txt") return textOf(ending, plainValues(def, outputs), output);
  const type = socketType(def, output!);
  const value = outputs[output!];
  if (type === "file") {
    const found = value as EncodedFile;
    if (found.type !== PICTURE_TYPES[ending])
      throw new Error(`node ${node} gives ${found.type}, because its format is fed by a link: name a file with that ending`);
    return found.bytes;
  }
  const raster = rasterOf(type, value);
  if (ending === ".npy") return npyOf(raster, host.checkpoint);
  const format = PICTURE_TYPES[ending]!;
  const image = type === "image" ? (value as Image) : { rgb: await drawing(type, value, host.checkpoint) };
  const encode = await session.encoder(image, { type: format, ...(coding ?? PLAIN) });
  return encode();
}

/** Values as JSON, or one a line; numbers JSON does not have are written as text. */
function textOf(ending: string, values: Readonly<Record<string, number | string>>, output: string | undefined): string {
  const chosen = output === undefined ? values : { [output]: values[output]! };
  if (ending === ".json") return textOfJson(jsonValues(chosen));
  return `${Object.entries(chosen)
    .map(([name, value]) => (output === undefined ? `${name} ${value}` : value))
    .join("\n")}\n`;
}

/** JSON has no Infinity, which is the PSNR of equal pictures. */
export const jsonValues = (values: Readonly<Record<string, number | string>>): Record<string, number | string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Number.isFinite(value) || typeof value === "string" ? value : String(value),
    ]),
  );

/** All samples, in rows of pixels. */
async function allSamples(raster: Raster, checkpoint: () => Promise<void>): Promise<Float32Array> {
  const [, height, width, channels] = raster.shape;
  const samples = new Float32Array(height * width * channels);
  for await (const strip of stripsOf(raster, checkpoint)) samples.set(strip.samples, strip.start);
  return samples;
}

/** float32 `[h, w, c]`, not clipped. */
async function npyOf(raster: Raster, checkpoint: () => Promise<void>): Promise<Uint8Array> {
  const [, height, width, channels] = raster.shape;
  return writeNpy([height, width, channels], await allSamples(raster, checkpoint));
}

/** A prior in class colours, a condition or features in three channels. The caller owns the result. */
async function drawing(type: string, value: unknown, checkpoint: () => Promise<void>): Promise<tf.Tensor4D> {
  const raster = rasterOf(type, value);
  const size = sizeOf(raster);
  const map = raster instanceof tf.Tensor ? raster : new HostRaster(size, raster.shape[3], await allSamples(raster, checkpoint));
  const pixels = pixelsOf(type, { ...(value as Prior | Condition | Features), map }, undefined, size)!;
  const rgb = tf.tidy(() => tf.expandDims(tf.slice(pixels, [0, 0, 0], [-1, -1, 3]), 0) as tf.Tensor4D);
  pixels.dispose();
  return rgb;
}
