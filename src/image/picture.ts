/** Between decoded pictures in host memory and images of tensors. */
import * as tf from "@tensorflow/tfjs-core";
import type { Context } from "../graph/node";
import type { Image, Picture, Raster } from "../types";
import { extendColours } from "./extend-colours";
import { fromSamples, HostRaster, read, sizeOf } from "./raster";

/**
 * An image whose samples are the picture's divided by 255 or 65535; in host memory where it weighs more than `budget` bytes.
 * The picture is the image's from then on: colours nobody sees in it are replaced (`extendColours`).
 */
export function imageOf(picture: Picture, budget: number): Image {
  extendColours(picture);
  const maximum = picture.bits === 16 ? 65535 : 255;
  const rgb = fromSamples(picture, 3, picture.rgb, maximum, budget);
  return picture.alpha ? { rgb, alpha: fromSamples(picture, 1, picture.alpha, maximum, budget) } : { rgb };
}

/** The picture to encode: clipped to 0…1 and rounded to 8 or 16 bits. Reads the GPU back. */
export async function pictureOf({ rgb, alpha }: Image, bits: 8 | 16, checkpoint: Context["checkpoint"]): Promise<Picture> {
  const levels = await quantised(rgb, bits, checkpoint);
  const size = sizeOf(rgb);
  return alpha ? { ...size, bits, rgb: levels, alpha: await quantised(alpha, bits, checkpoint) } : { ...size, bits, rgb: levels };
}

/** Rows read at a time. */
const STRIP = 256;

async function quantised(raster: Raster, bits: 8 | 16, checkpoint: Context["checkpoint"]): Promise<Uint8Array | Uint16Array> {
  const [, height, width, channels] = raster.shape;
  const maximum = bits === 16 ? 65535 : 255;
  const levels = new (bits === 16 ? Uint16Array : Uint8Array)(height * width * channels);
  for await (const { start, samples } of stripsOf(raster, checkpoint))
    for (let i = 0; i < samples.length; i++)
      levels[start + i] = Math.floor(Math.min(Math.max(samples[i]!, 0), 1) * maximum + 0.5);
  return levels;
}

/** All float samples, some rows of pixels at a time; `start` is how many came before them. */
export async function* stripsOf(raster: Raster, checkpoint: Context["checkpoint"]) {
  const [, height, width, channels] = raster.shape;
  for (let top = 0; top < height; top += STRIP) {
    const samples = await samplesOf(raster, { top, left: 0, height: Math.min(STRIP, height - top), width });
    yield { start: top * width * channels, samples };
    await checkpoint();
  }
}

/** A region's float samples; those already in host memory do not travel through the GPU. */
export async function samplesOf(raster: Raster, region: Parameters<typeof read>[1]): Promise<Float32Array> {
  if (
    raster instanceof HostRaster &&
    raster.samples instanceof Float32Array &&
    region.left === 0 &&
    region.width === raster.shape[2]
  ) {
    const stride = raster.shape[2] * raster.shape[3];
    return raster.samples.subarray(region.top * stride, (region.top + region.height) * stride);
  }
  const part = tf.tidy(() => read(raster, region));
  try {
    return await part.data<"float32">();
  } finally {
    part.dispose();
  }
}
