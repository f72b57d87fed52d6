/** The networks' stages as functions of tensors, run by tfjs at once: what tests compare with. */
import type * as tf from "@tensorflow/tfjs-core";
import { run } from "../../src/kernels/tfjs/run";
import * as networks from "../../src/sftgan/generator";
import * as outdoor from "../../src/sftgan/outdoor-scene-seg";
import { segmentationNet } from "../../src/sftgan/segment";
import type { Model } from "../../src/types";

type Map = tf.Tensor4D;

export const conditionNet = (model: Model, prior: Map) => run(model, networks.conditionNet(model), { prior });
export const head = (model: Model, image: Map) => run(model, networks.head(model), { image });
export const sftMap = (model: Model, layer: string, which: "scale" | "shift", condition: Map) =>
  run(model, networks.sftMap(model, layer, which), { condition });
export const residualBlock = (model: Model, index: number, features: Map, condition?: Map, modulation = true) =>
  run(model, networks.residualBlocks(model, index, index + 1, modulation), { features, condition });
export const upsample = (model: Model, features: Map, head: Map, condition?: Map, modulation = true) =>
  run(model, networks.upsample(model, modulation), { features, head, condition });
export const generator = (model: Model, image: Map, prior?: Map) => run(model, networks.generator(model), { image, prior });
export const segmenter = (model: Model, image: Map) => run(model, segmentationNet(model), { image });
export const outdoorSceneSeg = (model: Model, image: Map) => run(model, outdoor.outdoorSceneSeg(model), { image });
