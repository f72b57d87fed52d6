/** A folder as a plain web server gives it, and its pages in a driven Chromium. */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { chromium as engine } from "playwright";
import { chromium } from "../../scripts/chromium.mjs";

/** A folder whose pages are served with a strict Content-Security-Policy. */
export const STRICT = "strict";
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; object-src 'none'";

/**
 * The beginning of a page's script: a graph attached with these options, in which a sample made small (`lr`) has yet to
 * reach `up`, where it is enlarged to be measured by `metrics`; `add` makes another node in it, `notice` is what it was told.
 */
export const attachedGraph = (options: string): string => `
const graph = new LiteGraph.LGraph();
const attachment = attach(graph, { auto: false, ...${options} });
let notice;
attachment.addEventListener("notice", ({ detail }) => (notice = detail.message));
const add = (type, properties = {}) => {
  const node = LiteGraph.createNode(type);
  graph.add(node);
  for (const [name, value] of Object.entries(properties)) node.setProperty(name, value);
  return node;
};
const hr = add("sftgan/load-lr", { file: { name: "sample:scene.png" } });
const lr = add("sftgan/degrade");
const up = add("sftgan/bicubic-upscale");
const metrics = add("sftgan/metrics");
hr.connect(0, lr, 0);
up.connect(0, metrics, 0);
hr.connect(0, metrics, 1);
`;

export interface Result {
  readonly errors: Readonly<Record<string, string>>;
  readonly values: { readonly psnr: number; readonly ssim: number };
  readonly notice?: string;
}

export interface Pages {
  readonly address: string;
  /** What a page puts into `window.result` as JSON. Rejects with what the page throws where it puts nothing there in a minute. */
  resultOf(path: string): Promise<Result>;
  close(): Promise<void>;
}

export const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Serves the folder, to other origins too. */
export async function serveFolder(folder: string): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, "http://here");
    const bytes = await readFile(join(folder, decodeURIComponent(pathname))).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404, {
      "content-type": TYPES[extname(pathname)] ?? "application/octet-stream",
      "access-control-allow-origin": "*",
      ...(pathname.startsWith(`/${STRICT}/`) && { "content-security-policy": POLICY }),
    });
    response.end(bytes);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export async function openPages(folder: string): Promise<Pages> {
  const browser = await engine.launch(chromium());
  const { server, address } = await serveFolder(folder);
  return {
    address,
    async resultOf(path) {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on("pageerror", (error) => said.push(error.message));
      page.on("console", (message) => void (message.type() === "error" && said.push(message.text())));
      try {
        await page.goto(path.startsWith("http") ? path : `${address}/${path}`);
        const ended = page.waitForFunction(() => (window as { result?: string }).result, undefined, { timeout: 60_000 });
        return JSON.parse((await (await ended).jsonValue())!);
      } catch (error) {
        throw new Error([(error as Error).message, ...said].join("\n"));
      } finally {
        await page.close();
      }
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
