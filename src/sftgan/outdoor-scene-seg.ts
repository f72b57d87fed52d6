/**
 * The official segmentation network (OutdoorSceneSeg, segmentation_OST_bic.pth): a dilated ResNet-101 with a grouped
 * transposed convolution at its end. Widths are read from the weights; names and layers are the checkpoint's.
 */
import type { Conv, Network, Operation } from "../kernels/network";
import type { Model } from "../types";

/** Mean of the training pictures, red, green, blue, of 255. */
const MEAN = [123.68 / 255, 116.779 / 255, 103.939 / 255] as const;
/** The network takes 0 to 255. */
const DEVIATION = [1 / 255, 1 / 255, 1 / 255] as const;

/** Output pixels per pixel of the coarsest map. */
const STRIDE = 8;

/** Bottlenecks by the numbers of their layers, with the dilation of their 3x3; the first of a stage may have a stride. */
const STAGES = [
  { first: 10, last: 12, stride: 1, dilation: 1 },
  { first: 13, last: 16, stride: 2, dilation: 1 },
  { first: 17, last: 39, stride: 1, dilation: 2 },
  { first: 40, last: 42, stride: 1, dilation: 4 },
] as const;

const conv = (name: string, x: string, more: Partial<Conv> = {}): Conv => ({ op: "conv", name, x, ...more });
const relu = { activation: "relu" } as const;

/**
 * What each place shows: a picture `[1, H, W, 3]`, RGB 0 to 1, already enlarged four times and of any size, to class
 * probabilities `[1, H, W, K]`. Batch norms are folded into the convolutions, as src/weights/fold.ts does.
 */
export function outdoorSceneSeg(model: Model): Network {
  const operations: Operation[] = [];
  const add = (operation: Operation) => (operations.push(operation), operation.name);
  const bottleneck = (name: string, x: string, stride: number, dilation: number) => {
    const squeezed = add(conv(`${name}.res.0`, x, relu));
    const seen = add(conv(`${name}.res.3`, squeezed, { ...relu, stride, dilation, pad: dilation }));
    const projected = `${name}.proj.0.weight` in model.weights.tensors;
    const skip = projected ? add(conv(`${name}.proj.0`, x, { stride })) : x;
    return add(conv(`${name}.res.6`, seen, { residual: skip, ...relu }));
  };

  let x = add({ op: "padTo", name: "padded", x: "image", multiple: STRIDE });
  x = add({ op: "normalise", name: "picture", x, mean: MEAN, deviation: DEVIATION, bgr: true });
  x = add(conv("feature.0", x, { ...relu, stride: 2, pad: 1 }));
  x = add(conv("feature.3", x, relu));
  x = add(conv("feature.6", x, relu));
  x = add({ op: "maxPool", name: "feature.9", x });
  for (const { first, last, stride, dilation } of STAGES)
    for (let i = first; i <= last; i++) x = bottleneck(`feature.${i}`, x, i === first ? stride : 1, dilation);
  x = add(conv("feature.43", x, relu));
  x = add(conv("feature.47", x));
  x = add({ op: "upConv", name: "deconv", x, stride: STRIDE });
  x = add({ op: "cropLike", name: "cropped", x, like: "image" });
  add({ op: "softmax", name: "probabilities", x });
  return { inputs: { image: { channels: 3, scale: 1, kernel: "cubic" } }, operations };
}
