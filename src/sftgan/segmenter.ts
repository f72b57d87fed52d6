/**
 * The package's own segmentation network (1 M parameters, batch norms folded): the encoder of ESPNetv2 (Mehta et al., CVPR
 * 2019) down to 1/16 of the picture, the whole picture's mean, and a decoder up to 1/4. The mean makes every output depend on
 * every pixel, so it runs on the whole picture at a bounded size and never in tiles. In PyTorch: training/espnet.py.
 */
import type { Conv, Network, Operation } from "../kernels/network";
import { type Model, SCALE } from "../types";

/** Sides are padded to a multiple of this: the size of the coarsest map's pixel. */
const STRIDE = 16;
/** Of ImageNet, which the encoder was pretrained on. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;
/** Dilations of a block's branches: of most, and of those at 1/16. */
const WIDE = [1, 2, 3, 4] as const;
const NARROW = [1, 1, 2, 3] as const;

const conv = (name: string, x: string, more: Partial<Conv> = {}): Conv => ({ op: "conv", name, x, ...more });
const relu = { activation: "relu" } as const;
const prelu = (name: string) => ({ activation: { prelu: name } });

/**
 * What each place shows: a picture `[1, H, W, 3]`, RGB 0 to 1, already enlarged four times and of any size, to class
 * probabilities `[1, H, W, K]`.
 */
export function segmenter(model: Model): Network {
  const operations: Operation[] = [];
  const add = (operation: Operation) => (operations.push(operation), operation.name);
  const pool = (x: string) => add({ op: "avgPool", name: `${x}.pool`, x });
  const count = (stage: string) =>
    Object.keys(model.weights.tensors).filter((name) => name.startsWith(stage) && /\.\d+\.module_act\.weight$/.test(name)).length;

  /** EESP: a grouped 1×1 convolution, four dilated depth-wise ones summed in turn, and a grouped 1×1 convolution again. */
  const pyramid = (name: string, x: string, dilations: readonly number[], more: Partial<Conv>, stride = 1) => {
    const narrow = add(conv(`${name}.proj_1x1.conv`, x, prelu(`${name}.proj_1x1.act`)));
    const sums: string[] = [];
    for (const [i, dilation] of dilations.entries()) {
      const before = sums.at(-1);
      const sum = before === undefined ? {} : { residual: before };
      sums.push(add(conv(`${name}.spp_dw.${i}.conv`, narrow, { dilation, stride, pad: dilation, ...sum })));
    }
    const all = add({ op: "concat", name: `${name}.branches`, x: sums[0]!, others: sums.slice(1) });
    const scaled = add({
      op: "scaleShift",
      name: `${name}.br_after_cat.bn`,
      x: all,
      ...prelu(`${name}.br_after_cat.act`),
    });
    return add(conv(`${name}.conv_1x1_exp.conv`, scaled, more));
  };
  /** A map at half its size: pooled and convolved beside each other, with the picture itself, pooled to that size, added. */
  const halved = (name: string, x: string, picture: string) => {
    const small = add(conv(`${name}.inp_reinf.0.conv`, picture, prelu(`${name}.inp_reinf.0.act`)));
    const reinforced = add(conv(`${name}.inp_reinf.1.conv`, small));
    const pooled = pool(x);
    const others = [pyramid(`${name}.eesp`, x, WIDE, {}, 2)];
    const both = add({ op: "concat", name: `${name}.both`, x: pooled, others });
    return add({ op: "add", name, x: both, other: reinforced, ...prelu(`${name}.act`) });
  };
  const blocks = (name: string, x: string, dilations: readonly number[]) => {
    let y = x;
    for (let i = 0; i < count(`${name}.`); i++)
      y = pyramid(`${name}.${i}`, y, dilations, { residual: y, ...prelu(`${name}.${i}.module_act`) });
    return y;
  };
  /** The coarser map enlarged to the finer one, which is added, through a convolution. */
  const refine = (name: string, x: string, across: string, finer: string) => {
    const larger = add({ op: "resizeLike", name: `${x}.larger`, x, like: finer });
    return add(conv(name, add(conv(across, finer, { residual: larger, ...relu })), relu));
  };

  const padded = add({ op: "padTo", name: "padded", x: "image", multiple: STRIDE });
  const picture = add({ op: "normalise", name: "picture", x: padded, mean: MEAN, deviation: DEVIATION });
  const half = add(conv("encoder.level1.conv", picture, { stride: 2, pad: 1, ...prelu("encoder.level1.act") }));
  const quarterPicture = pool(pool(picture));
  const a = halved("encoder.level2_0", half, quarterPicture);
  const eighthPicture = pool(quarterPicture);
  const b = blocks("encoder.level3", halved("encoder.level3_0", a, eighthPicture), WIDE);
  const c = blocks("encoder.level4", halved("encoder.level4_0", b, pool(eighthPicture)), NARROW);
  const whole = add(conv("whole", add({ op: "mean", name: "mean", x: c })));
  const sixteenth = add(conv("across.2", c, { residual: whole, ...relu }));
  const f4 = refine("f4", refine("f8", sixteenth, "across.1", b), "across.0", a);
  const large = add({ op: "resizeLike", name: "large", x: add(conv("out", f4)), like: f4, times: SCALE });
  const cropped = add({ op: "cropLike", name: "cropped", x: large, like: "image" });
  add({ op: "softmax", name: "probabilities", x: cropped });
  return { inputs: { image: { channels: 3, scale: 1, kernel: "cubic" } }, operations };
}
