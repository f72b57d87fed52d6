/** What end-to-end tests share: the pages as a user gets them, built, in a driven Chromium. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright";
import { chromium as launchOptions, NO_WEBGL } from "../../scripts/chromium.mjs";
import { encodePng } from "../../src/codec/png-encode";
import { random } from "../support";
import { serveSite } from "./site";

export interface Stage {
  readonly url: string;
  /** The same pages from another machine over plain http, which no browser holds for secure. */
  readonly plainUrl: string;
  /**
   * A new page in a profile of its own, at 1280 × 720 unless `screen` says otherwise; what it throws is in `errors`. `before` runs
   * ahead of its scripts.
   */
  open(
    path?: string,
    options?: { url?: string; before?: () => void; screen?: BrowserContextOptions },
  ): Promise<{ page: Page; errors: string[] }>;
  close(): Promise<void>;
}

const ELSEWHERE = "elsewhere.test";

/** What may be waited for on a page, in milliseconds, so that what never comes is named by the step that waits for it. */
const PATIENCE = { wasm: 30_000, webgl: 120_000 } as const;

/**
 * What the page computes with: WebAssembly, unless a test asks for WebGL, which software takes three times as long for. All tests
 * do in `npm run test:long`. `more` are arguments of Chromium's.
 */
export async function openStage(
  backend: keyof typeof PATIENCE = process.env.TEST_WEBGL ? "webgl" : "wasm",
  more: readonly string[] = [],
): Promise<Stage> {
  const { url, close } = await serveSite();
  const { args, ...options } = launchOptions(backend === "wasm" ? NO_WEBGL : undefined, more);
  const browser: Browser = await chromium.launch({
    ...options,
    args: [...args, `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`],
  });
  return {
    url,
    plainUrl: url.replace("127.0.0.1", ELSEWHERE),
    async open(path = "", { url: from = url, before, screen } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true, ...screen });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE[backend]);
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      if (before) await page.addInitScript(before);
      await page.goto(from + path);
      return { page, errors };
    },
    async close() {
      await browser.close();
      close();
    },
  };
}

/** A small picture of noise as a PNG file. */
export async function tinyPng(width = 12, height = 10, seed = 5): Promise<Buffer> {
  const next = random(seed);
  const rgb = Uint8Array.from({ length: 3 * width * height }, () => 256 * next());
  return Buffer.from(await encodePng({ width, height, bits: 8, rgb }));
}
