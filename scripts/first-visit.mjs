/**
 * Computes what a first visit shows before anything is run: small pictures of the first ready graph's results, under their keys, into
 * graphs/sample/first-visit.json. To be run again when that graph, its photo, its nodes or the weights change; a test says so.
 *
 *   node scripts/first-visit.mjs
 *
 * Drives a Chromium without WebGL on the page as Vite serves it, which takes about a minute.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import sharp from "sharp";
import { createServer } from "vite";
import { chromium as launchOptions, NO_WEBGL } from "./chromium.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const OUT = `${root}graphs/sample/first-visit.json`;
const MOST_BYTES = 60_000;
const [SIDE, QUALITY] = [320, 55];
/** What the graph's results depend on beside its keys. */
const WEIGHTS = ["sftgan", "segment"];
const PATIENCE = 1_200_000;

/** @typedef {{ output: string, width: number, height: number, legend?: unknown, data: string }} Kept */

const server = await createServer({ root, server: { port: 0, host: "127.0.0.1", hmr: false, watch: null }, logLevel: "error" });
await server.listen();
const browser = await chromium.launch(launchOptions(NO_WEBGL));
try {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(/** @type {{ local: string[] }} */ (server.resolvedUrls).local[0]);
  await page.waitForFunction(() => "__editor" in window);
  await page.evaluate("window.__editor.run()");
  await page.waitForTimeout(30_000); // results are kept once nothing has been run for a while
  /** @type {Record<string, { summary: string, pictures: Kept[] }>} */
  const kept = await page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open("sftgan-results");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const found = {};
      const cursor = opening.result.transaction("results").objectStore("results").openCursor();
      cursor.onsuccess = () => {
        const { result } = cursor;
        if (!result) return resolve(found);
        if (result.key !== "index") {
          const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
          const pictures = result.value.pictures.map((one) => ({ ...one, data: base64(one.data) }));
          found[result.key.split(" ").at(-1)] = { summary: result.value.summary, pictures };
        }
        result.continue();
      };
    };
  })`);
  /** @type {string[]} */
  const data = [];
  const results = {};
  for (const [key, { summary, pictures }] of Object.entries(kept)) {
    const small = [];
    for (const picture of pictures) {
      const resized = sharp(Buffer.from(picture.data, "base64")).resize(SIDE, SIDE, { fit: "inside", withoutEnlargement: true });
      const bytes = (await resized.webp({ quality: QUALITY, effort: 6 }).toBuffer()).toString("base64");
      if (!data.includes(bytes)) data.push(bytes);
      small.push({ ...picture, data: data.indexOf(bytes) });
    }
    Object.assign(results, { [key]: { summary, pictures: small } });
  }
  const weights = {};
  for (const name of WEIGHTS) {
    const bytes = await readFile(`${root}weights/${name}.safetensors`);
    Object.assign(weights, { [name]: createHash("sha256").update(bytes).digest("hex") });
  }
  const text = JSON.stringify({ weights, results, data });
  if (text.length > MOST_BYTES) throw new Error(`${text.length} bytes are more than ${MOST_BYTES}: lower SIDE or QUALITY`);
  await writeFile(OUT, `${text}\n`);
  console.log(`${OUT}: ${Object.keys(results).length} results, ${data.length} pictures, ${text.length} bytes`);
} finally {
  await browser.close();
  await server.close();
}
