/** Every node of the plugin, in the order people meet them. Adding one: its file, one line here, one test. */
import type { AnyNode } from "../src/graph/node";
import bicubicUpscale from "./bicubic-upscale";
import blendModels from "./blend-models";
import checkPrior from "./check-prior";
import compare from "./compare";
import conditionNet from "./condition-net";
import constantPrior from "./constant-prior";
import contactSheet from "./contact-sheet";
import crop from "./crop";
import cropPrior from "./crop-prior";
import degrade from "./degrade";
import depthToPrior from "./depth-to-prior";
import difference from "./difference";
import entropy from "./entropy";
import featureMontage from "./feature-montage";
import loadFolder from "./load-folder";
import loadLr from "./load-lr";
import loadModel from "./load-model";
import loadPrior from "./load-prior";
import mapToPrior from "./map-to-prior";
import metrics from "./metrics";
import mixPriors from "./mix-priors";
import note from "./note";
import number from "./number";
import paintPrior from "./paint-prior";
import preview from "./preview";
import resize from "./resize";
import resizePrior from "./resize-prior";
import save from "./save";
import segment from "./segment";
import sftMaps from "./sft-maps";
import sftResblocks from "./sft-resblocks";
import sharpenPrior from "./sharpen-prior";
import smoothPrior from "./smooth-prior";
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
  loadFolder,
  loadPrior,
  depthToPrior,
  mapToPrior,
  constantPrior,
  mixPriors,
  paintPrior,
  contactSheet,
  sharpenPrior,
  smoothPrior,
  cropPrior,
  resizePrior,
  checkPrior,
  viewPrior,
  entropy,
  sftMaps,
  featureMontage,
  difference,
  loadModel,
  blendModels,
  crop,
  degrade,
  resize,
  bicubicUpscale,
  number,
  text,
  note,
];
