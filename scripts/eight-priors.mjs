/**
 * Draws docs/eight-priors.png: one patch of a picture, enlarged under each of the eight classes everywhere, by the command line
 * with the weights that ship. Under each cell stands how far it is from the first: the mean of |a − b| over its samples, of 255.
 *
 *   node scripts/eight-priors.mjs [--picture FILE] [--left N --top N --size N] [--out FILE]
 *
 * The patch is given in low-resolution pixels. Needs a sans-serif font.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import sharp from "sharp";

const CLASSES = ["background", "sky", "water", "grass", "mountain", "building", "plant", "animal"];
const SCALE = 4;
/** How far the network sees, in low-resolution pixels: the patch is cut out with as much around it. */
const REACH = 36;
/** Cells in a row, how many times each pixel is drawn, space between cells, and that for the words below one. */
const [COLUMNS, ZOOM, GAP, WORDS] = [4, 2, 8, 42];
const MOST_BYTES = 250 * 1024;

const root = fileURLToPath(new URL("..", import.meta.url));
const text = (/** @type {string} */ value) => ({ type: /** @type {const} */ ("string"), default: value });
const { values } = parseArgs({
  options: {
    picture: text(join(root, "graphs/sample/scene.png")),
    left: text("108"),
    top: text("26"),
    size: text("22"),
    out: text(join(root, "docs/eight-priors.png")),
  },
});
const { picture, out } = values;
const [left, top, size] = [Number(values.left), Number(values.top), Number(values.size)];
const side = SCALE * size;
/** @param {readonly string[]} words */
const run = (...words) => promisify(execFile)(process.execPath, words);

/**
 * Writes the patch with what the network sees around it, as far as the picture goes; where the patch is in the result.
 * @param {string} file
 */
async function cutOut(file) {
  const { width, height } = await sharp(picture).metadata();
  if (!(left >= 0 && top >= 0 && size >= 1 && left + size <= width && top + size <= height))
    throw new Error(`a patch of ${size} at ${left}, ${top} is not in ${picture} of ${width} × ${height}: move it`);
  const [x, y] = [Math.max(0, left - REACH), Math.max(0, top - REACH)];
  const [right, bottom] = [Math.min(width, left + size + REACH), Math.min(height, top + size + REACH)];
  const region = { left: x, top: y, width: right - x, height: bottom - y };
  await sharp(picture).extract(region).removeAlpha().png().toFile(file);
  return { left: SCALE * (left - x), top: SCALE * (top - y), width: side, height: side };
}

/**
 * Samples of the patch under one class everywhere: node 9 of the ready graph is the Upsample under Constant Prior.
 * @param {string} name @param {string} lr @param {sharp.Region} region @param {string} folder
 */
async function patchUnder(name, lr, region, folder) {
  const file = join(folder, `${name}.png`);
  const settings = [`Load LR.file=${lr}`, `Constant Prior.class=${name}`].flatMap((setting) => ["--set", setting]);
  const graph = join(root, "graphs/two-priors.json");
  await run(join(root, "dist/headless/cli.js"), "run", graph, ...settings, "--out", `9=${file}`);
  return sharp(file).extract(region).removeAlpha().raw().toBuffer();
}

/** @param {readonly Buffer[]} patches The samples of each class. */
async function sheet(patches) {
  const cell = ZOOM * side;
  const place = (/** @type {number} */ i) => ({
    left: (i % COLUMNS) * (cell + GAP),
    top: Math.floor(i / COLUMNS) * (cell + WORDS),
  });
  const cells = await Promise.all(
    patches.map(async (patch, i) => {
      const raw = { width: side, height: side, channels: /** @type {const} */ (3) };
      const input = await sharp(patch, { raw }).resize(cell, cell, { kernel: "nearest" }).png().toBuffer();
      return { input, ...place(i) };
    }),
  );
  const first = patches[0];
  const words = patches.map((patch, i) => {
    const change = patch.reduce((sum, sample, at) => sum + Math.abs(sample - first[at]), 0) / patch.length;
    const { left, top } = place(i);
    const said = i === 0 ? "" : `<tspan fill="#777" font-size="13">  ±${change.toFixed(1)}</tspan>`;
    return `<text x="${left + 2}" y="${top + cell + 22}" font-size="17" fill="#333">${CLASSES[i]}${said}</text>`;
  });
  const width = COLUMNS * (cell + GAP) - GAP;
  const height = Math.ceil(patches.length / COLUMNS) * (cell + WORDS) - WORDS + 32;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" xml:space="preserve">${words.join("")}</svg>`;
  return sharp({ create: { width, height, channels: 3, background: "white" } })
    .composite([...cells, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png({ compressionLevel: 9 })
    .toBuffer();
}

await run(join(root, "scripts/build.mjs"));
const folder = await mkdtemp(join(tmpdir(), "eight-priors-"));
try {
  const lr = join(folder, "lr.png");
  const region = await cutOut(lr);
  const patches = [];
  for (const name of CLASSES) patches.push(await patchUnder(name, lr, region, folder));
  const bytes = await sheet(patches);
  if (bytes.length > MOST_BYTES)
    throw new Error(`the sheet has ${bytes.length} bytes, above ${MOST_BYTES}: give a smaller --size than ${size}`);
  await writeFile(out, bytes);
  console.log(`${out}  ${(bytes.length / 1024).toFixed(0)} kB`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
