import * as tf from "@tensorflow/tfjs-core";
import { choice, flag, number, text } from "../src/graph/node";
import { checkDepthBins, classesOfBins, DEPTH_CHANNELS, depthBins, nearAndFar } from "../src/image/depth";
import { FITS, fit } from "../src/image/fit";
import { read, sizeOf } from "../src/image/raster";
import { mapTiles } from "../src/image/tiles";
import { CLASSES } from "../src/types";
import { quoted } from "../src/weights/wording";
import { defineNode, image, optional, prior } from "./sockets";

/** Channels of a tile held at once: the colours and the grey on its way to a plane's number, and each plane on its way. */
const PICTURE_MAPS = 9;
const PLANE_MAPS = 5;

/** Cuts depth into soft planes, each standing for a class or for itself. */
export default defineNode({
  type: "sftgan/depth-to-prior",
  title: "Depth to Prior",
  description:
    "A depth or disparity picture as a prior: soft planes from near to far, each standing for a class, which only approximates; or near and far as such, for weights trained on depth.",
  inputs: {
    depth: image("depth as grey, 0 near to 1 far [1, H, W, 3]"),
    picture: optional(image("the low-resolution picture the prior is for; unconnected: a quarter of the depth's size")),
  },
  params: {
    as: choice(["classes", "near and far"], {
      default: "classes",
      help: "classes: planes that stand for classes, for weights trained on those. near and far: for weights trained on depth",
    }),
    classes: text({
      default: "plant, grass, building, mountain, sky",
      help: "the class each plane stands for, from near to far; a number instead: that many planes as channels of their own",
    }),
    near: number({ default: 0, min: 0, max: 1, step: 0.01, help: "depth of the first plane" }),
    far: number({ default: 1, min: 0, max: 1, step: 0.01, help: "depth of the last plane" }),
    invert: flag({ default: false, help: "the picture is a disparity: near is bright" }),
    fit: choice(FITS, { default: "exact", help: "exact: another size is refused. resize: it is stretched to the picture" }),
  },
  outputs: { prior: prior("one channel a class, or a plane [1, H, W, K]") },

  async run({ depth, picture }, { as, classes, near, far, invert, fit: how }, context) {
    const planes = as === "classes" ? planesOf(classes) : 2;
    const size = sizeOf(depth.rgb);
    const belongsTo = fit(size, picture && sizeOf(picture.rgb), how);
    const cut = { near, far, invert, bins: typeof planes === "number" ? planes : planes.length };
    checkDepthBins(cut);
    const channels = as === "classes" ? channelsOf(planes) : DEPTH_CHANNELS;
    const bytesPerPixel = 4 * (PICTURE_MAPS + PLANE_MAPS * cut.bins + channels.length);
    const map = await mapTiles({ size, reach: 0, scale: 1, channels: channels.length, bytesPerPixel }, context, (window) => {
      const grey = tf.mean(read(depth.rgb, window), 3, true) as tf.Tensor4D;
      if (as === "near and far") return nearAndFar(grey, cut);
      const bins = depthBins(grey, cut);
      return typeof planes === "number" ? bins : classesOfBins(bins, planes);
    });
    return { prior: { map, channels, kind: "probabilities", picture: belongsTo } };
  },
});

const channelsOf = (planes: number | number[]): readonly string[] =>
  typeof planes === "number" ? Array.from({ length: planes }, (_, i) => `plane ${i + 1}`) : CLASSES;

/** How many planes, or the class of each. Throws a sentence for a name that is no class. */
function planesOf(classes: string): number | number[] {
  if (/^\s*\d+\s*$/.test(classes)) return Number(classes);
  return classes.split(",").map((name) => {
    const index = (CLASSES as readonly string[]).indexOf(name.trim().toLowerCase());
    if (index < 0)
      throw new Error(`${quoted(name.trim())} is no class: name some of ${CLASSES.join(", ")}, or give a number of planes`);
    return index;
  });
}
