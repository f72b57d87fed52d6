import * as tf from "@tensorflow/tfjs-core";
import { type DecodedPng, decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { degradeFloat } from "../../src/image/degrade";
import { toLevels } from "../../src/image/eight-bit";
import { CLASS_COLOURS, CLASSES } from "../../src/types";
import { fromLevels } from "./pictures";

const FILES = import.meta.glob("../../graphs/sample/*.png", { query: "?url", import: "default", eager: true });

async function sample(name: string): Promise<DecodedPng & { bytes: number }> {
  const path = `../../graphs/sample/${name}`;
  const load = async () => {
    if (typeof window !== "undefined") return new Uint8Array(await (await fetch(FILES[path] as string)).arrayBuffer());
    const { readFile } = await import("node:fs/promises");
    return new Uint8Array(await readFile(new URL(path, import.meta.url)));
  };
  const file = await load();
  return { ...decode(file), bytes: file.length };
}

const SKY = CLASSES.indexOf("sky");

describe("the sample scene", () => {
  it("has labels and depth for every pixel of the high-resolution picture, in 1.5 MB altogether", async () => {
    const [hr, lr, labels, depth] = await Promise.all(
      ["scene-hr.png", "scene.png", "scene-labels.png", "scene-depth.png"].map(sample),
    );
    expect([hr!.width, hr!.height, hr!.channels, hr!.depth]).toEqual([640, 480, 3, 8]);
    expect([lr!.width, lr!.height, lr!.channels, lr!.depth]).toEqual([160, 120, 3, 8]);
    expect([labels!.width, labels!.height, labels!.channels, labels!.depth]).toEqual([640, 480, 1, 8]);
    expect([depth!.width, depth!.height, depth!.channels, depth!.depth]).toEqual([640, 480, 1, 16]);
    expect(hr!.bytes + lr!.bytes + labels!.bytes + depth!.bytes).toBeLessThan(1.5e6);
  });

  it("shows all eight classes, each on half a percent of the picture or more, in the official colours", async () => {
    const { data, palette } = await sample("scene-labels.png");
    expect(palette?.map((colour) => colour.slice(0, 3))).toEqual(CLASS_COLOURS);
    const counts = CLASSES.map((_, label) => Array.from(data).filter((value) => value === label).length);
    expect(Math.min(...counts)).toBeGreaterThan(0.005 * data.length);
    expect(counts.reduce((a, b) => a + b)).toBe(data.length);
  });

  it("has the sky, and nothing else, at the far end of its depth, and near ground nearer than far ground", async () => {
    const [labels, depth] = await Promise.all([sample("scene-labels.png"), sample("scene-depth.png")]);
    const wrong = depth.data.findIndex((value, i) => (value === 65535) !== (labels.data[i] === SKY));
    expect(wrong).toBe(-1);
    const column = (row: number) => depth.data[row * depth.width + 600]!;
    expect(column(470)).toBeLessThan(column(400));
    expect(column(400)).toBeLessThan(column(330));
  });

  it("is degraded from its high-resolution picture as the authors do, rounded to 8 bits", async () => {
    const [hr, lr] = await Promise.all([sample("scene-hr.png"), sample("scene.png")]);
    const levels = await tf.tidy(() => toLevels(degradeFloat(fromLevels(hr.data, hr.height, hr.width)))).data();
    // The files were rounded on the CPU backend; a value that is a half to six digits may round the other way on a GPU.
    const distant = levels.findIndex((level, i) => Math.abs(level - lr.data[i]!) > (tf.getBackend() === "cpu" ? 0 : 1));
    expect(distant).toBe(-1);
  });
});
