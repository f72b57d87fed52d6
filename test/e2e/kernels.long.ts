/** Whatever kernels the status bar's menu forces, a run with the weights that ship gives the picture that tfjs's own give. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SOFTWARE_WEBGPU } from "../../scripts/chromium.mjs";
import type { EditorHandle } from "../../src/editor/handle";
import { openStage, type Stage, tinyPng } from "./browser";
import { distance, open, run, save } from "./page";

declare const window: { __editor?: EditorHandle };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage("webgl", SOFTWARE_WEBGPU);
});
afterAll(() => stage.close());

/** Software is slow, and slower to compile. */
const PATIENCE = 10 * 60_000;
/** Node ids of graphs/sft-gan.json. */
const [LOAD, SEGMENT] = [1, 2];

it("gives one picture, whatever runs the networks", { timeout: PATIENCE }, async () => {
  const graph = JSON.parse(await readFile("graphs/sft-gan.json", "utf8"));
  const node = (id: number) => graph.nodes.find((node: { id: number }) => node.id === id)!;
  node(LOAD).properties.file = { name: "tiny.png", data: (await tinyPng(28, 20)).toString("base64") };
  node(SEGMENT).properties.limit = 64;
  const { page, errors } = await stage.open();
  page.setDefaultTimeout(PATIENCE);
  const backend = page.locator(".status-backend");
  const pictures: Buffer[] = [];
  for (const [label, status] of [
    ["tfjs", "webgl stock"],
    ["2×2×8", "webgl 2×2×8"],
    ["WebGPU 4×8", "webgpu WebGPU 4×8"],
  ] as const) {
    await page.waitForFunction(() => window.__editor);
    await backend.click();
    await page.getByRole("menuitemcheckbox", { name: label }).first().click();
    await page.reload();
    await page.waitForFunction(() => window.__editor);
    await open(page, graph);
    await run(page);
    expect(await backend.evaluate(({ dataset }) => `${dataset.backend} ${dataset.kernels}`)).toBe(status);
    pictures.push(await save(page));
  }
  for (const picture of pictures.slice(1)) expect(await distance(picture, pictures[0]!)).toBeLessThanOrEqual(1);
  expect(errors).toEqual([]);
});
