/** Draws the sample scene into graphs/sample: `node scripts/draw-scene.mjs`. Needed only after a change of scripts/scene. */
import { writeFile } from "node:fs/promises";
import { encode } from "fast-png";
import sharp from "sharp";
import { runnerImport } from "vite";

/** @template T @param {string} path @returns {Promise<T>} */
const load = async (path) => {
  const options = { root: new URL("..", import.meta.url).pathname, configFile: /** @type {const} */ (false) };
  return /** @type {{ module: T }} */ (await runnerImport(new URL(path, import.meta.url).pathname, options)).module;
};

/** @type {typeof import("./scene/files")} */
const { sceneFiles } = await load("./scene/files.ts");
const { scene, small, palette, text } = await sceneFiles();
const { width, height, rgb, labels, depth } = scene;

const colour = (data, size) =>
  sharp(data, { raw: { ...size, channels: 3 } })
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer();
const smallest = { zlib: { level: /** @type {const} */ (9) } };
const files = {
  "scene-hr.png": await colour(rgb, { width, height }),
  "scene.png": await colour(small.rgb, { width: small.width, height: small.height }),
  "scene-labels.png": encode(
    { width, height, data: labels, depth: 8, channels: 1, palette, text: { Description: text.labels } },
    smallest,
  ),
  "scene-depth.png": encode({ width, height, data: depth, depth: 16, channels: 1, text: { Description: text.depth } }, smallest),
};
for (const [name, bytes] of Object.entries(files)) {
  await writeFile(new URL(`../graphs/sample/${name}`, import.meta.url), bytes);
  console.log(`${name}  ${(bytes.length / 1024).toFixed(0)} KB`);
}
