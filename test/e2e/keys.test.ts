/** The editor by keys alone: commands, the palette, keys of one's own, layouts that are not Latin. */
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { openStage, type Stage } from "./browser";
import { undoLabelOf } from "./page";

declare const window: { __editor?: EditorHandle };

let stage: Stage;
let page: Page;
let errors: string[];

beforeAll(async () => {
  stage = await openStage();
  ({ page, errors } = await stage.open());
  await page.waitForFunction(() => window.__editor);
}, 240_000);
afterAll(() => stage?.close());

const types = () => page.evaluate(() => window.__editor!.graph.serialize().nodes.map(({ type }) => type));
const selected = () => page.evaluate(() => Object.keys(window.__editor!.canvas.selected_nodes).length);
const focused = () => page.evaluate(() => document.activeElement?.className ?? "");

/** A key of a Russian keyboard: Playwright knows US ones only. */
const pressCyrillic = (key: string, code: string) =>
  page.evaluate(
    ([key, code]) =>
      document.activeElement!.dispatchEvent(
        new KeyboardEvent("keydown", { key: key!, code: code!, ctrlKey: true, bubbles: true, cancelable: true }),
      ),
    [key, code],
  );

describe("the editor by keys", () => {
  it("adds a node that the palette finds by its name, and gives the graph the focus again", async () => {
    const before = (await types()).length;
    await page.keyboard.press("Control+k");
    expect(await page.locator(".search-box input").evaluate((input) => input === document.activeElement)).toBe(true);
    await page.keyboard.type("crop");
    expect(await page.locator(".search-box [role=option]").first().innerText()).toMatch(/^Crop\n/);
    await page.keyboard.press("Enter");
    expect(await page.locator(".search-box").count()).toBe(0);
    expect((await types()).slice(before)).toEqual(["sftgan/crop"]);
    expect(await focused()).toContain("graph-canvas");
  });

  it("runs commands that the palette finds, and says their keys", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("select all");
    expect(await page.locator(".search-box [role=option]").first().innerText()).toContain("Ctrl+A");
    await page.keyboard.press("Enter");
    expect(await selected()).toBe((await types()).length);
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Escape");
    expect(await page.locator(".search-box").count()).toBe(0);
  });

  it("knows Ctrl+Z by the place of its key", async () => {
    const undoes = await undoLabelOf(page);
    expect(undoes).toMatch(/Crop$/);
    await pressCyrillic("я", "KeyZ");
    expect(await undoLabelOf(page)).not.toBe(undoes);
  });

  it("changes the keys of a command, says whose they were, and keeps them", async () => {
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys and gestures" });
    await help.getByRole("button", { name: "Show all: F. Change" }).click();
    await page.keyboard.press("Alt+g");
    expect(await help.getByRole("status").textContent()).toMatch(/without Alt/);
    await page.keyboard.press("Control+a");
    expect(await help.getByRole("status").textContent()).toMatch(/Ctrl\+A is “Select all”/);
    await page.keyboard.press("Control+a");
    await expect.poll(() => help.getByRole("button", { name: "Show all: Ctrl+A. Change" }).count()).toBe(1);
    expect(await help.getByRole("button", { name: "Select all: no keys. Change" }).count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await help.count()).toBe(0);
    const kept = await page.evaluate(() => JSON.parse(localStorage.getItem("sftgan:settings")!).keys);
    expect(kept).toEqual({ "graph.showAll": ["Ctrl+A"], "edit.selectAll": [] });
    await page.keyboard.press("?");
    await help.getByRole("button", { name: "Reset all" }).click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+a");
    expect(await selected()).toBe((await types()).length);
  });

  it("threw nothing and broke no content policy on the way", () => {
    expect(errors).toEqual([]);
  });
});
