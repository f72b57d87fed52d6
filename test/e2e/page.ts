/** What end-to-end tests do with the editor's page: open a graph, press a button, wait, save, compare two saved pictures. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright";
import { expect } from "vitest";
import type { EditorHandle } from "../../src/editor/handle";
import { decode } from "../../src/headless/codec";

declare const window: { __editor?: EditorHandle };

/** Puts a graph in the place of the one on the page, as one step of undo. */
export const open = (page: Page, json: unknown) =>
  page.evaluate((json) => window.__editor!.document.replace(json, "open", { fit: true }), json);

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** What undo would take back. */
export const undoLabelOf = (page: Page) => page.evaluate(() => window.__editor!.document.history.undoLabel);

/** The graph's wires, "1>2" from node 1 to node 2, sorted. */
export const wiresOf = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    window
      .__editor!.document.stored()
      .links.map(([, from, , to]) => `${from}>${to}`)
      .sort(),
  );

/** A point of the page. */
export type At = readonly [x: number, y: number];

/** The middle of a node's title. */
export const titleOf = (page: Page, id: number): Promise<At> =>
  page.evaluate((id) => {
    const { graph, pagePoint } = window.__editor!;
    const { pos, size } = graph.getNodeById(id)!;
    return pagePoint([pos[0] + size[0] / 2, pos[1] - 12]);
  }, id);

export const slotOf = (page: Page, id: number, side: "input" | "output", number: number): Promise<At> =>
  page.evaluate(
    ([id, side, number]) => {
      const { graph, pagePoint } = window.__editor!;
      const [x, y] = graph.getNodeById(id)!.getConnectionPos(side === "input", number) as unknown as [number, number];
      return pagePoint([x, y]);
    },
    [id, side, number] as const,
  );

/** Selects these nodes and no others; keys go to the graph. */
export const select = (page: Page, ...ids: readonly number[]): Promise<void> =>
  page.evaluate((ids) => {
    const { canvas, graph } = window.__editor!;
    canvas.deselectAllNodes();
    canvas.selectNodes(ids.map((id) => graph.getNodeById(id)!));
    canvas.canvas.focus();
  }, ids);

/** The ids of the nodes that are selected. */
export const selectedOf = (page: Page): Promise<number[]> =>
  page.evaluate(() => Object.keys(window.__editor!.canvas.selected_nodes).map(Number));

/** Brings nodes into view, as large as they fit. */
export async function look(page: Page, ...ids: readonly number[]): Promise<void> {
  await page.evaluate((ids) => {
    const { canvas, graph } = window.__editor!;
    canvas.fitNodes(ids.map((id) => graph.getNodeById(id)!));
  }, ids);
  await frame(page);
  await frame(page);
}

export type Dropped = readonly [bytes: Uint8Array, name: string, type?: string];

/** Drops files on what lies at a point of the page, as from a file manager; without one on the corner of the graph, beside its nodes. */
export const drop = (page: Page, files: readonly Dropped[], at?: At): Promise<void> =>
  page.evaluate(
    ({ files, at }) => {
      const dataTransfer = new DataTransfer();
      for (const { base64, name, type } of files)
        dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name, { type }));
      const surface = document.querySelector("canvas.graph-canvas")!;
      const { left, top } = surface.getBoundingClientRect();
      const [clientX, clientY] = at ?? [left + 4, top + 4];
      const target = at ? document.elementFromPoint(clientX, clientY)! : surface;
      for (const kind of ["dragenter", "dragover", "drop"])
        target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, clientX, clientY, dataTransfer }));
    },
    {
      files: files.map(([bytes, name, type = "image/png"]) => ({ base64: Buffer.from(bytes).toString("base64"), name, type })),
      at,
    },
  );

/** A point of the wire into an input, so far along it from 0 to 1, where no node lies over it. */
export const onWire = (page: Page, id: number, input: number, share: number): Promise<At> =>
  page.evaluate(
    ([id, input, share]) => {
      const { canvas, graph, pagePoint } = window.__editor!;
      const target = graph.getNodeById(id)!;
      const link = graph.links[target.inputs[input]!.link!]!;
      const [ax, ay] = graph.getNodeById(link.origin_id)!.getConnectionPos(false, link.origin_slot) as unknown as At;
      const [bx, by] = target.getConnectionPos(true, input) as unknown as At;
      let best: At | undefined;
      let away = Number.POSITIVE_INFINITY;
      for (let x = Math.min(ax, bx); x <= Math.max(ax, bx); x += 3)
        for (let y = Math.min(ay, by) - 200; y <= Math.max(ay, by) + 200; y += 3) {
          const spot = graph.getNodeOnPos(x, y) ? undefined : canvas.wires.at([x, y], 2);
          if (spot?.wire.link.id !== link.id || Math.abs(spot.along - share) >= away) continue;
          away = Math.abs(spot.along - share);
          best = [spot.at[0], spot.at[1]];
        }
      if (!best) throw new Error("no place on the wire is free");
      return pagePoint([best[0], best[1]]);
    },
    [id, input, share] as const,
  );

/** Waits for the page's next frame. */
export const frame = (page: Page): Promise<unknown> => page.evaluate(() => new Promise(requestAnimationFrame));

/** Waits until nothing computes and nothing is about to: not in the next frames either, in which the page may ask for it. */
export const idle = (page: Page): Promise<void> =>
  page.evaluate(async (patience) => {
    const editor = window.__editor!;
    const end = performance.now() + patience;
    for (let quiet = 0; quiet < 3; ) {
      await new Promise(requestAnimationFrame);
      quiet = editor.busy || !editor.runner.idle ? 0 : quiet + 1;
      if (performance.now() > end) throw new Error(`the page still computes after ${patience / 1000} s`);
    }
  }, 100_000);

export async function run(page: Page): Promise<void> {
  await button(page, "Run").click();
  await idle(page);
}

/** The file that Save picture gives. */
export async function save(page: Page): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await button(page, "Save picture").click();
  const bytes = await readFile((await (await download).path())!);
  await idle(page);
  return bytes;
}

/** The largest difference of two lists. */
export const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

/** Largest difference of two picture files in levels of 255; fails where they differ in size. */
export async function distance(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, other] = [await decode(a, "one"), await decode(b, "other")];
  expect([one.width, one.height]).toEqual([other.width, other.height]);
  return farthest(one.rgb, other.rgb);
}
