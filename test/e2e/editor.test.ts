/** The editor as a user works with it: the page from the server, a real Chromium, mouse, keyboard and files. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPngText } from "../../src/codec/png-text";
import type { EditorHandle } from "../../src/editor/handle";
import { decode } from "../../src/headless/codec";
import { build, root } from "../built";
import { openStage, type Stage, tinyPng } from "./browser";
import { type At, button, drop, save } from "./page";

declare const window: { __editor?: EditorHandle } & Record<string, unknown>;

let stage: Stage;
let page: Page;
let errors: string[];
let folder: string;
let png: Buffer;

/** Node ids of graphs/sft-gan.json. */
const LOAD = 1;
const SEGMENT = 2;
const CONDITION = 3;
const BLOCKS = 4;
const UPSAMPLE = 5;

beforeAll(async () => {
  await build(); // the command line that is compared with
  stage = await openStage("webgl");
  ({ page, errors } = await stage.open());
  folder = await mkdtemp(join(tmpdir(), "sftgan-e2e-"));
  png = await tinyPng();
  await page.waitForFunction(() => window.__editor);
}, 240_000);

afterAll(async () => {
  await stage?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** A point inside a node, where it is given files. */
const pointOf = (id: number): Promise<At> =>
  page.evaluate((id) => {
    const { graph, pagePoint } = window.__editor!;
    const { pos, size } = graph.getNodeById(id)!;
    return pagePoint([pos[0] + size[0] / 2, pos[1] + size[1] - 12]);
  }, id);

/** Drags a wire from an output to an input with the mouse. */
async function wire(from: readonly [id: number, output: string], to: readonly [id: number, input: string]): Promise<void> {
  const [start, end] = await page.evaluate(
    ([[from, output], [to, input]]) => {
      const { graph, pagePoint } = window.__editor!;
      const [a, b] = [graph.getNodeById(from)!, graph.getNodeById(to)!];
      const at = (point: unknown) => pagePoint(Array.from(point as Float32Array) as never) as unknown as [number, number];
      return [at(a.getConnectionPos(false, a.findOutputSlot(output))), at(b.getConnectionPos(true, b.findInputSlot(input)))];
    },
    [from, to] as const,
  );
  await page.mouse.move(...start!);
  await page.mouse.down();
  await page.mouse.move((start![0] + end![0]) / 2, (start![1] + end![1]) / 2, { steps: 4 });
  await page.mouse.move(...end!, { steps: 4 });
  await page.mouse.up();
}

const fileOf = (id: number) => page.evaluate((id) => window.__editor!.graph.getNodeById(id)!.properties.file, id);

/** What the engine has said last of a node's result. */
const summaryOf = (id: number) =>
  page.evaluate((id) => {
    const told = window.__editor!.events.flatMap((event) =>
      "summary" in event && event.node === String(id) ? [event.summary] : [],
    );
    return told.at(-1);
  }, id);

/** Presses Run and waits until the engine is idle; gives the run's events. */
async function run() {
  const before = await page.evaluate(() => window.__editor!.events.length);
  await button(page, "Run").click();
  return finished(before);
}
async function finished(before: number) {
  await page.waitForFunction(
    (before) => {
      const events = window.__editor!.events.slice(before);
      const status = events.filter((event) => event.kind === "status");
      return status.some((event) => event.busy) && !status.at(-1)!.busy;
    },
    before,
    { timeout: 120_000 },
  );
  return page.evaluate((before) => window.__editor!.events.slice(before), before);
}
const started = (events: Awaited<ReturnType<typeof run>>) =>
  events.flatMap((event) => (event.kind === "started" ? [Number(event.node)] : []));
const failures = (events: Awaited<ReturnType<typeof run>>) => events.filter((event) => event.kind === "failed");

describe("the editor", () => {
  it("opens with a graph that asks for nothing", async () => {
    expect(await page.evaluate(() => window.__editor!.graph.getNodeById(1)!.type)).toBe("sftgan/load-lr");
    expect(await fileOf(LOAD)).toEqual({ name: "sample:scene.png" });
    await expect.poll(() => page.locator(".status-backend").textContent()).toMatch(/WebGL/);
  });

  it("takes a picture dropped on a node, and runs the six stages at a click", async () => {
    await drop(page, [[png, "tiny.png"]], await pointOf(LOAD));
    await expect.poll(() => fileOf(LOAD)).toMatchObject({ name: "tiny.png", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await expect.poll(() => summaryOf(LOAD)).toBe("12 × 10"); // seen before any run
    const events = await run();
    expect(failures(events)).toEqual([]);
    expect(started(events)).toEqual(expect.arrayContaining([SEGMENT, CONDITION, BLOCKS, UPSAMPLE]));
    expect(events).toContainEqual(expect.objectContaining({ kind: "finished", node: String(UPSAMPLE), summary: "48 × 40" }));
  });

  it("lists several dropped photos, or gives each a node of its own, says what it cannot take, and takes all back in one step", async () => {
    const nodes = () => page.evaluate(() => window.__editor!.document.stored().nodes);
    const before = await nodes();
    const panel = page.getByRole("region", { name: "Several photos" });
    const heic = [await readFile(join(root, "test/cases/pictures/x.heic")), "x.heic", ""] as const;
    await drop(page, [[png, "one.png"], heic, [await tinyPng(7, 9), "two.png"]], await pointOf(LOAD));
    await expect.poll(() => panel.locator(".photo-name").allTextContents()).toEqual(["one.png", "x.heic", "two.png"]);
    expect(await nodes()).toEqual(before);
    await button(page, "Clear").click();
    await button(page, "Hide the photos; a batch goes on").click();
    await button(page, "Add them as nodes instead").click();
    await expect.poll(async () => (await nodes()).length).toBe(before.length + 1);
    expect(await fileOf(LOAD)).toMatchObject({ name: "one.png" });
    expect((await nodes()).at(-1)).toMatchObject({ type: "sftgan/load-lr", properties: { file: { name: "two.png" } } });
    await expect
      .poll(() => page.locator(".toast.error p").allTextContents())
      .toEqual([expect.stringContaining("“x.heic” is a HEIC picture")]);
    await page.evaluate(() => window.__editor!.document.undo());
    expect(await nodes()).toEqual(before);
    await page.locator(".toast.error").getByTitle("Close").click();
  });

  it("computes in a worker: the page holds no tfjs backend", async () => {
    expect(page.workers().length).toBeGreaterThan(0);
    // As text, so that the page and not the test's bundler imports the module the page has loaded already.
    const backends = await page.evaluate(`(async () => {
      const url = performance.getEntriesByType("resource").map((entry) => entry.name).find((name) => /tfjs-core/.test(name));
      if (url === undefined) return [];
      const { engine } = await import(url);
      return Object.keys(engine().registryFactory);
    })()`);
    expect(backends).toEqual([]);
  });

  it("shows the selected node's picture in the large view", async () => {
    await page.getByTitle("Show or hide the large view").click();
    await page.evaluate((id) => {
      const { canvas, graph } = window.__editor!;
      canvas.selectNode(graph.getNodeById(id)!);
    }, UPSAMPLE);
    await expect
      .poll(() => page.getByRole("region", { name: "Large view" }).or(page.locator(".viewer")).first().textContent())
      .toMatch(/48 × 40/);
  });

  it("runs again only what a swapped prior changes", async () => {
    await page.getByRole("searchbox").or(page.getByPlaceholder("Find a node")).first().fill("constant");
    await page.getByText("Constant Prior", { exact: true }).first().dblclick();
    await page.waitForFunction(() =>
      window.__editor!.graph.serialize().nodes.some((node) => node.type === "sftgan/constant-prior"),
    );
    const added = await page.evaluate(
      () => window.__editor!.graph.serialize().nodes.find((node) => node.type === "sftgan/constant-prior")!.id,
    );
    await wire([LOAD, "image"], [added, "picture"]);
    await wire([added, "prior"], [CONDITION, "prior"]);
    const events = await run();
    expect(failures(events)).toEqual([]);
    expect(started(events)).not.toContain(LOAD);
    expect(started(events)).not.toContain(SEGMENT);
    expect(started(events)).toEqual(expect.arrayContaining([CONDITION, BLOCKS, UPSAMPLE]));
  });

  it("takes wires and nodes back with Ctrl+Z, and finds the earlier result in the cache", async () => {
    const feeding = () =>
      page.evaluate((id) => {
        const { graph } = window.__editor!;
        return graph.getNodeById(id)!.getInputNode(0)?.type;
      }, CONDITION);
    expect(await feeding()).toBe("sftgan/constant-prior");
    await page.locator("canvas.graph-canvas").focus();
    for (let i = 0; i < 5 && (await feeding()) !== "sftgan/segment"; i++) await page.keyboard.press("Control+z");
    expect(await feeding()).toBe("sftgan/segment");
    const events = await run();
    expect(started(events)).toEqual([]);
  });

  it("stops at Escape and is ready for the next run", async () => {
    await drop(page, [[await tinyPng(96, 72, 9), "larger.png"]], await pointOf(LOAD));
    await expect.poll(() => fileOf(LOAD)).toMatchObject({ name: "larger.png" });
    const before = await page.evaluate(() => window.__editor!.events.length);
    await button(page, "Run").click();
    await page.waitForFunction(
      (before) => window.__editor!.events.slice(before).some((event) => event.kind === "started"),
      before,
    );
    await page.keyboard.press("Escape");
    const events = await finished(before);
    expect(events.some((event) => event.kind === "finished" && event.node === String(UPSAMPLE))).toBe(false);
    await drop(page, [[png, "tiny.png"]], await pointOf(LOAD));
    await expect.poll(() => fileOf(LOAD)).toMatchObject({ name: "tiny.png" });
    expect(failures(await run())).toEqual([]);
  });

  it("says what is wrong on the node, keeps the graph, and goes on", async () => {
    await page.evaluate((id) => {
      const { document, graph } = window.__editor!;
      document.edit("an edit", () => graph.getNodeById(id)!.setProperty("file", { name: "gone.png", sha256: "0".repeat(64) }));
    }, LOAD);
    const wrong = failures(await run());
    expect(new Set(wrong.map(({ node }) => node)).size).toBe(1);
    expect(wrong[0]).toMatchObject({ node: String(LOAD), message: expect.stringMatching(/gone\.png/) });
    await page.evaluate((id) => window.__editor!.canvas.selectNodes([window.__editor!.graph.getNodeById(id)!]), LOAD);
    await expect.poll(() => page.locator(".viewer-empty").textContent()).toMatch(/gone\.png/);
    await drop(page, [[png, "tiny.png"]], await pointOf(LOAD));
    await expect.poll(() => fileOf(LOAD)).toMatchObject({ name: "tiny.png" });
    expect(failures(await run())).toEqual([]);
  });

  it("says so of a file that is nothing it reads, and keeps the graph", async () => {
    await drop(page, [[Buffer.from("this is no picture"), "notes.png"]], await pointOf(LOAD));
    await expect.poll(() => page.locator(".toasts").textContent()).toMatch(/“notes\.png” is not a picture/);
    expect(await fileOf(LOAD)).toMatchObject({ name: "tiny.png" });
  });

  it("leaves the graph alone when an unreadable one is opened", async () => {
    const nodes = () => page.evaluate(() => window.__editor!.graph.serialize().nodes.length);
    const before = await nodes();
    const bad = Buffer.from('{"nodes": [{"id": 1, "type": "x", "onExecute": "alert(1)"}], "links": [[1]]}');
    await drop(page, [[bad, "bad.json", "application/json"]], [700, 400]);
    await expect.poll(() => page.locator(".toasts").textContent()).toMatch(/link/);
    expect(await nodes()).toBe(before);
  });

  it("saves a picture that carries its graph, which the command line turns into the same picture", async () => {
    const saved = await save(page);
    const text = readPngText(saved);
    expect(JSON.parse(text.sftgan!)).toMatchObject({ extra: { sftgan: { version: 1 } } });
    expect(JSON.parse(text["sftgan-weights"]!)).toHaveProperty(
      "weights:sftgan.safetensors",
      expect.stringMatching(/^[0-9a-f]{64}$/),
    );

    await writeFile(join(folder, "graph.json"), text.sftgan!);
    await writeFile(join(folder, "tiny.png"), png);
    await promisify(execFile)(process.execPath, [
      "dist/headless/cli.js",
      "run",
      join(folder, "graph.json"),
      "--set",
      `Load LR.file=${join(folder, "tiny.png")}`,
      "--out",
      join(folder, "cli.png"),
    ]);
    const [mine, theirs] = [await decode(saved, "saved"), await decode(await readFile(join(folder, "cli.png")), "cli")];
    expect([mine.width, mine.height]).toEqual([48, 40]);
    expect([theirs.width, theirs.height]).toEqual([48, 40]);
    // 1e-3 apart before rounding is at most one level of 255 apart after it.
    const worst = Math.max(...Array.from(mine.rgb, (level, i) => Math.abs(level - theirs.rgb[i]!)));
    expect(worst).toBeLessThanOrEqual(1);
  });

  it("gives the graph back when the saved picture is dropped on it", async () => {
    const saved = await save(page);
    await page.evaluate((id) => window.__editor!.graph.remove(window.__editor!.graph.getNodeById(id)!), BLOCKS);
    expect(await page.evaluate((id) => Boolean(window.__editor!.graph.getNodeById(id)), BLOCKS)).toBe(false);
    const empty = await page.evaluate(() => {
      const box = document.querySelector("canvas.graph-canvas")!.getBoundingClientRect();
      return [box.right - 12, box.top + 12] as const;
    });
    await drop(page, [[saved, "saved.png"]], empty);
    await expect
      .poll(() => page.evaluate((id) => window.__editor!.graph.getNodeById(id)?.type ?? "none", BLOCKS))
      .toBe("sftgan/sft-resblocks");
    const events = await run();
    expect(failures(events)).toEqual([]);
  });

  it("keeps graph and files for the next visit", async () => {
    await page.waitForFunction(async () => {
      const answer = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const storage = await answer(indexedDB.open("sftgan-editor"));
      const kept = await answer<{ text: string }[]>(storage.transaction("graphs").objectStore("graphs").getAll());
      storage.close();
      return kept.some(({ text }) => text === window.__editor!.document.history.present);
    });
    await page.reload();
    await page.waitForFunction(() => window.__editor);
    expect(await fileOf(LOAD)).toMatchObject({ name: "tiny.png" });
    const events = await run();
    expect(failures(events)).toEqual([]);
    expect(events).toContainEqual(expect.objectContaining({ kind: "finished", node: String(UPSAMPLE), summary: "48 × 40" }));
  });

  it("threw nothing and broke no content policy on the way", () => {
    expect(errors).toEqual([]);
  });
});
