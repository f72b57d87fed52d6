import { describe, expect, it } from "vitest";
import type { View } from "../../../src/browser/protocol";
import { PreviewTiles } from "../../../src/editor/viewer/preview-tiles";
import type { Scene } from "../../../src/editor/viewer/tool";

describe("Parts that have come", () => {
  const region = { left: 40, top: 20, width: 128, height: 128 };
  let open = 0;
  const view = (key: string): View => {
    open++;
    const bitmap = { width: 128, height: 128, close: () => void open-- } as ImageBitmap;
    return { bitmap, size: { width: 384, height: 288 }, key };
  };
  const scene = (key: string, whole = { width: 384, height: 288 }): Scene => ({
    at: { scale: 2, x: 10, y: 30 },
    whole,
    layer: undefined,
    key,
    over: () => {},
    overKey: undefined,
  });
  /** Where pictures were drawn. */
  function drawn(draw: (context: CanvasRenderingContext2D) => void): number[][] {
    const calls: number[][] = [];
    const nothing = () => {};
    const context = {
      canvas: { width: 800, height: 600 },
      drawImage: (_: unknown, ...place: number[]) => calls.push(place),
      ...Object.fromEntries(["save", "restore", "stroke", "setLineDash"].map((name) => [name, nothing])),
    } as unknown as CanvasRenderingContext2D;
    const { Path2D, devicePixelRatio } = globalThis;
    const path = class {
      rect = nothing;
    };
    Object.assign(globalThis, { Path2D: Path2D ?? path, devicePixelRatio: devicePixelRatio ?? 1 });
    try {
      draw(context);
    } finally {
      Object.assign(globalThis, { Path2D, devicePixelRatio });
    }
    return calls;
  }

  it("are drawn where they belong until the result itself is shown", () => {
    const preview = new PreviewTiles();
    preview.add(region, view("new"), "old");
    const over = (key: string) => drawn((context) => preview.drawOver(context, scene(key)));
    expect(over("old")).toEqual([[10 + 80, 30 + 40, 256, 256]]);
    preview.computed();
    expect(over("old"), "computed, but not yet shown").toHaveLength(1);
    expect(over("new")).toEqual([]);
    expect(open).toBe(0);
  });

  it("are drawn beside the pen over the photo, at its zoom, and always in sight", () => {
    const preview = new PreviewTiles();
    preview.add(region, view("new"), undefined);
    const photo = scene("photo", { width: 96, height: 72 });
    const inset = (x: number, y: number) => drawn((context) => preview.drawInset(context, photo, { x, y }))[0]!;
    const [x, y, width, height] = inset(0.1, 0.1);
    expect([width, height]).toEqual([64, 64]); // 32 pixels of the photo, two to each of the screen's
    expect([x! > 10 + 0.1 * 192, y! > 30 + 0.1 * 144]).toEqual([true, true]);
    const [right] = inset(4, 0.1);
    expect(right! + 64).toBeLessThanOrEqual(800);
    expect(drawn((context) => preview.drawInset(context, photo, undefined))).toEqual([]);
    preview.computed();
    expect(drawn((context) => preview.drawInset(context, photo, { x: 0.1, y: 0.1 }))).toEqual([]);
    expect(open).toBe(0);
  });

  it("go when the run they belong to is stopped, and stay for what has been computed until it is shown", () => {
    const preview = new PreviewTiles();
    preview.add(region, view("new"), "old");
    preview.computed();
    preview.stopped();
    expect(open).toBe(1);
    preview.add(region, view("newer"), "old");
    preview.stopped();
    expect(open).toBe(0);
  });

  it("are closed when there are many, and when they are dropped", () => {
    const preview = new PreviewTiles();
    for (let i = 0; i < 100; i++) preview.add(region, view(String(i)), "old");
    expect(open).toBe(32);
    preview.clear();
    expect(open).toBe(0);
  });
});
