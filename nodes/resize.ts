import { MAX_SIDE } from "../src/codec/limits";
import { FACE, number } from "../src/graph/node";
import { ofSize, sizeOf } from "../src/image/raster";
import { isLarger, resizedSize, resizeImage } from "../src/image/resize";
import { sizeText } from "../src/region";
import { defineNode, image, optional } from "./sockets";

/** After the network: any other size than four times. */
export default defineNode({
  type: "sftgan/resize",
  title: "Resize",
  description:
    "The picture at another size, antialiased, its proportions kept: after Upsample, any size up to four times the photo's.",
  inputs: {
    image: image("the picture [1, h, w, 3]"),
    of: optional(image("the picture that factor counts from, such as the low-resolution one; unconnected: the picture itself")),
  },
  params: {
    width: number({ default: 0, min: 0, max: MAX_SIDE, step: 1, unit: "pixels", help: "0: it follows from the height" }),
    height: number({
      default: 0,
      min: 0,
      max: MAX_SIDE,
      step: 1,
      unit: "pixels",
      help: "0: it follows from the width. With both the picture is the largest that fits into them",
    }),
    factor: number({ default: 1, min: 0.01, max: 16, help: "how many times as large, each way, where width and height are 0" }),
  },
  outputs: { image: image("the picture at that size") },

  async run({ image, of }, asked, context) {
    const [size, reference] = [sizeOf(image.rgb), of && sizeOf(of.rgb)];
    const wanted = resizedSize(size, asked, reference);
    if (Math.max(wanted.width, wanted.height) > MAX_SIDE)
      throw new Error(`the picture would be ${sizeText(wanted)}, and a side ends at ${MAX_SIDE}: ask for a smaller one`);
    const warnings = isLarger(wanted, size)
      ? [`${sizeText(wanted)} is more than the ${sizeText(size)} it is made from: the rest is interpolated`]
      : [];
    return { image: await resizeImage(image, wanted, context), ...(warnings.length > 0 && { [FACE]: { warnings } }) };
  },

  expect: ({ image, of }, asked) => ({
    outputs: { image: ofSize(image, resizedSize(sizeOf(image.rgb), asked, of && sizeOf(of.rgb))) },
  }),
});
