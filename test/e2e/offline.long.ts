/** The built page from a plain folder below any path: kept by its service worker, opened without a server, a new version offered. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chromium as launchOptions } from "../../scripts/chromium.mjs";
import type { AppHandle } from "../../src/editor/app/page";
import type { EditorHandle } from "../../src/editor/handle";
import { root } from "../built";
import { serveFolder } from "../package/pages";

declare const window: { __editor?: EditorHandle; __app?: AppHandle };

let folder: string;
let site: string;
let browser: Browser;
let served: Awaited<ReturnType<typeof serveFolder>>;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-offline-"));
  site = join(folder, "any/where");
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const args = [vite, "build", "--outDir", site, "--emptyOutDir", "--logLevel", "error"];
  // Under the NODE_ENV of tests Vite builds a page that takes itself for one of development, which registers no service worker.
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: "production" } });
  served = await serveFolder(folder);
  browser = await chromium.launch(launchOptions());
  page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${served.address}/any/where/index.html`);
}, 240_000);

afterAll(async () => {
  await browser?.close();
  stopServer();
  await rm(folder, { recursive: true });
});

function stopServer(): number {
  const { port } = (served.server.address() ?? { port: 0 }) as AddressInfo;
  served.server.close();
  served.server.closeAllConnections();
  return port;
}
const startServer = (port: number) => new Promise<void>((resolve) => served.server.listen(port, "127.0.0.1", resolve));

it("opens and reads weights without a server once it was there, as editor and as app, whatever its address asks for", async () => {
  await page.waitForFunction(() => window.__editor);
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.active);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active!.postMessage("keep all"));
  const later = () => page.evaluate(async () => (await (await caches.open("sftgan-later")).keys()).length);
  await expect.poll(later, { timeout: 60_000 }).toBeGreaterThan(8);
  const port = stopServer();
  await page.goto(`${served.address}/any/where/?query`);
  await page.waitForFunction(() => window.__editor);
  expect(await page.evaluate(() => window.__editor!.document.stored().nodes.length)).toBeGreaterThan(5);
  const model = await page.evaluate(async () => {
    const { engine } = window.__editor!;
    return (await engine.exportOnnx({ name: "weights:lite.safetensors" })).length;
  });
  expect(model).toBeGreaterThan(100_000);
  await page.goto(`${served.address}/any/where/?app=graphs/paint-prior.json`);
  await page.waitForFunction(() => window.__app);
  expect(await page.locator("legend").allTextContents()).toEqual(["Paint Prior"]);
  await startServer(port);
}, 180_000);

it("offers a new version, and takes it when a person says so, the graph as it was", async () => {
  await page.goto(`${served.address}/any/where/index.html`);
  await page.waitForFunction(() => window.__editor);
  await page.evaluate(() => {
    window.__editor!.document.title = "Mine";
  });
  const script = await readFile(join(site, "sw.js"), "utf8");
  await writeFile(join(site, "sw.js"), script.replace(/"version":"\w+"/, '"version":"next"'));
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Load it" }).click();
  await loaded;
  await page.waitForFunction(() => window.__editor);
  expect(await page.evaluate(() => window.__editor!.document.title)).toBe("Mine");
  expect(await page.evaluate(() => caches.keys())).toContain("sftgan-page-next");
}, 120_000);
