/** Tells from names and shapes alone which network a checkpoint holds and of what sizes, and checks that all of it is there. */

import { quoted } from "../quoted";
import { type Architecture, CLASSES, type Model } from "../types";
import {
  BOTTLENECKS,
  generatorLayout,
  type Layout,
  outdoorSceneSegLayout,
  SEGMENTER_BLOCKS,
  segmenterLayout,
  trunkEnd,
} from "./layouts";
import { shapeText } from "./wording";

/** What `Model` says of a network's sizes; 0 for what it does not have. */
export interface Description
  extends Pick<Model, "architecture" | "features" | "blocks" | "condition" | "classes" | "upsampling"> {
  /** The name in the file of every tensor the network has, under the name the network's code knows it by. */
  readonly names: ReadonlyMap<string, string>;
}

type Shapes = Readonly<Record<string, { readonly shape: readonly number[] }>>;

/** Each architecture in words, with its article. */
export const ARCHITECTURES: Readonly<Record<Architecture, string>> = {
  "sft-net": "an SFT-GAN generator in the layout of SFTGAN_noBN_OST_bg.pth",
  "sft-net-torch": "an SFT-GAN generator in the layout of SFTGAN_torch.pth",
  srresnet: "a plain SRResNet",
  segmenter: "this package's segmentation network",
  "outdoor-scene-seg": "the segmentation network of segmentation_OST_bic.pth",
};

/** What can be loaded, for the errors of this folder. */
export const ACCEPTED =
  "accepted are SFT-GAN generators (SFTGAN_noBN_OST_bg.pth, SFTGAN_torch.pth, or of other sizes), a plain SRResNet with the same names, segmentation_OST_bic.pth and this package's own weights";

/**
 * The network the file `name` holds. Shapes are PyTorch's (OIHW). Throws an error: what the file is not and what is
 * accepted; or the first tensor, in the network's order, that is missing or has a wrong shape, with the shape expected;
 * or a tensor the network does not have.
 */
export function describe(shapes: Shapes, name: string): Description {
  const file = new Checkpoint(shapes, name);
  if (file.has(/^sft_branch\.|^CondNet\.|^HR_branch\./)) return describeGenerator(file);
  if (file.has(/^encoder\._conv_stem\./)) return describeSegmenter(file);
  if (file.has(/^feature\.0\.weight$/) && file.has(/^(deconv\.weight|feature\.\d+\.res\.0\.weight)$/))
    return describeOutdoor(file);
  const [first] = Object.entries(shapes);
  if (!first) throw new Error(`${quoted(name)} holds no tensors; ${ACCEPTED}`);
  const count = Object.keys(shapes).length;
  throw new Error(
    `${quoted(name)} is not a network that can be run here: it holds ${count === 1 ? "one tensor" : `${count} tensors, the first`} ${quoted(first[0])} ${shapeText(first[1].shape)}; ${ACCEPTED}`,
  );
}

/**
 * One line for people, such as
 * `SFT-GAN, SFTGAN_noBN_OST_bg layout: 16 blocks × 64 features, condition 32, 8 classes, 1.83 M parameters`.
 */
export function describeModel(model: Model): string {
  let count = 0;
  for (const { data } of Object.values(model.weights.tensors)) count += data.length;
  const parameters = `${count < 1e6 ? count.toLocaleString("en-US") : `${(count / 1e6).toFixed(2)} M`} parameters`;
  const { architecture, features, blocks, condition, classes, upsampling } = model;
  const trunk = `${blocks} ${blocks === 1 ? "block" : "blocks"} × ${features} features`;
  switch (architecture) {
    case "sft-net":
    case "sft-net-torch": {
      const layout = architecture === "sft-net" ? "SFTGAN_noBN_OST_bg" : "SFTGAN_torch";
      return `SFT-GAN, ${layout} layout: ${trunk}, condition ${condition}, ${classes} classes, ${parameters}`;
    }
    case "srresnet":
      return `SRResNet, ${upsampling === "nearest" ? "nearest-neighbour" : "pixel-shuffle"} upsampling: ${trunk}, ${parameters}`;
    case "segmenter":
      return `Segmentation network of this package: ${classes} classes, ${parameters}`;
    case "outdoor-scene-seg":
      return `Segmentation network, segmentation_OST_bic layout: ${classes} classes, ${parameters}`;
  }
}

