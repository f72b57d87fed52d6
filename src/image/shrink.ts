/** Degradation of images: colours by the chosen reduction, opacity by the float one. */
import * as tf from "@tensorflow/tfjs-core";
import type { Image } from "../types";
import { degrade8bit, degradeFloat } from "./degrade";
import { read, sizeOf, whole } from "./raster";

/** The image at a quarter of its size, rounded up. "8 bit" is MATLAB's on 8-bit pictures, "float" the authors'. */
export function shrink({ rgb, alpha }: Image, mode: "float" | "8 bit"): Image {
  const region = whole(sizeOf(rgb));
  const reduce = mode === "float" ? degradeFloat : degrade8bit;
  return tf.tidy(() => {
    const small = reduce(read(rgb, region));
    return alpha ? { rgb: small, alpha: tf.clipByValue(degradeFloat(read(alpha, region)), 0, 1) } : { rgb: small };
  });
}
