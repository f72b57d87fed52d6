import { psnr, ssim } from "../src/image/metrics";
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

  async run({ image, reference }, _, context) {
    const half = (start: number) => ({ ...context, progress: (fraction: number) => context.progress(start + fraction / 2) });
    const decibels = await psnr(image.rgb, reference.rgb, half(0));
    return { psnr: decibels, ssim: await ssim(image.rgb, reference.rgb, half(0.5)) };
  },
});
