/**
 * Enlarges every NAME_lr.png of a folder four times by UpscalerJS's esrgan-thick, whole, on WebAssembly: see README.md.
 *
 *   node bench/quality/upscalerjs.mjs FOLDER OUT
 */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import sharp from "sharp";

const [folder, out] = process.argv.slice(2);
if (out === undefined) throw new Error("write node bench/quality/upscalerjs.mjs FOLDER OUT");
const require = createRequire(import.meta.url);
const definition = require("@upscalerjs/esrgan-thick/4x");
const place = dirname(require.resolve("@upscalerjs/esrgan-thick/4x")).split("/dist/")[0];

setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");
definition.setup(tf);
const path = join(place, definition._internals.path);
const model = await tf.loadLayersModel({
  load: async () => {
    const { modelTopology, weightsManifest } = JSON.parse(await readFile(path, "utf8"));
    const names = weightsManifest.flatMap((group) => group.paths);
    const data = Buffer.concat(await Promise.all(names.map((name) => readFile(join(dirname(path), name)))));
    const weightData = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
    return { modelTopology, weightSpecs: weightsManifest.flatMap((group) => group.weights), weightData };
  },
});
console.log(`${model.countParams()} parameters, backend ${tf.getBackend()}`);

await mkdir(out, { recursive: true });
for (const name of (await readdir(folder)).filter((file) => file.endsWith("_lr.png"))) {
  const { data, info } = await sharp(join(folder, name))
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [low, high] = [definition.inputRange[1] / 255, 255 / definition.outputRange[1]];
  const enlarged = tf.tidy(() => {
    const picture = tf.tensor4d(Float32Array.from(data), [1, info.height, info.width, 3]).mul(low);
    return model.predict(picture).mul(high).round().clipByValue(0, 255);
  });
  const [, height, width] = enlarged.shape;
  await sharp(Uint8Array.from(await enlarged.data()), { raw: { width, height, channels: 3 } })
    .png()
    .toFile(join(out, name.replace("_lr.png", ".png")));
  enlarged.dispose();
  console.log(name);
}
