import * as tf from "@tensorflow/tfjs-core";
import { choice, FACE, flag, number, text } from "../src/graph/node";
import { histogram } from "../src/image/histogram";
import { read, sizeOf } from "../src/image/raster";
import { mapTiles } from "../src/image/tiles";
import { classesOfBins, DEPTH_CHANNELS, depthBins, nearAndFar } from "../src/prior/depth";
import { checkDepthBins, edgesOf, planesOf } from "../src/prior/depth-bins";
import { FITS, fit } from "../src/prior/fit";
import { CLASSES } from "../src/types";
import { defineNode, image, optional, prior } from "./sockets";

/** Channels of a tile held at once: the colours and the grey on its way to a plane's number, and each plane on its way. */
const PICTURE_MAPS = 9;
const PLANE_MAPS = 7;

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
    edges: text({
      default: "",
      help: "depths at which each plane gives way to the next, such as 0.2, 0.5; nothing: even planes. Drag them below: double-click adds one or takes it away",
      bins: {
        classes: "classes",
        near: "near",
        far: "far",
        when: ["as", "classes"],
        note: "Classes by distance only approximate what class weights were trained on",
      },
    }),
    near: number({ default: 0, min: 0, max: 1, step: 0.01, help: "depth up to which the first plane is full" }),
    far: number({ default: 1, min: 0, max: 1, step: 0.01, help: "depth from which the last plane is full" }),
    invert: flag({ default: false, help: "the picture is a disparity: near is bright" }),
    fit: choice(FITS, { default: "exact", help: "exact: another size is refused. resize: it is stretched to the picture" }),
  },
  outputs: { prior: prior("one channel a class, or a plane [1, H, W, K]") },

  async run({ depth, picture }, { as, classes, edges, near, far, invert, fit: how }, context) {
    const planes = as === "classes" ? planesOf(classes) : 2;
    const size = sizeOf(depth.rgb);
    const belongsTo = fit(size, picture && sizeOf(picture.rgb), how);
    const bins = typeof planes === "number" ? planes : planes.length;
    const cut = { near, far, invert, bins, edges: as === "classes" ? edgesOf(edges) : undefined };
    checkDepthBins(cut);
    const greyOf = (colours: tf.Tensor4D) => tf.mean(colours, 3, true) as tf.Tensor4D;
    const depths = (colours: tf.Tensor4D) => (invert ? tf.sub(1, greyOf(colours)) : greyOf(colours));
    const counts = await context.memo("histogram", ["depth", "invert"], () => histogram(depth.rgb, depths, context));
    const channels = as === "classes" ? channelsOf(planes) : DEPTH_CHANNELS;
    const bytesPerPixel = 4 * (PICTURE_MAPS + PLANE_MAPS * cut.bins + channels.length);
    const map = await mapTiles({ size, reach: 0, scale: 1, channels: channels.length, bytesPerPixel }, context, (window) => {
      const grey = greyOf(read(depth.rgb, window));
      if (as === "near and far") return nearAndFar(grey, cut);
      const shares = depthBins(grey, cut);
      return typeof planes === "number" ? shares : classesOfBins(shares, planes);
    });
    return { prior: { map, channels, kind: "probabilities", picture: belongsTo }, [FACE]: { histogram: counts } };
  },
});

const channelsOf = (planes: number | number[]): readonly string[] =>
  typeof planes === "number" ? Array.from({ length: planes }, (_, i) => `plane ${i + 1}`) : CLASSES;
