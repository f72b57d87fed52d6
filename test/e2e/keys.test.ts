/** The editor by keys alone: commands, the palette, keys of one's own, layouts that are not Latin. */
import { join } from "node:path";
import type { Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { root } from "../built";
import { accessProblems } from "./access";
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
});

const title = (id: number) => page.evaluate((id) => window.__editor!.graph.getNodeById(id)!.getTitle(), id);
const selectedIds = () => page.evaluate(() => Object.keys(window.__editor!.canvas.selected_nodes).map(Number));
const said = () => page.locator("[role=status][aria-label=Graph]").textContent();
const option = (name: RegExp) => page.locator(".search-box [role=option]").filter({ hasText: name }).first();

describe("A dialog", () => {
  it("keeps Ctrl+X and Ctrl+V from the graph behind it", async () => {
    await page.evaluate(() => {
      const { canvas, graph } = window.__editor!;
      canvas.selectNodes([graph.getNodeById(1)!]);
      canvas.canvas.focus();
    });
    await page.keyboard.press("Control+c");
    const before = await types();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys and gestures" }).waitFor();
    await page.keyboard.press("Control+x");
    await page.keyboard.press("Control+v");
    expect(await types()).toEqual(before);
    await page.keyboard.press("Escape");
  });
});

describe("A question", () => {
  it("is answered before the next key, however busy the page is", async () => {
    await page.evaluate(() => window.__editor!.canvas.selectNodes([window.__editor!.graph.getNodeById(1)!]));
    await page.locator(".graph-canvas").focus();
    await page.keyboard.press("F2");
    await page.getByRole("textbox", { name: "Name of this node" }).fill("Answered");
    const undoable = await page.evaluate(async () => {
      document.querySelector<HTMLButtonElement>(".ask .primary")!.click();
      await Promise.resolve(); // what a key is handled after, and no event in a queue
      return [document.querySelectorAll("dialog").length, window.__editor!.document.history.undoLabel];
    });
    expect(undoable).toEqual([0, "rename Load LR"]);
    await page.keyboard.press("Control+z");
    expect(await title(1)).toBe("Load LR");
  });
});

describe("the graph by keys", () => {
  it("goes from node to node, and says what each is, how it stands and what it is joined to", async () => {
    await page.evaluate(() => window.__editor!.document.replace(window.__editor!.document.stored(), "open", { fit: true }));
    await page.locator(".graph-canvas").focus();
    // All that is said, for the end of the photo's decoding may be said right after.
    const heard = await page.locator("[role=status][aria-label=Graph]").evaluateHandle((region) => {
      const texts: (string | null)[] = [];
      new MutationObserver(() => texts.push(region.textContent)).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      return texts;
    });
    await page.keyboard.press(".");
    const [first] = await selectedIds();
    expect(await title(first!)).toBe("Load LR");
    await expect.poll(async () => (await heard.jsonValue()).join("\n")).toMatch(/^Load LR: .+\. output image to Segment/m);
    await page.keyboard.press("Control+ArrowRight");
    const [second] = await selectedIds();
    expect(second).not.toBe(first);
    await page.keyboard.press("Control+ArrowLeft");
    expect(await selectedIds()).toEqual([first]);
    await page.keyboard.press(",");
    const last = await selectedIds();
    await page.keyboard.press(".");
    expect(await selectedIds()).toEqual([first]);
    expect(last).not.toEqual([first]);
  });
  it("opens the parameters at Enter, and Esc comes back", async () => {
    await page.keyboard.press(".");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.closest(".param") != null)).toBe(true);
    await page.keyboard.press("Escape");
    expect(await focused()).toContain("graph-canvas");
    await page.keyboard.press("Shift+F10");
    expect(await page.getByRole("menu").getAttribute("aria-label")).toMatch(/^Node /);
    await page.keyboard.press("Escape");
  });
  it("cuts a wire and makes it again: a slot is chosen, then one that fits", async () => {
    const segment = await page.evaluate(
      () => window.__editor!.graph.serialize().nodes.find(({ type }) => type === "sftgan/segment")!.id,
    );
    const fed = () => page.evaluate((id) => window.__editor!.graph.getNodeById(id)!.getInputNode(0)?.getTitle() ?? "", segment);
    await page.evaluate((id) => window.__editor!.canvas.selectNodes([window.__editor!.graph.getNodeById(id)!]), segment);
    await page.keyboard.press("w");
    await option(/input image/).waitFor();
    await page.keyboard.type("input image");
    await page.keyboard.press("Enter");
    await page.keyboard.type("cut");
    await page.keyboard.press("Enter");
    expect(await fed()).toBe("");
    expect(await undoLabelOf(page)).toBe("disconnect Load LR → Segment");
    await expect.poll(said).toBe("Disconnected: Load LR → Segment");
    await page.keyboard.press("w");
    await page.keyboard.type("input image");
    await page.keyboard.press("Enter");
    await page.keyboard.type("load lr");
    await page.keyboard.press("Enter");
    expect(await fed()).toBe("Load LR");
    expect(await undoLabelOf(page)).toBe("connect Load LR → Segment");
    expect(await focused()).toContain("graph-canvas");
    // What does not fit is offered with what goes between.
    await page.keyboard.press("w");
    await page.keyboard.type("output prior");
    await page.keyboard.press("Enter");
    await page.keyboard.type("upsample: condition");
    expect(await option(/Upsample: condition/).innerText()).toContain("A prior is no condition: add Condition Net");
    await page.keyboard.press("Enter");
    expect(await undoLabelOf(page)).toMatch(/^add Condition Net/);
    await page.keyboard.press("Control+z");
  });
});

