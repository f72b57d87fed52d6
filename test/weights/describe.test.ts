import { expect, it, describe as suite } from "vitest";
import { describe } from "../../src/weights/describe";
import {
  generatorLayout,
  type Layout,
  outdoorSceneSegLayout,
  SEGMENTER_BLOCKS,
  segmenterLayout,
} from "../../src/weights/layouts";
import { message } from "./files";

const sft = { condition: 3, classes: 8, conditionHidden: 5, layerHidden: 3 };
const generator = (changes = {}) =>
  generatorLayout({ features: 4, blocks: 2, upsampling: "pixel-shuffle", sft, end: "sft_branch.3", ...changes });
const segmenter = (classes = 8) =>
  segmenterLayout({ stem: 3, widths: SEGMENTER_BLOCKS.map((_, i) => 2 + i), merged: 3, classes });
const outdoor = (classes = 8) =>
  outdoorSceneSegLayout({
    stem: [2, 2, 4],
    stages: [
      [2, 5],
      [2, 6],
      [3, 6],
      [3, 7],
    ],
    neck: 3,
    classes,
  });

const shapes = (layout: Layout) => Object.fromEntries(layout.map(([name, shape]) => [name, { shape }]));
const sizes = ({ names: _, ...rest }: ReturnType<typeof describe>) => rest;
const refusal = (layout: Layout) => message(() => describe(shapes(layout), "a.pth"));
const changed = (layout: Layout, name: string, shape: number[]): Layout =>
  layout.map((entry) => (entry[0] === name ? [name, shape] : entry));
const without = (layout: Layout, name: string): Layout => layout.filter((entry) => entry[0] !== name);

