/**
 * Draws the pictures on the cards of ready graphs anew, from the sample that ships: graphs/cards/NAME.webp.
 *
 *   node scripts/graph-cards.mjs [NAME…]
 *
 * Each shows what its graph is about: what a node gives, or what goes into a Compare, one half beside the other.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import sharp from "sharp";

const root = fileURLToPath(new URL("..", import.meta.url));
const [WIDTH, HEIGHT] = [264, 160];
const QUALITY = 62;
/** The share of the result that a card shows, around its middle: small textures would not be seen in all of it. */
const SHARE = 0.6;

/** Nodes that say more than the picture that is saved, by graph: one, shown whole. */
const SHOWN = {
  "contact-sheet": "Contact Sheet",
  "depth-prior": "View Prior",
  influence: "Difference",
  inside: "Features half-way",
};

/** @param {string} name @param {readonly string[]} nodes @param {string} folder */
async function compute(name, nodes, folder) {
  const files = nodes.map((_, i) => join(folder, `${name}-${i}.png`));
  const outs = nodes.flatMap((node, i) => ["--out", node === "Save" ? `${files[i]}` : `${node}=${files[i]}`]);
  await promisify(execFile)("npx", ["--no-install", "sftgan", "run", `graphs/${name}.json`, ...outs], { cwd: root });
  return files;
}

/** The middle of a picture, or all of it, as large as a card. @param {string} file @param {number} share */
async function cut(file, share) {
  const { width = 1, height = 1 } = await sharp(file).metadata();
  const wide = Math.min(width, (height * WIDTH) / HEIGHT) * share;
  const [w, h] = [Math.floor(wide), Math.floor((wide * HEIGHT) / WIDTH)];
  const part = { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
  return sharp(file).extract(part).resize(WIDTH, HEIGHT).removeAlpha().png().toBuffer();
}

/** What feeds the two sides of a graph's Compare. @param {{ nodes: any[], links: number[][] }} graph */
function sidesOf({ nodes, links }) {
  const compare = nodes.find(({ type }) => type === "sftgan/compare");
  const feeds = links.filter(([, , , to]) => to === compare?.id).sort((a, b) => Number(a[4]) - Number(b[4]));
  return feeds.length === 2 ? feeds.map(([, from]) => String(from)) : undefined;
}

const all = (await readdir(join(root, "graphs"))).filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -5));
const names = process.argv.length > 2 ? process.argv.slice(2) : all;
const folder = await mkdtemp(join(tmpdir(), "graph-cards-"));
await mkdir(join(root, "graphs/cards"), { recursive: true });
try {
  for (const name of names) {
    const graph = JSON.parse(await readFile(join(root, "graphs", `${name}.json`), "utf8"));
    const shown = /** @type {Record<string, string>} */ (SHOWN)[name];
    const sides = shown ? [shown] : (sidesOf(graph) ?? ["Save"]);
    const cuts = await Promise.all((await compute(name, sides, folder)).map((file) => cut(file, shown ? 1 : SHARE)));
    const half = { left: WIDTH / 2, top: 0, width: WIDTH / 2, height: HEIGHT };
    const over = cuts[1]
      ? [
          { input: await sharp(cuts[1]).extract(half).toBuffer(), left: WIDTH / 2, top: 0 },
          {
            input: { create: { width: 2, height: HEIGHT, channels: /** @type {3} */ (3), background: "#ffffff" } },
            left: WIDTH / 2 - 1,
            top: 0,
          },
        ]
      : [];
    const { size } = await sharp(cuts[0])
      .composite(over)
      .webp({ quality: QUALITY })
      .toFile(join(root, "graphs/cards", `${name}.webp`));
    console.log(`graphs/cards/${name}.webp ${size} bytes`);
  }
} finally {
  await rm(folder, { recursive: true });
}
