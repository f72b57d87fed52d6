/** Every node of the plugin, in the order people meet them. Adding one: its file, one line here, one test. */
import type { AnyNode } from "../src/graph/node";
import bicubicUpscale from "./bicubic-upscale";
import compare from "./compare";
import conditionNet from "./condition-net";
import constantPrior from "./constant-prior";
import degrade from "./degrade";
import depthToPrior from "./depth-to-prior";
import loadLr from "./load-lr";
import loadModel from "./load-model";
import loadPrior from "./load-prior";
import metrics from "./metrics";
import mixPriors from "./mix-priors";
import number from "./number";
import preview from "./preview";
import save from "./save";
import segment from "./segment";
import sftResblocks from "./sft-resblocks";
import text from "./text";
import upsample from "./upsample";
import viewPrior from "./view-prior";

export const definitions: readonly AnyNode[] = [
  loadLr,
  segment,
  conditionNet,
  sftResblocks,
  upsample,
  save,
  preview,
  compare,
  metrics,
  loadPrior,
  depthToPrior,
  constantPrior,
  mixPriors,
  viewPrior,
  loadModel,
  degrade,
  bicubicUpscale,
  number,
  text,
];
