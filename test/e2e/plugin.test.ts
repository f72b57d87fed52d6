/** Our nodes in somebody else's litegraph page, between nodes of that page's own. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "./browser";

let stage: Stage;
let page: Page;
let errors: string[];

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open("test/plugin/index.html"));
  await page.waitForFunction(() => "__page" in window);
}, 120_000);
afterAll(() => stage?.close());

type Handle = {
  load(graph: unknown, json: unknown): void;
  graph: { _nodes: { type: string }[] };
  nodes: { screen: { picture?: HTMLCanvasElement }; constant: { properties: { value: number } } };
  attachment: { listen(f: (event: unknown) => void): void };
};
declare const window: { __page: Handle; __events?: { kind: string; message?: string }[] };

/** The picture that the page's own node holds, as numbers. */
const picture = () =>
  page.evaluate(() => {
    const canvas = window.__page.nodes.screen.picture;
    if (!canvas) return undefined;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    return {
      width: canvas.width,
      height: canvas.height,
      sum: data.reduce((sum, value, i) => (sum * 31 + value * (i % 7)) % 1e9, 0),
    };
  });

describe("a plain litegraph page with the plugin", () => {
  it("draws our picture in a node of its own, from a picture and a number of its own", async () => {
    await expect.poll(picture, { timeout: 120_000 }).toMatchObject({ width: 192, height: 128 });
  });

  it("computes again when the page's number changes", async () => {
    const before = (await picture())!.sum;
    await page.fill("#blocks", "3");
    await expect.poll(async () => (await picture())?.sum, { timeout: 60_000 }).not.toBe(before);
  });

  it("computes again when the page's picture changes", async () => {
    const before = (await picture())!.sum;
    await page.click("#paint");
    await expect.poll(async () => (await picture())?.sum, { timeout: 60_000 }).not.toBe(before);
  });

  it("opens a graph that the editor saved", async () => {
    const text = await readFile("graphs/sft-gan.json", "utf8");
    const types = await page.evaluate((text) => {
      window.__page.load(window.__page.graph, JSON.parse(text));
      return window.__page.graph._nodes.map((node) => node.type);
    }, text);
    expect(types).toContain("sftgan/sft-resblocks");
    expect(types).toHaveLength(9);
  });

  it("threw nothing on the way", () => {
    expect(errors).toEqual([]);
  });
});