describe("axe-core", () => {
  const LIGHT_RULES = ["color-contrast"];
  it("finds nothing on the page in its main states, dark and light", async () => {
    const found: Record<string, string[]> = {};
    const check = async (state: string) => {
      const problems = await accessProblems(page);
      await page.evaluate(() => document.documentElement.setAttribute("data-theme", "light"));
      problems.push(...(await accessProblems(page, LIGHT_RULES)).map((one) => `light ${one}`));
      await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
      if (problems.length) found[state] = problems;
    };
    const graph = page.locator(".graph-canvas");
    /** What is over the graph, by keys that it takes. */
    const opened = async (keys: string, what: Locator) => {
      await graph.focus();
      await page.keyboard.press(keys);
      await what.waitFor();
    };
    const leave = async () => {
      await page.keyboard.press("Escape");
      await expect.poll(() => page.locator("dialog, .menu, .search-box").count()).toBe(0);
    };
    /** Has the palette do the first that it finds. */
    const command = async (words: string, found: RegExp) => {
      await opened("Control+k", page.getByRole("combobox", { name: "Do what?" }));
      await page.keyboard.type(words);
      await page.locator(".search-box .chosen", { hasText: found }).waitFor();
      await page.keyboard.press("Enter");
    };
    await check("graph");
    await graph.focus();
    await page.keyboard.press("."); // a node
    await opened("Shift+F10", page.getByRole("menu"));
    await check("menu");
    await leave();
    await opened("Control+k", page.getByRole("combobox", { name: "Do what?" }));
    await check("palette");
    await leave();
    await opened("?", page.getByRole("dialog", { name: "Keys and gestures" }));
    await check("list of keys");
    await leave();
    await opened("F2", page.getByRole("textbox", { name: "Name of this node" }));
    await check("question");
    await leave();
    await opened("g", page.locator(".cards-dialog .graph-card").first());
    await check("ready graphs");
    await leave();
    await graph.focus();
    await page.keyboard.press("Control+a");
    await command("save as a snippet", /^\s*Save as a snippet/);
    await page.getByRole("textbox", { name: "Name of the snippet" }).fill("Mine");
    await page.keyboard.press("Enter");
    await opened("i", page.locator(".snippet"));
    await check("snippets");
    await leave();
    await page.getByRole("button", { name: "Times" }).click();
    await page.keyboard.press("k");
    await page.locator(".take").waitFor();
    await check("takes and times");
    await page.keyboard.press("t");
    await command("depth to prior", /^\s*Depth to Prior/);
    for (const type of ["depth-to-prior", "load-lr", "save"]) {
      await page.evaluate((type) => {
        const { graph, canvas, document } = window.__editor!;
        const { id } = document.stored().nodes.find((node) => node.type === `sftgan/${type}`)!;
        canvas.selectNodes([graph.getNodeById(id)!]);
      }, type);
      await page.locator(".param").first().waitFor();
      await check(`parameters of ${type}`);
    }
    for (const name of ["paint prior", "contact sheet"]) {
      await command(name, new RegExp(`^\\s*${name}`, "i"));
      const [id] = await selectedIds();
      await page.evaluate(([id, isPainted]) => window.__editor![isPainted ? "paint" : "sheet"](id as number), [
        id!,
        name === "paint prior",
      ] as const);
      await check(name);
      await page.keyboard.press("Escape");
    }
    await page.evaluate(() => window.__editor!.photos());
    const chooser = page.waitForEvent("filechooser");
    await page.locator(".batch button", { hasText: "Photos…" }).click();
    await (await chooser).setFiles(["base.jpg", "x.heic"].map((name) => join(root, "test/cases/pictures", name)));
    await page.locator(".photo-name").nth(1).waitFor();
    await check("several photos");
    expect(found).toEqual({});
  }, 120_000);
});

it("Nothing was thrown and no content policy broken on the way", () => {
  expect(errors).toEqual([]);
});
