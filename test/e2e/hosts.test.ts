/**
 * The editor as a development server gives it, and where browsers give a page less: over plain http from another machine, and
 * without a storage that works.
 */
import type { Page } from "playwright";
import { createServer } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { openStage, type Stage, tinyPng } from "./browser";

declare const window: { __editor?: EditorHandle };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 240_000);
afterAll(() => stage?.close());

/** Chooses a picture by pasting it, and returns the Load LR nodes' files once it is taken in. */
async function paste(page: Page): Promise<unknown> {
  const base64 = (await tinyPng()).toString("base64");
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, base64);
  const file = () => window.__editor!.document.stored().nodes.find(({ type }) => type === "sftgan/load-lr")?.properties?.file;
  await expect
    .poll(() => page.evaluate(file))
    .toMatchObject({ name: "pasted.png", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  return page.evaluate(file);
}

const toasts = (page: Page) => page.locator(".toast p").allTextContents();

it("Over plain http the editor opens and takes in a picture under the same hash as on a secure page", async () => {
  const [plain, secure] = [await stage.open("", { url: stage.plainUrl }), await stage.open()];
  const files = [];
  for (const { page, errors } of [plain, secure]) {
    await page.waitForFunction(() => window.__editor);
    files.push(await paste(page));
    expect(errors).toEqual([]);
  }
  expect(await plain.page.evaluate(() => [isSecureContext, typeof crypto.subtle])).toEqual([false, "undefined"]);
  expect(files[0]).toEqual(files[1]);
  for (const { page } of [plain, secure]) await page.context().close();
});

it("With a storage that never answers the editor opens with a graph, says so once, and takes in a picture", async () => {
  const { page, errors } = await stage.open("", {
    before: () => Object.assign(IDBFactory.prototype, { open: () => new EventTarget() }),
  });
  await page.waitForFunction(() => window.__editor);
  expect(await page.evaluate(() => window.__editor!.document.stored().nodes.length)).toBeGreaterThan(3);
  await paste(page);
  expect((await toasts(page)).filter((text) => text.includes("storage does not answer"))).toHaveLength(1);
  expect(errors).toEqual([]);
  await page.context().close();
});

it("From npm start's server the editor opens, within its content policy", async () => {
  const server = await createServer({ server: { port: 0, host: "127.0.0.1", hmr: false, watch: null }, logLevel: "error" });
  await server.listen();
  const { page, errors } = await stage.open("", { url: server.resolvedUrls!.local[0]! });
  await page.waitForFunction(() => window.__editor);
  await paste(page);
  expect(errors).toEqual([]);
  await page.context().close();
  await server.close();
});
