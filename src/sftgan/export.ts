/** A model as an ONNX file for other programs: the whole network, float32, any height and width. */
import { writeOnnx } from "../kernels/onnx/write";
import { type Model, SCALE } from "../types";
import { describeModel } from "../weights/describe";
import { generator } from "./generator";
import { channelsOf } from "./guard";
import { isGenerator } from "./roles";
import { segmentationNet } from "./segment";

/**
 * The bytes of an .onnx file. A generator takes `image` `[1, 3, h, w]`, RGB 0 to 1, and, with SFT layers, `prior`
 * `[1, K, 4h, 4w]`, and gives `picture` `[1, 3, 4h, 4w]`, not clipped. A segmentation network takes `image` `[1, 3, H, W]`, RGB
 * 0 to 1, already enlarged four times bicubically, does all further preparation itself, and gives `prior` `[1, K, H, W]`.
 */
export function onnxOf(model: Model): Uint8Array {
  const enlarges = isGenerator(model);
  const prior = model.classes > 0 ? channelsOf(model) : undefined;
  const metadata = {
    ...model.metadata,
    file: model.name,
    sha256: model.hash,
    architecture: model.architecture,
    ...(enlarges && { scale: String(SCALE) }),
    ...(prior && { classes: prior.join(",") }),
  };
  const description = describeModel(model);
  return enlarges
    ? writeOnnx(model, generator(model), { output: "picture", description, metadata })
    : writeOnnx(model, segmentationNet(model), { output: "prior", description, metadata });
}
