/**
 * The package's own segmentation network (1.5 M parameters, batch norms folded): EfficientNet-Lite0 (Tan and Le, ICML 2019) down
 * to 1/32 of the picture, the whole picture's mean, and a light decoder up to 1/4. The mean makes every output depend on every
 * pixel, so it runs on the whole picture at a bounded size and never in tiles. In PyTorch: training/lite0.py.
 */
import type { Conv, Network, Operation } from "../kernels/network";
import { type Model, SCALE } from "../types";
import { SEGMENTER_BLOCKS, SEGMENTER_TAPS } from "../weights/layouts";

/** Sides are padded to a multiple of this: the size of the coarsest map's pixel. */
const STRIDE = 32;
/** Of ImageNet, which the encoder was pretrained on. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

const conv = (name: string, x: string, more: Partial<Conv> = {}): Conv => ({ op: "conv", name, x, ...more });
const relu = { activation: "relu" } as const;
const relu6 = { activation: "relu6" } as const;

/**
 * What each place shows: a picture `[1, H, W, 3]`, RGB 0 to 1, already enlarged four times and of any size, to class
 * probabilities `[1, H, W, K]`.
 */
export function segmenter(model: Model): Network {
  const { tensors } = model.weights;
  const operations: Operation[] = [];
  const add = (operation: Operation) => (operations.push(operation), operation.name);

  /** MBConv: wider by a 1×1 convolution, a depth-wise one, and narrow again; added to what came in where the shapes are equal. */
  const block = (i: number, x: string) => {
    const name = `encoder._blocks.${i}`;
    const { wider, stride } = SEGMENTER_BLOCKS[i]!;
    const inside = wider === 1 ? x : add(conv(`${name}._expand_conv`, x, relu6));
    const seen = add(conv(`${name}._depthwise_conv`, inside, { stride, pad: "same", ...relu6 }));
    const width = (of: number) => tensors[`encoder._blocks.${of}._project_conv.weight`]!.shape[0];
    const same = i > 0 && stride === 1 && width(i) === width(i - 1);
    return add(conv(`${name}._project_conv`, seen, same ? { residual: x } : {}));
  };
  /** The coarser map enlarged to the finer one, which is added, through a convolution. */
  const refine = (name: string, x: string, across: string, finer: string) => {
    const larger = add({ op: "resizeLike", name: `${x}.larger`, x, like: finer });
    return add(conv(name, add(conv(across, finer, { residual: larger, ...relu })), relu));
  };

  const padded = add({ op: "padTo", name: "padded", x: "image", multiple: STRIDE });
  const picture = add({ op: "normalise", name: "picture", x: padded, mean: MEAN, deviation: DEVIATION });
  const maps = [add(conv("encoder._conv_stem", picture, { stride: 2, pad: "same", ...relu6 }))];
  for (const i of SEGMENTER_BLOCKS.keys()) maps.push(block(i, maps[i]!));
  const [quarter, eighth, sixteenth, last] = SEGMENTER_TAPS.map((i) => maps[i + 1]!) as [string, string, string, string];
  const whole = add(conv("whole", add({ op: "mean", name: "mean", x: last })));
  const coarse = add(conv("across.3", last, { residual: whole, ...relu }));
  const f8 = refine("f8", refine("f16", coarse, "across.2", sixteenth), "across.1", eighth);
  const f4 = refine("f4", f8, "across.0", quarter);
  const large = add({ op: "resizeLike", name: "large", x: add(conv("out", f4)), like: f4, times: SCALE });
  const cropped = add({ op: "cropLike", name: "cropped", x: large, like: "image" });
  add({ op: "softmax", name: "probabilities", x: cropped });
  return { inputs: { image: { channels: 3, scale: 1 } }, operations };
}
