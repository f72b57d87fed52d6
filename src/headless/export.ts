/** `sftgan export`: weights as an ONNX file. */
import { extname } from "node:path";
import { isOnnxOf } from "../kernels/onnx/proto";
import { PRODUCER } from "../kernels/onnx/write";
import { isShipped, WEIGHT_NAMES } from "../samples";
import { onnxOf } from "../sftgan/export";
import { loadModel } from "../weights/model";
import { asset } from "./assets";
import { EXIT, UsageError } from "./failure";
import { readBytes } from "./files";
import { isModelName, readModelOption } from "./model-option";
import { Guard, Inputs } from "./replace";
import { print, printable } from "./terminal";
import { type Command, helpText, type Options, only, parse } from "./usage";
import { tryWriting, writeWhole } from "./write";

const OPTIONS = {
  model: {
    value: "NAME|FILE",
    help: `the weights: ${WEIGHT_NAMES.join(", ")}, or a .pth or .safetensors file; sftgan where nothing is given`,
  },
  overwrite: { help: "replaces a file that this program did not make, too" },
} as const satisfies Options;

const ABOUT = `Writes a network as an ONNX model (opset 17, float32, any height and width), for other programs. A generator takes "image" [1, 3, h, w], RGB 0 to 1, and "prior" [1, K, 4h, 4w], and gives "picture" [1, 3, 4h, 4w], not clipped; a segmentation network takes "image", the picture enlarged four times, and gives "prior".`;

export const exportOnnx: Command = {
  help: helpText("sftgan export [OPTION]... OUT.onnx", ABOUT, OPTIONS),

  async run(args, signal) {
    const { values, positionals } = parse("export", args, OPTIONS);
    const out = only("export", positionals, "one file to write");
    if (extname(out).toLowerCase() !== ".onnx") throw new UsageError(`OUT "${out}" must end in .onnx`);
    const name = values.model ?? "sftgan";
    const guard = new Guard(new Inputs(() => (isModelName(name) ? [] : [name])), values.overwrite ?? false);
    const mayReplace = () => guard.check(out, (bytes) => isOnnxOf(bytes, PRODUCER));
    await mayReplace();
    await tryWriting(out);
    const weights = await readModelOption(name, async (file) => ({
      name: file,
      bytes: await (isShipped(file) ? asset(file) : readBytes(file)),
    }));
    const file = onnxOf(await loadModel(weights.bytes, weights.name));
    signal.throwIfAborted();
    await writeWhole(out, file, mayReplace);
    print(printable(`${out}  ${(file.length / 1e6).toFixed(1)} MB`));
    return EXIT.done;
  },
};
