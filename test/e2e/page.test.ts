/** The editor's page as it is built and as it is served. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createServer } from "vite";
import { expect, it } from "vitest";
import { root } from "../built";

const connections = (html: string) => /connect-src ([^;]*);/.exec(html)?.[1];

it("The page may connect to its own server only; a WebSocket it may open where the development server needs one", async () => {
  const html = await readFile(join(root, "index.html"), "utf8");
  expect(connections(html)).toBe("'self' blob: data:");
  const server = await createServer({ root, server: { middlewareMode: true, hmr: false, watch: null }, logLevel: "error" });
  expect(connections(await server.transformIndexHtml("/", html))).toBe("'self' ws: blob: data:");
  await server.close();
});
