/** The page as it is built, from memory: a development server takes more than twice the time for a page, five times for the first. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { build, type Rollup } from "vite";
import { root } from "../built";
import { TYPES } from "../package/pages";

/** By path. */
type Site = ReadonlyMap<string, string | Uint8Array>;

let site: Promise<Site> | undefined;

/** Built once for all tests of a process, whose NODE_ENV has it without a service worker; beside the page is test/plugin's. */
async function buildSite(): Promise<Site> {
  const input = ["index.html", "test/plugin/index.html"].map((path) => join(root, path));
  const built = await build({ root, logLevel: "error", build: { write: false, rollupOptions: { input } } });
  const [{ output }] = [built].flat() as Rollup.RollupOutput[] as [Rollup.RollupOutput];
  return new Map(output.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]));
}

/** Serves it; what lies in public/ too. */
export async function serveSite(): Promise<{ readonly url: string; close(): void }> {
  site ??= buildSite();
  const files = await site;
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://here").pathname).slice(1) || "index.html";
    const content = files.get(path) ?? (await readFile(join(root, "public", path)).catch(() => undefined));
    response.writeHead(content === undefined ? 404 : 200, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
    });
    response.end(content);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
