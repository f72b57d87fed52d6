/** The editor's page as it is built and as it is served. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createServer } from "vite";
import { expect, it } from "vitest";
import { root } from "../built";

const part = (html: string, directive: string) => new RegExp(`${directive} ([^;]*);`).exec(html)?.[1];

it("The page may connect to its own server only and be styled by its own sheets only; development adds what it needs", async () => {
  const html = await readFile(join(root, "index.html"), "utf8");
  expect(part(html, "connect-src")).toBe("'self' blob: data:");
  expect(part(html, "style-src")).toBe("'self'");
  const server = await createServer({ root, server: { middlewareMode: true, hmr: false, watch: null }, logLevel: "error" });
  const served = await server.transformIndexHtml("/", html);
  expect(part(served, "connect-src")).toBe("'self' ws: blob: data:");
  expect(part(served, "style-src")).toBe("'self' 'nonce-development'");
  await server.close();
});
