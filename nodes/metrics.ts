import * as tf from "@tensorflow/tfjs-core";
import { psnr, ssim } from "../src/image/metrics";
import { read, sizeOf, whole } from "../src/image/raster";
import { defineNode, image, number } from "./sockets";

/** PSNR and SSIM on luma, as super-resolution papers report them. */
export default defineNode({
  type: "sftgan/metrics",
  title: "Metrics",
  description: "How close a picture is to the true one: PSNR and SSIM on 8-bit luma, 4 pixels shaved off each side.",
  sink: "always",
  inputs: { image: image("the picture to measure"), reference: image("the true picture, of the same size") },
  params: {},
  outputs: { psnr: number("dB, more is closer; Infinity for equal pictures"), ssim: number("up to 1, more is closer") },

  async run({ image, reference }, _, { pause }) {
    const [a, b] = tf.tidy(() => [read(image.rgb, whole(sizeOf(image.rgb))), read(reference.rgb, whole(sizeOf(reference.rgb)))]);
    try {
      const decibels = await psnr(a!, b!);
      await pause();
      return { psnr: decibels, ssim: await ssim(a!, b!) };
    } finally {
      tf.dispose([a!, b!]);
    }
  },
});
