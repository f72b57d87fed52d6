import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import compare from "../../nodes/compare";
import conditionNet from "../../nodes/condition-net";
import loadLr from "../../nodes/load-lr";
import metrics from "../../nodes/metrics";
import save from "../../nodes/save";
import segment from "../../nodes/segment";
import sftResblocks from "../../nodes/sft-resblocks";
import { plainValues, summarise } from "../../src/engine/summary";
import { priorOf } from "../nodes/values";

const map = (...shape: [number, number, number]) => tf.zeros([1, ...shape]) as tf.Tensor4D;

describe("summarise", () => {
  it("says sizes as people write them, width first", () => {
    expect(summarise(loadLr, { image: { rgb: map(2, 3, 3) } })).toBe("3 × 2");
    expect(summarise(loadLr, { image: { rgb: map(2, 3, 3), alpha: map(2, 3, 1) } })).toBe("3 × 2 with opacity");
    expect(summarise(segment, { prior: priorOf(map(4, 5, 8)) })).toBe("5 × 4, 8 channels");
    expect(summarise(segment, { prior: priorOf(map(4, 5, 1)) })).toBe("5 × 4, 1 channel");
    expect(summarise(conditionNet, { condition: { map: map(4, 5, 32) } })).toBe("5 × 4 × 32");
    const features = { map: map(4, 5, 64), head: map(4, 5, 64), blocks: 1 };
    expect(summarise(sftResblocks, { features })).toBe("5 × 4 × 64 after 1 block");
    expect(summarise(sftResblocks, { features: { ...features, blocks: 16 } })).toBe("5 × 4 × 64 after 16 blocks");
  });

  it("says what two equal outputs are once", () => {
    const [small, large] = [{ rgb: map(2, 3, 3) }, { rgb: map(8, 12, 3) }];
    expect(summarise(compare, { before: small, after: small })).toBe("3 × 2");
    expect(summarise(compare, { before: small, after: large })).toBe("3 × 2, 12 × 8");
  });

  it("says numbers to four places, Infinity too", () => {
    expect(summarise(metrics, { psnr: 30.812345, ssim: 0.87 })).toBe("PSNR 30.8123, SSIM 0.87");
    expect(summarise(metrics, { psnr: Number.POSITIVE_INFINITY, ssim: 1 })).toBe("PSNR Infinity, SSIM 1");
  });

  it("says what a file is", () => {
    expect(summarise(save, { file: { type: "image/png", bytes: new Uint8Array(2048) } })).toBe("2 kB image/png");
  });
});

describe("plainValues", () => {
  it("are the outputs that are numbers or texts", () => {
    expect(plainValues(metrics, { psnr: 30, ssim: 0.5 })).toEqual({ psnr: 30, ssim: 0.5 });
    expect(plainValues(loadLr, { image: {} })).toEqual({});
  });
});
