/**
 * Draws README's pictures of the page anew, with the weights that ship: editor, painter, contact-sheet, depth-bins and takes under
 * docs/. eight-priors.png is drawn by scripts/eight-priors.mjs.
 *
 *   node scripts/readme-pictures.mjs [--only editor,takes] [--backend webgl|wasm]
 *
 * Drives a Chromium on the page as Vite serves it. Without a GPU `--backend wasm` is several times as fast as software WebGL.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import sharp from "sharp";
import { createServer } from "vite";
import { chromium as launchOptions, NO_WEBGL } from "./chromium.mjs";

/** @typedef {import("playwright").Page} Page */

const root = fileURLToPath(new URL("..", import.meta.url));
const PATIENCE = 1_200_000;
const { values } = parseArgs({
  options: { only: { type: "string" }, backend: { type: "string", default: "webgl" } },
});

/** @param {Page} page @param {string} name */
const button = (page, name) => page.getByRole("button", { name, exact: true });

/** Waits until nothing computes and nothing new begins to. @param {Page} page */
async function idle(page) {
  for (let quiet = 0; quiet < 10; ) {
    await page.waitForTimeout(200);
    quiet = (await page.evaluate("window.__editor.busy")) ? 0 : quiet + 1;
  }
}

/**
 * A ready graph in the place of the one on the page, with what `change` makes of it.
 * @param {Page} page @param {string} name @param {(graph: any) => void} [change]
 */
async function open(page, name, change) {
  const graph = JSON.parse(await readFile(`${root}graphs/${name}.json`, "utf8"));
  change?.(graph);
  const json = JSON.stringify(graph);
  await page.evaluate(`window.__editor.document.replace(${json}, "open", { fit: true })`);
}

/** @param {Page} page @param {string} type */
const select = (page, type) =>
  page.evaluate(`{
    const { graph, canvas } = window.__editor;
    canvas.selectNode(graph.findNodesByType("sftgan/${type}")[0]);
  }`);

/** `draw` gives what of the page the picture shows; nothing: all of it.
 * @type {Record<string, { width: number, height: number, draw: (page: Page) => Promise<import("playwright").Locator | void> }>} */
const PICTURES = {
  editor: {
    width: 1440,
    height: 900,
    async draw(page) {
      await open(page, "sft-gan");
      await button(page, "Run").click();
      await idle(page);
      await select(page, "compare");
      await page.waitForTimeout(1000);
    },
  },
  painter: {
    width: 1280,
    height: 720,
    async draw(page) {
      await open(page, "paint-prior");
      await button(page, "Run").click();
      await idle(page);
      await page.evaluate(`window.__editor.paint(3)`);
      await page.getByRole("toolbar", { name: "Paint" }).waitFor();
      await idle(page);
      const box = await page.locator("canvas.viewer-canvas").boundingBox();
      const at = (/** @type {number} */ x, /** @type {number} */ y) =>
        page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 9 });
      await page.keyboard.press("4"); // mountain
      await at(0.41, 0.24);
      await page.mouse.down();
      for (const [x, y] of [
        [0.45, 0.14],
        [0.49, 0.26],
        [0.57, 0.25],
      ])
        await at(x, y);
      await page.mouse.up();
      await idle(page);
    },
  },
  "contact-sheet": {
    width: 1280,
    height: 731,
    async draw(page) {
      await open(page, "contact-sheet");
      await select(page, "contact-sheet");
      await page.evaluate(`window.__editor.sheet(4)`);
      await button(page, "Compute").click();
      await idle(page);
      await page.waitForTimeout(1000);
    },
  },
  "depth-bins": {
    width: 1280,
    height: 720,
    async draw(page) {
      await open(page, "depth-prior", (graph) => {
        graph.nodes = graph.nodes.filter((/** @type {any} */ { id }) => id <= 4);
        graph.links = graph.links.filter((/** @type {any} */ [, from, , to]) => from <= 4 && to <= 4);
        graph.groups = [];
        Object.assign(graph.nodes[2].properties, { as: "classes", edges: "0.1, 0.25, 0.4, 0.9" });
      });
      await button(page, "Run").click();
      await idle(page);
      await page.keyboard.press("Control+k");
      await page.keyboard.type("Arrange all");
      await page.keyboard.press("Enter");
      await select(page, "depth-to-prior");
      await page.waitForTimeout(1000);
      await page.keyboard.press("f");
      return page.locator("canvas.graph-canvas");
    },
  },
  takes: {
    width: 1280,
    height: 800,
    async draw(page) {
      const part = sharp(`${root}graphs/sample/scene.png`).extract({ left: 70, top: 50, width: 64, height: 48 });
      const data = (await part.png().toBuffer()).toString("base64");
      await open(page, "two-priors", (graph) => {
        graph.nodes[0].properties.file = { name: "scene.png", data };
      });
      for (const name of ["sky", "water"]) {
        await page.evaluate(`{
          const { graph, document, canvas } = window.__editor;
          const node = graph.findNodesByType("sftgan/constant-prior")[0];
          document.edit("change class", () => node.setProperty("class", ${JSON.stringify(name)}));
          canvas.selectNode(node);
        }`);
        await page.locator("canvas.graph-canvas").focus();
        if (name === "sky") await page.keyboard.press("t");
        await button(page, "Keep this").click();
      }
      const both = () => document.querySelectorAll('.take[data-state="done"]').length === 2;
      await page.waitForFunction(both, undefined, { timeout: PATIENCE });
      for (const [name, side] of [
        ["sky", "A"],
        ["water", "B"],
      ])
        await page.locator(`.take[aria-label^="${name},"]`).getByRole("button", { name: side, exact: true }).click();
      await page.getByText("sky | water").waitFor();
      await page.waitForTimeout(1000);
    },
  },
};

const server = await createServer({ root, server: { port: 0, host: "127.0.0.1", hmr: false, watch: null }, logLevel: "error" });
await server.listen();
const browser = await chromium.launch(values.backend === "wasm" ? launchOptions(NO_WEBGL) : launchOptions());
try {
  for (const name of values.only?.split(",") ?? Object.keys(PICTURES)) {
    const picture = PICTURES[name];
    if (!picture) throw new Error(`there is no picture ${name}: name some of ${Object.keys(PICTURES).join(", ")}`);
    const { width, height, draw } = picture;
    const page = await (await browser.newContext({ viewport: { width, height }, colorScheme: "dark" })).newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(server.resolvedUrls?.local[0] ?? "");
    await page.waitForFunction(() => "__editor" in window);
    const shown = (await draw(page)) ?? page;
    const bytes = await sharp(await shown.screenshot())
      .png({ palette: true, compressionLevel: 9 })
      .toBuffer();
    await writeFile(`${root}docs/${name}.png`, bytes);
    console.log(`docs/${name}.png  ${(bytes.length / 1024).toFixed(0)} kB`);
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
