/** What end-to-end tests share: the pages as a user gets them, from Vite's server, in a driven Chromium. */
import { type Browser, chromium, type Page } from "playwright";
import { createServer, type ViteDevServer } from "vite";
import { chromium as launchOptions } from "../../scripts/chromium.mjs";
import { encodePng } from "../../src/codec/png-encode";
import { random } from "../support";

export interface Stage {
  readonly url: string;
  /** A new page in a profile of its own, at 1280 × 720; what it throws is in `errors`. */
  open(path?: string): Promise<{ page: Page; errors: string[] }>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const server: ViteDevServer = await createServer({
    server: { port: 0, host: "127.0.0.1", hmr: false, watch: null },
    logLevel: "error",
  });
  await server.listen();
  const browser: Browser = await chromium.launch(launchOptions());
  const url = server.resolvedUrls!.local[0]!;
  return {
    url,
    async open(path = "") {
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true });
      const page = await context.newPage();
      page.setDefaultTimeout(120_000); // software WebGL on two busy cores
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await page.goto(url + path);
      return { page, errors };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** A small picture of noise as a PNG file. */
export async function tinyPng(width = 12, height = 10, seed = 5): Promise<Buffer> {
  const next = random(seed);
  const rgb = Uint8Array.from({ length: 3 * width * height }, () => 256 * next());
  return Buffer.from(await encodePng({ width, height, bits: 8, rgb }));
}