function describeGenerator(file: Checkpoint): Description {
  const withSft = file.has(/^CondNet\.|\.SFT_(scale|shift)_conv[01]\./);
  const upsampling = file.has(/^HR_branch\.[14]\.weight$/) ? "nearest" : "pixel-shuffle";
  const architecture = !withSft ? "srresnet" : upsampling === "nearest" ? "sft-net-torch" : "sft-net";
  const say = ARCHITECTURES[architecture];

  const features = file.width("conv0.weight", say);
  const blocks = file.count(/^sft_branch\.\d+\.conv0\.weight$/);
  if (blocks === 0) throw file.missing("sft_branch.0.conv0.weight", [features, features, 3, 3], say);
  const sft = withSft
    ? {
        condition: file.width("CondNet.8.weight", say),
        classes: file.width("CondNet.0.weight", say, 1),
        conditionHidden: file.width("CondNet.0.weight", say),
        layerHidden: file.width("sft_branch.0.sft0.SFT_scale_conv0.weight", say),
      }
    : undefined;
  // A plain net may close the gap the SFT layer left in the numbering.
  const closed = `sft_branch.${blocks}`;
  const end = !withSft && file.shape(`${closed}.weight`) && !file.shape(`${trunkEnd(blocks)}.weight`) ? closed : trunkEnd(blocks);
  const names = file.check(generatorLayout({ features, blocks, upsampling, sft, end }), say);
  const renamed = [...names].map(
    (name) => [name.startsWith(`${end}.`) ? name.replace(end, trunkEnd(blocks)) : name, name] as const,
  );
  return {
    architecture,
    features,
    blocks,
    condition: sft?.condition ?? 0,
    classes: sft?.classes ?? 0,
    upsampling,
    names: new Map(renamed),
  };
}

function describeSegmenter(file: Checkpoint): Description {
  const say = ARCHITECTURES.segmenter;
  const layout = segmenterLayout({
    stem: file.width("encoder._conv_stem.weight", say),
    widths: SEGMENTER_BLOCKS.map((_, i) => file.width(`encoder._blocks.${i}._project_conv.weight`, say)),
    merged: file.width("whole.weight", say),
    classes: CLASSES.length,
  });
  return segmentation("segmenter", file.check(layout, say));
}

function describeOutdoor(file: Checkpoint): Description {
  const say = ARCHITECTURES["outdoor-scene-seg"];
  const width = (name: string) => file.width(`${name}.weight`, say);
  const names = file.check(
    outdoorSceneSegLayout({
      stem: [width("feature.0"), width("feature.3"), width("feature.6")],
      stages: BOTTLENECKS.map(([first]) => [width(`feature.${first}.res.0`), width(`feature.${first}.res.6`)]),
      neck: width("feature.43"),
      classes: CLASSES.length,
    }),
    say,
  );
  return segmentation("outdoor-scene-seg", names);
}

const segmentation = (architecture: Architecture, names: ReadonlySet<string>): Description => ({
  architecture,
  features: 0,
  blocks: 0,
  condition: 0,
  classes: CLASSES.length,
  upsampling: "pixel-shuffle",
  names: new Map([...names].map((name) => [name, name])),
});

/** The names and shapes of a file, and the errors about them. */
class Checkpoint {
  private readonly names: readonly string[];

  constructor(
    private readonly shapes: Shapes,
    private readonly file: string,
  ) {
    this.names = Object.keys(shapes);
  }

  has(pattern: RegExp): boolean {
    return this.names.some((name) => pattern.test(name));
  }

  count(pattern: RegExp): number {
    return this.names.filter((name) => pattern.test(name)).length;
  }

  shape(name: string): readonly number[] | undefined {
    return Object.hasOwn(this.shapes, name) ? this.shapes[name]!.shape : undefined;
  }

  /** Channels out of a convolution kernel (axis 0), or into it (axis 1). */
  width(name: string, say: string, axis: 0 | 1 = 0): number {
    const shape = this.shape(name);
    if (!shape) throw this.missing(name, undefined, say);
    const width = shape[axis];
    if (shape.length !== 4 || !width) {
      throw new Error(
        `${quoted(this.file)} looks like ${say}, but its tensor ${quoted(name)} is ${shapeText(shape)} where a convolution kernel [out, in, height, width] is expected; ${ACCEPTED}`,
      );
    }
    return width;
  }

  missing(name: string, expected: readonly number[] | undefined, say: string): Error {
    const shape = expected ? ` ${shapeText(expected)}` : "";
    return new Error(
      `${quoted(this.file)} looks like ${say}, but its tensor ${quoted(name)}${shape} is missing; fetch the complete file, or save the whole state_dict()`,
    );
  }

  /** The names in `layout`, once each is found with its shape and nothing else is. */
  check(layout: Layout, say: string): Set<string> {
    const expected = new Set<string>();
    for (const [name, shape] of layout) {
      expected.add(name);
      const found = this.shape(name);
      if (!found) throw this.missing(name, shape, say);
      if (found.length !== shape.length || found.some((n, axis) => n !== shape[axis])) {
        throw new Error(
          `${quoted(this.file)} looks like ${say}, but its tensor ${quoted(name)} is ${shapeText(found)} where ${shapeText(shape)} is expected; ${ACCEPTED}`,
        );
      }
    }
    const extra = this.names.find((name) => !expected.has(name));
    if (extra !== undefined) {
      throw new Error(
        `${quoted(this.file)} looks like ${say}, but also holds a tensor ${quoted(extra)} ${shapeText(this.shape(extra)!)}, which that network does not have; ${ACCEPTED}`,
      );
    }
    return expected;
  }
}