suite("describe", () => {
  it("tells the official generators apart and reads their sizes", () => {
    const official = { features: 64, blocks: 16, end: "sft_branch.17" };
    const widths = { condition: 32, classes: 8, conditionHidden: 128, layerHidden: 32 };
    const count = (layout: Layout) => layout.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b), 0);

    const ost = generatorLayout({ ...official, upsampling: "pixel-shuffle", sft: widths });
    expect(count(ost)).toBe(1_833_763);
    expect(sizes(describe(shapes(ost), "a"))).toEqual({
      architecture: "sft-net",
      features: 64,
      blocks: 16,
      condition: 32,
      classes: 8,
      upsampling: "pixel-shuffle",
    });

    const torch = generatorLayout({ ...official, upsampling: "nearest", sft: widths });
    expect(count(torch)).toBe(1_612_195);
    expect(sizes(describe(shapes(torch), "a"))).toMatchObject({ architecture: "sft-net-torch", upsampling: "nearest" });
  });

  it("knows the official segmentation network by its 52,068,296 parameters", () => {
    const layout = outdoorSceneSegLayout({
      stem: [64, 64, 128],
      stages: [
        [64, 256],
        [128, 512],
        [256, 1024],
        [512, 2048],
      ],
      neck: 512,
      classes: 8,
    });
    const learned = layout.filter(([name]) => !name.includes("running_"));
    expect(learned.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b), 0)).toBe(52_068_296);
    expect(describe(shapes(layout), "a").architecture).toBe("outdoor-scene-seg");
    expect(layout.filter(([name]) => name.endsWith("proj.0.weight")).map(([name]) => name)).toEqual([
      "feature.10.proj.0.weight",
      "feature.13.proj.0.weight",
      "feature.17.proj.0.weight",
      "feature.40.proj.0.weight",
    ]);
  });

  it("reads the sizes of small networks", () => {
    expect(sizes(describe(shapes(generator()), "a"))).toMatchObject({ features: 4, blocks: 2, condition: 3, classes: 8 });
    const many = { ...sft, classes: 5 };
    expect(describe(shapes(generator({ sft: many })), "a").classes).toBe(5);
    expect(sizes(describe(shapes(segmenter()), "a"))).toMatchObject({ architecture: "segmenter", features: 0, classes: 8 });
    expect(sizes(describe(shapes(outdoor()), "a"))).toMatchObject({ architecture: "outdoor-scene-seg", classes: 8 });
  });

  it.each(["pixel-shuffle", "nearest"])("takes a plain SRResNet with %s, its trunk's end numbered either way", (upsampling) => {
    for (const end of ["sft_branch.3", "sft_branch.2"]) {
      const found = describe(shapes(generator({ sft: undefined, upsampling, end })), "a");
      expect(sizes(found)).toEqual({ architecture: "srresnet", features: 4, blocks: 2, condition: 0, classes: 0, upsampling });
      expect(found.names.get("sft_branch.3.weight")).toBe(`${end}.weight`);
      expect(found.names.get("sft_branch.3.bias")).toBe(`${end}.bias`);
      expect(found.names.has("sft_branch.2.weight")).toBe(false);
    }
  });

  const networks: [string, Layout][] = [
    ["SFT-GAN", generator()],
    ["SFT-GAN of the paper", generator({ upsampling: "nearest" })],
    ["SRResNet", generator({ sft: undefined })],
    ["our segmentation network", segmenter()],
    ["the official segmentation network", outdoor()],
  ];

  it.each(networks)("misses any tensor of %s", async (_, layout) => {
    for (const [name] of layout) {
      if (name === "feature.0.weight") continue; // not recognised without
      const message = await refusal(without(layout, name));
      expect(message, name).toMatch(/^"a.pth" looks like /);
    }
    expect(await refusal(without(layout, layout.at(-1)![0]))).toContain(`its tensor "${layout.at(-1)![0]}" `);
  });

  it.each(networks)("sees a wrong shape of any tensor of %s", async (_, layout) => {
    for (const [name, shape] of layout) {
      for (const wrong of [
        [...shape, 1],
        shape.slice(1),
        [],
        shape.map((n) => n + 1),
        [0, ...shape.slice(1)],
        [2 ** 31, 2 ** 31, 1, 1],
      ]) {
        expect(await refusal(changed(layout, name, wrong)), `${name} ${wrong}`).toMatch(
          /^"a.pth" looks like .*"; accepted|expected; accepted/,
        );
      }
    }
  });

  it("names the first tensor that is wrong, what it is and what it should be", async () => {
    expect(await refusal(changed(generator(), "HR_branch.3.weight", [16, 5, 3, 3]))).toContain(
      '"a.pth" looks like an SFT-GAN generator in the layout of SFTGAN_noBN_OST_bg.pth, but its tensor "HR_branch.3.weight" is [16, 5, 3, 3] where [16, 4, 3, 3] is expected; accepted are',
    );
    expect(await refusal(without(generator(), "sft_branch.1.sft1.SFT_shift_conv0.bias"))).toContain(
      'but its tensor "sft_branch.1.sft1.SFT_shift_conv0.bias" [3] is missing',
    );
    expect(await refusal(without(generator(), "CondNet.8.weight"))).toContain('"CondNet.8.weight" is missing');
    expect(await refusal(changed(generator(), "conv0.weight", [4]))).toContain(
      "where a convolution kernel [out, in, height, width]",
    );
    expect(await refusal([...generator(), ["extra.weight", [1, 2]]])).toContain('also holds a tensor "extra.weight" [1, 2]');
    expect(await refusal([...generator(), ["HR_branch.1.weight", [4, 4, 3, 3]]])).toContain("looks like");
  });

  it("asks for the eight classes of a prior from whatever segments", async () => {
    expect(await refusal(segmenter(5))).toContain('"out.weight" is [5, 3, 1, 1] where [8, 3, 1, 1] is expected');
    expect(await refusal(outdoor(5))).toContain('"feature.47.weight" is [5, 3, 1, 1] where [8, 3, 1, 1] is expected');
  });

  it("is not drawn out by block numbers that promise much", async () => {
    const far: Layout = [...generator(), ["sft_branch.4000000000.conv0.weight", [4, 4, 3, 3]]];
    expect(await refusal(far)).toContain('"sft_branch.2.sft0.SFT_scale_conv0.weight" [3, 3, 1, 1] is missing');
  });

  it("says what a file of something else is not, and what is accepted", async () => {
    expect(await refusal([])).toMatch(/^"a.pth" holds no tensors; accepted are SFT-GAN generators/);
    expect(await refusal([["model.0.weight", [64, 3, 3, 3]]])).toMatch(
      /^"a.pth" is not a network that can be run here: it holds one tensor "model.0.weight" \[64, 3, 3, 3\]; accepted are/,
    );
    const methods = await refusal(
      Object.entries(JSON.parse('{"__proto__":[1],"constructor":[2],"toString":[3]}')) as unknown as Layout,
    );
    expect(methods).toContain("is not a network");
  });
});
