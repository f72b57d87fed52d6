import * as tf from "@tensorflow/tfjs-core";
import { number } from "../src/graph/node";
import { mixMaps, mixPriors } from "../src/image/mix";
import { sameSize, sizeOf, sizeText, whole } from "../src/image/raster";
import { readScaled } from "../src/image/scaled";
import { SCALE } from "../src/types";
import { defineNode, image, optional, prior } from "./sockets";

/** Two priors in one, by weight or by mask. */
export default defineNode({
  type: "sftgan/mix-priors",
  title: "Mix Priors",
  description:
    "Two priors in one: by weight everywhere, or by a mask picture that is black for the first and white for the second.",
  inputs: {
    a: prior("the first prior"),
    b: prior("the second prior"),
    mask: optional(image("where the second prior holds, black to white; scales the weight")),
  },
  params: { weight: number({ default: 0.5, min: 0, max: 1, step: 0.01, help: "how much of the second prior" }) },
  outputs: { prior: prior("the mixture, at the finer of the two resolutions") },

  run({ a, b, mask }, { weight }) {
    const [of, other] = [a, b].map((p) => p.picture ?? quarter(sizeOf(p.map)));
    if (!sameSize(of!, other!))
      throw new Error(
        `the first prior is for a picture of ${sizeText(of!)}, the second for one of ${sizeText(other!)}: give two for the same picture`,
      );
    const finer = [a, b].map((p) => sizeOf(p.map)).reduce((x, y) => (x.height * x.width >= y.height * y.width ? x : y));
    const kind = a.kind === "probabilities" && b.kind === "probabilities" ? "probabilities" : "map";
    const mix = kind === "probabilities" ? mixPriors : mixMaps;
    const map = tf.tidy(() => {
      const share = mask ? (tf.mul(tf.mean(readScaled(mask.rgb, finer, whole(finer)), 3, true), weight) as tf.Tensor4D) : weight;
      return mix(readScaled(a.map, finer, whole(finer)), readScaled(b.map, finer, whole(finer)), share);
    });
    return { prior: { map, channels: a.channels, kind, picture: of! } };
  },
});

const quarter = ({ height, width }: { height: number; width: number }) => ({ height: height / SCALE, width: width / SCALE });
